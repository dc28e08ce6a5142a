"""The forms, views, hooks, addresses, templates and scripts of Wagtail's admin."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.urls import reverse
from wagtail import blocks, hooks
from wagtail.admin import compare
from wagtail.admin.api.actions.delete import DeletePageAPIAction
from wagtail.admin.api.actions.unpublish import UnpublishPageAPIAction
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.models import FormState
from wagtail.admin.panels import InlinePanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic.history import ActionColumn
from wagtail.admin.views.pages import create
from wagtail.admin.views.pages import edit as pages_edit
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.admin.views.pages.bulk_actions.unpublish import UnpublishBulkAction
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateTimeInput, BaseChooser
from wagtail.blocks.struct_block import StructBlockAdapter
from wagtail.models import AbstractGroupApprovalTask, Page
from wagtail.models.pages import PagePermissionTester
from wagtail.snippets.action_menu import UnpublishMenuItem
from wagtail.snippets.views.chooser import SnippetChooserViewSet, SnippetCreateView
from wagtail.users.apps import WagtailUsersAppConfig
from wagtail.users.models import UserProfile
from wagtail.users.views import users

from pages.models import CharterPage, LeadershipPage, Person
from tests import factories
from tests.internals.upstream import (
    admin_folder,
    admin_script,
    admin_template,
    blocks_of,
    canary,
    parameters,
    source,
    upstream,
)

# Forms


@canary(
    "Wagtail's forms, their rows or their fields no longer say `is_deferred_validation` while a"
    " draft is saved",
    where="pages/lifecycle/forms.py, pages/lifecycle/rows.py and pages/models/form.py",
    look_at="what asks for `is_deferred_validation`",
)
def test_forms_and_rows_say_that_only_a_draft_is_saved(db):
    form = LeadershipPage.get_edit_handler().get_form_class()(instance=LeadershipPage())
    rows = [*form.formsets["leaders"].forms]
    assert form.is_deferred_validation is False

    form.defer_required_fields()

    assert rows
    assert all(each.is_deferred_validation is True for each in (form, *rows))
    assert form.fields["title"].is_deferred_validation is True


@canary(
    "Wagtail's blocks no longer say `is_deferred_validation` while a draft is saved",
    where="pages/blocks.py and pages/models/survey.py",
    look_at="`clean` of the blocks",
)
def test_blocks_say_that_only_a_draft_is_saved():
    block = blocks.StructBlock([("words", blocks.CharBlock())])
    assert not block.is_deferred_validation

    block.defer_required_validation()

    assert block.is_deferred_validation is True
    assert block.child_blocks["words"].is_deferred_validation is True


@canary(
    "Errors of blocks no longer hold `block_errors` and `non_block_errors` by name or position",
    where="pages/blocks.py",
    look_at="`messages_in_blocks`",
)
def test_errors_of_blocks_hold_those_of_what_is_inside():
    wrong = forms.ValidationError("Wrong.")
    struct = upstream("wagtail.blocks.struct_block.StructBlockValidationError")
    stream = upstream("wagtail.blocks.stream_block.StreamBlockValidationError")
    listed = upstream("wagtail.blocks.list_block.ListBlockValidationError")

    found = [struct({"name": wrong}), stream({1: wrong}), listed({1: wrong})]

    assert [list(error.block_errors) for error in found] == [["name"], [1], [1]]
    for error in found:
        assert list(error.non_block_errors) == []
        assert next(iter(error.block_errors.values())).messages == ["Wrong."]


@canary(
    "`InlinePanel` no longer describes its formset under `formsets` and the relation's name",
    where="pages/lifecycle/rows.py",
    look_at="`RowsPanel.get_form_options`",
)
def test_inline_panel_describes_its_formset():
    panel = InlinePanel("leaders").bind_to_model(LeadershipPage)

    options = panel.get_form_options()

    assert set(options) == {"formsets"}
    assert "formset" not in options["formsets"]["leaders"]


@canary(
    "Wagtail chooses fields and inputs of dates with times in another way",
    where="cms/admin/apps.py and cms/admin/times/local_times.py",
    look_at="`register_form_field_override` and `LocalDateTimeInput.like`",
)
def test_fields_of_dates_with_times_can_be_replaced():
    register = upstream("wagtail.admin.forms.models.register_form_field_override")
    assert parameters(register) == ["db_field_class", "to", "override", "exact_class"]
    widget = AdminDateTimeInput(attrs={"a": "b"}, format="%Y", js_overlay_parent_selector="#dialog")

    assert (widget.attrs["a"], widget.format) == ("b", "%Y")
    assert widget.js_overlay_parent_selector == "#dialog"
    assert widget.template_name == "wagtailadmin/widgets/datetime_input.html"
    form = CharterPage.get_edit_handler().get_form_class()
    assert issubclass(form, WagtailAdminModelForm)
    assert type(form.base_fields["go_live_at"]).__name__ == "LocalDateTimeField"


@canary(
    "Draftail no longer gives its text to the form in `value_from_datadict`",
    where="cms/admin/forms/rich_text.py",
    look_at="`RichTextArea`",
)
def test_draftail_gives_html():
    editor = upstream("wagtail.admin.rich_text.DraftailRichTextArea")()
    empty = '{"blocks": [{"key": "a", "text": "", "type": "unstyled"}], "entityMap": {}}'

    assert editor.value_from_datadict({}, {}, "text") is None
    assert editor.value_from_datadict({"text": empty}, {}, "text").startswith("<p")


# Views


@canary(
    "Wagtail's generic views have lost or renamed what ours replace",
    where="cms/releases/admin/viewset.py and cms/preview/tokens.py",
    look_at="the views derived from `generic`",
)
def test_generic_views_have_the_steps_that_are_replaced():
    steps = {
        generic.IndexView: ["get_base_queryset", "get_edit_url", "get_list_more_buttons"],
        generic.CreateView: ["save_instance", "save_action", "get_success_url"],
        generic.EditView: ["save_instance", "save_action", "get_success_url", "get_form"],
        generic.DeleteView: ["form_valid", "delete_action", "get_success_message"],
        generic.InspectView: ["get_context_data"],
    }

    for view, names in steps.items():
        assert [name for name in names if not callable(getattr(view, name, None))] == []
    for view in (generic.CreateView, generic.EditView):
        assert "self.object = self.save_instance()" in source(view)
        assert "self.save_action()" in source(view.form_valid)
    assert "self.delete_action()" in source(generic.DeleteView.form_valid)
    assert parameters(generic.IndexView.get_list_more_buttons) == ["instance"]
    assert parameters(Column.get_value) == ["instance"]


@canary(
    "`ModelViewSet` reads other attributes than ours set",
    where="cms/releases/admin/viewset.py, cms/preview/tokens.py and cms/admin/snippets.py",
    look_at="the viewsets",
)
def test_viewset_reads_the_attributes_that_are_set():
    names = [
        "add_view_class",
        "copy_view_enabled",
        "delete_view_class",
        "edit_view_class",
        "index_view_class",
        "inspect_template_name",
        "inspect_view_class",
        "inspect_view_enabled",
        "list_display",
        "list_filter",
        "search_fields",
        "add_to_settings_menu",
    ]

    assert [name for name in names if not hasattr(ModelViewSet, name)] == []
    assert isinstance(vars(ModelViewSet)["url_finder_class"], property)
    assert '"edit_url_name"' in source(vars(ModelViewSet)["url_finder_class"].fget)


@canary(
    "Views of the admin no longer say in the context of the log who acts",
    where="cms/admin/accounts/privileges.py",
    look_at="`get_active_log_context`, by which gifts of permissions are refused",
)
def test_views_of_the_admin_say_who_acts():
    context = upstream("wagtail.log_actions.LogContext")
    acting = upstream("wagtail.log_actions.get_active_log_context")
    someone = object()

    assert acting().user is None
    with context(user=someone):
        assert acting().user is someone
    assert "with LogContext(user=user):" in source("wagtail.admin.auth")


@canary(
    "Wagtail's views of groups, or its bulk actions on accounts, are built in another way",
    where="cms/admin/accounts/groups.py and cms/admin/bulk_actions.py",
    look_at="`GroupViewSet`, `process_form` and `check_perm`",
)
def test_groups_and_bulk_actions_on_accounts_have_the_steps_that_are_replaced():
    groups = upstream("wagtail.users.views.groups.GroupViewSet")
    assert WagtailUsersAppConfig.group_viewset == "wagtail.users.views.groups.GroupViewSet"
    for view in (groups.add_view_class, groups.edit_view_class):
        assert callable(view.process_form)
    assert "registered_permissions" in source("wagtail.users.forms")
    for action in ("AssignRole", "Delete", "SetActiveState"):
        bulk = upstream(f"wagtail.users.views.bulk_actions.{action}BulkAction")
        assert len(parameters(bulk.check_perm)) == 1
    assert "if self.copy_view_enabled:" in source("wagtail.admin.viewsets.model")


@canary(
    "Wagtail's views of accounts are found or built in another way",
    where="cms/admin/accounts/users.py and cms/admin/apps.py",
    look_at="`UserViewSet` and `EditView.dispatch`",
)
def test_accounts_have_views_that_can_be_replaced():
    assert WagtailUsersAppConfig.user_viewset == "wagtail.users.views.users.UserViewSet"
    assert issubclass(users.UserViewSet.add_view_class, generic.CreateView)
    assert users.UserViewSet.edit_view_class is users.EditView
    # Before `dispatch`, which refuses by it.
    assert "self.object = self.get_object()" in "".join(
        source(view.setup) for view in users.EditView.mro() if "setup" in vars(view)
    )
    assert "def dispatch" not in source(users.EditView)
    form = upstream("wagtail.users.forms.UserEditForm")
    assert "is_superuser" in form.base_fields


@canary(
    "A bulk action of pages asks for other attributes or calls other methods",
    where="cms/releases/admin/items.py",
    look_at="`AddPagesToRelease`",
)
def test_bulk_action_has_the_steps_that_are_replaced():
    assert parameters(PageBulkAction.check_perm) == ["obj"]
    assert parameters(PageBulkAction.execute_action) == ["objects", "kwargs"]
    assert parameters(PageBulkAction.get_success_message) == [
        "num_parent_objects",
        "num_child_objects",
    ]
    code = source("wagtail.admin.views.bulk_action.base_bulk_action")
    assert "self.cleaned_form = form" in code
    assert "**self.get_execution_context()" in code
    assert callable(PageBulkAction.get_form_kwargs)
    for name in ("display_name", "action_type", "aria_label", "action_priority"):
        assert hasattr(PageBulkAction, name)


@canary(
    "A helper of Wagtail's admin is gone, or takes other arguments",
    where="the modules of cms/ that import from `wagtail.admin`",
    look_at="what imports it",
)
def test_admin_has_the_helpers_that_are_imported(db, editor):
    for helper in (
        "wagtail.admin.admin_url_finder.AdminURLFinder",
        "wagtail.admin.auth.require_admin_access",
        "wagtail.admin.messages.button",
        "wagtail.admin.utils.get_user_display_name",
        "wagtail.admin.utils.get_valid_next_url_from_request",
        "wagtail.admin.widgets.AdminPageChooser",
        "wagtail.snippets.widgets.AdminSnippetChooser",
    ):
        assert callable(upstream(helper))
    component = upstream("wagtail.admin.ui.components.Component")
    assert parameters(component.render_html) == ["parent_context"]
    assert parameters(component.get_context_data) == ["parent_context"]
    item = upstream("wagtail.admin.menu.MenuItem")("Label", "/", icon_name="view", order=1)
    assert parameters(item.is_shown) == ["request"]
    button = upstream("wagtail.admin.widgets.button.Button")
    assert button("Label", "/", icon_name="view", priority=1).priority == 1
    assert Person.snippet_viewset.permission_policy.user_has_permission(editor, "publish")


@canary(
    "The panel of a form's answers is no longer shown by `BoundPanel.is_shown`",
    where="pages/models/form.py",
    look_at="`SubmissionsPanel`",
)
def test_panel_of_answers_says_whether_it_is_shown():
    panel = upstream("wagtail.contrib.forms.panels.FormSubmissionsPanel")

    assert callable(panel.BoundPanel.is_shown)
    assert "is_shown" in vars(panel.BoundPanel)


@canary(
    "Wagtail no longer works in the time zone of whoever is signed in",
    where="cms/admin/times/time_zones.py and cms/mails/notifications.py",
    look_at="`zone_name`, `adopt_time_zone` and `notify`",
)
def test_admin_works_in_the_time_zone_of_the_profile():
    localized = source(upstream("wagtail.admin.localization.get_localized_response"))

    assert "get_current_time_zone()" in localized
    assert "override_tz(time_zone)" in localized
    assert "get_localized_response(" in source("wagtail.admin.auth")
    names = {field.name for field in UserProfile._meta.fields}
    assert {"current_time_zone", "approved_notifications"} <= names
    assert (
        upstream("wagtail.admin.localization.get_available_admin_time_zones")()
        == settings.WAGTAIL_USER_TIME_ZONES
    )


# Mails


@canary(
    "Wagtail connects its mails of approvals, or sends those of comments, in another way",
    where="cms/mails/apps.py and cms/mails/approvals.py",
    look_at="what is replaced when the app gets ready",
)
def test_mails_of_wagtail_can_be_replaced():
    ready = source("wagtail.admin.apps")
    form = source("wagtail.admin.views.pages.edit")
    mails = source("wagtail.admin.mail")

    assert "from wagtail.admin.signal_handlers import register_signal_handlers" in ready
    assert "from wagtail.admin.mail import send_notification" in form
    assert 'global_recipient_users, "updated_comments", { "page": self.page,' in form
    for part in ("editor", "new_comments", "resolved_comments", "deleted_comments"):
        assert f'"{part}": ' in form
    assert '"replied_comments": [ { "comment": comment, "replies": replies, }' in form
    assert "def send_notification(recipient_users, notification, extra_context):" in mails
    for switch in ("submitted", "approved", "rejected", "updated_comments"):
        assert UserProfile._meta.get_field(f"{switch}_notifications")


@canary(
    "Wagtail sends mails from elsewhere than it did, which nobody has read",
    where="cms/mails/apps.py and cms/mails/approvals.py",
    look_at="the new module, and whether its mails are replaced",
)
def test_mails_of_wagtail_are_sent_from_known_places():
    folder = admin_folder().parent
    sending = re.compile(r"\bsend_mail\b|\bsend_notification\b|EmailMultiAlternatives|EmailMessage")
    modules = (file for file in folder.rglob("*.py") if "test" not in str(file.relative_to(folder)))

    assert {
        str(file.relative_to(folder)) for file in modules if sending.search(file.read_text())
    } == {
        "admin/mail.py",
        "admin/views/pages/edit.py",
        "contrib/forms/models.py",  # Of AbstractEmailForm, which no form of ours is.
    }


@canary(
    "Signals of approvals say something else",
    where="cms/mails/apps.py, cms/mails/receivers.py and cms/releases/workflow.py",
    look_at="the receivers, their senders, and `approved_revision`",
)
def test_signals_of_approvals_say_what_and_who():
    models = source("wagtail.models.workflows")

    assert (
        "task_submitted.send( sender=task_state.specific.__class__,"
        " instance=task_state.specific, user=user, )"
    ) in models
    said = "send(sender=self.__class__, instance=self, user=user)"
    assert f"workflow_rejected.{said}" in models
    assert f"self.on_finish(user=user) workflow_approved.{said}" in models


# Translations


@canary(
    "What stands beside a form is asked of the view elsewhere",
    where="cms/translation/apps.py, cms/translation/beside_form.py",
    look_at="`with_original`",
)
def test_what_stands_beside_a_form_is_asked_of_its_view():
    pages = source("wagtail.admin.views.pages.edit")
    snippets = source("wagtail.snippets.views.snippets")

    for code in (pages, snippets):
        assert "def get_side_panels(self): side_panels = [" in code
        assert "MediaContainer(side_panels)" in code
    assert "live_object=self.real_page_record" in pages
    assert "live_object=self.live_object" in snippets
    assert "self.expects_json_response" in pages
    assert "class BaseSidePanel(Component):" in source("wagtail.admin.ui.side_panels")


@canary(
    "Wagtail offers to translate what a list of snippets shows in another way",
    where="cms/translation/wagtail_hooks.py",
    look_at="`register_snippet_listing_buttons`",
)
def test_translating_from_a_list_is_offered_by_a_known_hook():
    theirs = source("wagtail.contrib.simple_translation.wagtail_hooks")

    _, _, offering = theirs.partition("def register_snippet_listing_buttons(")
    assert "snippet.get_translations(inclusive=True)" in offering
    assert "_hooks[hook_name].append((fn, order))" in source("wagtail.hooks")


@canary(
    "Wagtail's views of settings, or those that begin translations, do their work in other steps",
    where="cms/translation/setting_screens.py, cms/translation/beginning.py",
    look_at="`SettingInLanguage`, `Begin`",
)
def test_views_of_settings_and_translations_have_the_steps_that_ours_replace():
    setting = source("wagtail.contrib.settings.views")
    translating = source("wagtail.contrib.simple_translation.views")
    form = source("wagtail.contrib.simple_translation.forms")

    for step in ("get_object(self", "get_panel(self)", "get_edit_url(self)"):
        assert f"def {step}" in setting
    assert "def get_form(self):" in translating
    assert "def get_success_url(self, translated_page=None):" in translating
    assert 'self.fields["locales"].widget.disabled_values = disabled_locales' in form
    action = source("wagtail.actions.copy_for_translation")
    assert "def walk(self, current_page):" in action
    assert (
        "def _copy_for_translation(self, page, locale, copy_parents, alias, exclude_fields)"
        in action
    )


# Lists


@canary(
    "Wagtail's lists of pages, locks and workflows get their rows in another way",
    where="cms/approvals/lists.py and cms/approvals/apps.py",
    look_at="`for_pages`, `for_locked_pages` and `for_workflows`",
)
def test_lists_show_approvals_and_locks_of_what_their_views_prefetch():
    listing = source("wagtail.admin.views.pages.listing")
    locked = source("wagtail.admin.views.reports.locked_pages")
    workflows = source("wagtail.admin.views.reports.workflows")
    waiting = source("wagtail.models.workflows")
    shown = admin_template("reports/workflow_results.html")

    assert "def annotate_queryset(self, pages):" in listing
    assert "pages = pages.prefetch_workflow_states()" in listing
    assert "def get_queryset(self):" in locked
    assert "def decorate_paginated_queryset(self, object_list):" in workflows
    assert "{% for task in workflow_state.all_tasks_with_status %}" in shown
    assert {*re.findall(r"task\.(\w+)", shown)} == {"name", "status", "status_display"}
    assert 'to_attr="_current_workflow_states"' in source("wagtail.query")
    assert "return self._current_workflow_states[0]" in waiting
    assert "return current_workflow_task_state.task.specific" in waiting
    assert upstream("wagtail.workflows.get_task_types")() == [
        upstream("wagtail.models.GroupApprovalTask")
    ]


# Hooks

CALLS = {
    "before_copy_page": ("wagtail.admin.views.pages.copy", "fn(request, page)"),
    "before_move_page": (
        "wagtail.admin.views.pages.move",
        "fn(request, page_to_move, destination)",
    ),
    "after_bulk_action": (
        "wagtail.admin.views.bulk_action.base_bulk_action",
        "hook(request, action_type, objects, self)",
    ),
    "after_create_page": (
        "wagtail.admin.views.pages.create",
        'self.run_hook("after_create_page", self.request, self.page)',
    ),
    "after_delete_page": ("wagtail.admin.views.pages.delete", "fn(request, page)"),
    "after_delete_snippet": (
        "wagtail.snippets.views.snippets",
        'self.run_hook("after_delete_snippet", self.request, [self.object])',
    ),
    "after_edit_page": (
        "wagtail.admin.views.pages.edit",
        'self.run_hook("after_edit_page", self.request, self.page)',
    ),
    "after_unpublish_page": (
        "wagtail.admin.views.pages.unpublish",
        'self.run_hook("after_unpublish_page", self.request, self.object)',
    ),
    "before_bulk_action": (
        "wagtail.admin.views.bulk_action.base_bulk_action",
        "hook(request, action_type, objects, self)",
    ),
    "before_delete_page": ("wagtail.admin.views.pages.delete", "fn(request, page)"),
    "before_delete_snippet": (
        "wagtail.snippets.views.snippets",
        'self.run_hook("before_delete_snippet", self.request, [self.object])',
    ),
    "construct_document_chooser_queryset": (
        "wagtail.documents.views.chooser",
        'construct_queryset_hook_name = "construct_document_chooser_queryset"',
    ),
    "construct_help_menu": (
        "wagtail.admin.menu",
        'construct_hook_name="construct_help_menu"',
    ),
    "before_edit_page": (
        "wagtail.admin.views.pages.edit",
        'self.run_hook("before_edit_page", self.request, self.page)',
    ),
    "before_edit_snippet": (
        "wagtail.snippets.views.snippets",
        'self.run_hook("before_edit_snippet", self.request, self.object)',
    ),
    "before_unpublish": (
        "wagtail.admin.views.generic.models",
        'self.run_hook("before_unpublish", self.request, self.object)',
    ),
    "before_unpublish_page": (
        "wagtail.admin.views.pages.unpublish",
        '"before_unpublish_page", self.request, self.object',
    ),
    "construct_page_action_menu": (
        "wagtail.admin.action_menu",
        "hook(self.menu_items, self.request, self.context)",
    ),
    "construct_snippet_action_menu": (
        "wagtail.snippets.action_menu",
        "hook(self.menu_items, self.request, self.context)",
    ),
    "construct_homepage_panels": ("wagtail.admin.views.home", "fn(request, panels)"),
    "filter_form_submissions_for_user": (
        "wagtail.contrib.forms.utils",
        "fn(user, editable_forms)",
    ),
    "insert_global_admin_css": ("wagtail.admin.templatetags.wagtailadmin_tags", "fn()"),
    "insert_global_admin_js": ("wagtail.admin.templatetags.wagtailadmin_tags", "fn()"),
    "register_admin_menu_item": ("wagtail.admin.menu", "fn()"),
    "register_reports_menu_item": ("wagtail.admin.menu", "fn()"),
    "register_admin_urls": ("wagtail.admin.urls", "urls = fn()"),
    "register_admin_viewset": ("wagtail.admin.viewsets", "fn()"),
    "register_bulk_action": (
        "wagtail.admin.views.bulk_action.registry",
        'for action_class in hooks.get_hooks("register_bulk_action")',
    ),
    "register_help_menu_item": (
        "wagtail.admin.menu",
        'register_hook_name="register_help_menu_item"',
    ),
    "register_icons": ("wagtail.admin.icons", "fn(all_icons)"),
    "register_log_actions": ("wagtail.log_actions", "fn(self)"),
    "register_page_header_buttons": (
        "wagtail.admin.ui.menus.pages",
        "hook(page=page, user=user, next_url=next_url, view_name=view_name)",
    ),
    "register_snippet_action_menu_item": (
        "wagtail.snippets.action_menu",
        "action_menu_item = hook(model)",
    ),
    "register_snippet_listing_buttons": (
        "wagtail.snippets.views.snippets",
        "hook(instance, self.request.user, next_url)",
    ),
}
# How 8.0 writes what 7.4 does.
ALSO = {
    "before_copy_page": "fn(request, self.page)",
    "after_delete_page": "fn(request, self.page)",
    "before_delete_page": "fn(request, self.page)",
    "before_move_page": "fn(request, self.page_to_move, self.destination)",
}


@canary(
    "Wagtail calls a hook with other arguments, or from another place",
    where="the wagtail_hooks.py of cms/",
    look_at="the hook that is named above",
)
@pytest.mark.parametrize("hook", CALLS)
def test_hook_is_called_with_the_arguments_that_ours_take(hook):
    module, call = CALLS[hook]
    code = source(module)

    assert call in code or ALSO.get(hook, call) in code


@canary(
    "A hook is used that is not watched",
    where="tests/internals/test_wagtail_admin.py",
    look_at="`CALLS`",
)
def test_every_hook_that_is_used_is_watched():
    hooks.search_for_hooks()
    used = {
        name
        for name, registered in hooks._hooks.items()
        for function, _order in registered
        if function.__module__.split(".")[0] in ("cms", "pages", "media")
    }

    assert used == CALLS.keys()


@canary(
    "Redirects are made by other forms",
    where="cms/scheduling/apps.py and cms/scheduling/addresses/by_hand.py",
    look_at="`CheckedRedirectForm`",
)
def test_views_of_redirects_have_a_form_that_can_be_replaced():
    code = source("wagtail.contrib.redirects.views")

    assert code.count("form_class = RedirectForm") == 2
    assert "form = RedirectForm(data) if not form.is_valid():" in code
    # By the views as far as 7.4, and by actions since.
    views = source("wagtail.admin.views.generic.models")
    if "self.form.save()" not in views:
        assert views.count("form=self.form,") == 2
        for action in ("create", "edit"):
            assert "self.instance = self.form.save()" in source(f"wagtail.actions.{action}")


# Addresses


@canary(
    "An address of Wagtail's admin has another name or other arguments",
    where="cms/admin/subjects.py, cms/admin/requests.py,"
    " cms/admin/refusals/publication_problems.py, cms/scheduling/admin/queue_panel.py,"
    " cms/home/panels.py and the templates of cms/",
    look_at="what is reversed",
)
def test_admin_addresses_have_their_names():
    snippet = Person.snippet_viewset
    for name in ("delete", "edit", "history", "unpublish"):
        assert reverse(f"wagtailadmin_pages:{name}", args=(1,))
    for address in ("wagtailadmin_pages:{}", f"{snippet.url_namespace}:{{}}"):
        assert reverse(address.format("edit"), args=("1",))
        assert reverse(address.format("revisions_compare"), args=("1", "live", 2))
        assert reverse(address.format("workflow_action"), args=("1", "approve", 2))
    assert snippet.get_url_name("edit") == f"{snippet.url_namespace}:edit"
    assert reverse("wagtailadmin_explore", args=(1,))
    assert reverse("wagtailadmin_home") == "/admin/"


@canary(
    "An address of Wagtail's admin names the objects that it writes in another way",
    where="cms/scheduling/admin/object_lock.py",
    look_at="`PAGE_ARGUMENTS` and `objects_named`",
)
def test_admin_addresses_name_what_they_write():
    named = {
        "edit": ("page_id",),
        "delete": ("page_id",),
        "unpublish": ("page_id",),
        "convert_alias": ("page_id",),
        "copy": ("page_id",),
        "move_confirm": ("page_to_move_id", "destination_id"),
        "set_page_position": ("page_to_move_id",),
        "revisions_unschedule": ("page_id", "revision_id"),
        "workflow_action": ("page_id", "action_name", "task_state_id"),
        "add": ("content_type_app_name", "content_type_model_name", "parent_page_id"),
    }
    for name, arguments in named.items():
        values = {each: 1 if each.endswith("_id") else "x" for each in arguments}
        assert reverse(f"wagtailadmin_pages:{name}", kwargs=values)
    assert Person.snippet_viewset.url_namespace == "wagtailsnippets_pages_person"
    assert reverse("wagtailsnippets_pages_person:edit", kwargs={"pk": "1"})
    bulk = {"app_label": "wagtailcore", "model_name": "page", "action": "delete"}
    assert reverse("wagtail_bulk_action", kwargs=bulk)
    assert 'getlist("id")' in source("wagtail.admin.views.bulk_action.base_bulk_action")
    assert reverse("wagtailimages:edit", kwargs={"image_id": 1})
    assert reverse("wagtaildocs:edit", kwargs={"document_id": 1})
    assert reverse("wagtailredirects:add")
    assert reverse("wagtailredirects:edit", args=(1,))
    assert reverse("wagtaildocs:edit_multiple", kwargs={"doc_id": 1})
    assert reverse("wagtailadmin_collections:edit", kwargs={"pk": 1})
    assert reverse("wagtailadmin_collections:set_privacy", kwargs={"collection_id": 1})
    for name in ("add", "delete"):
        assert reverse(f"wagtailadmin_collections:{name}", args=(1,) if name == "delete" else ())
    assert reverse("simple_translation:submit_page_translation", kwargs={"page_id": 1})
    api = {"pk": 1, "action_name": "unpublish"}
    assert reverse("wagtailadmin_api:pages:action", kwargs=api)
    of_one_page = {"convert_alias", "revert_to_page_revision"}
    assert {*PagesAdminAPIViewSet.actions} == {
        *("copy", "copy_for_translation", "create_alias", "delete", "move"),
        *("publish", "unpublish"),
        *of_one_page,
    }


@canary(
    "The state of a form that is previewed is looked up by other columns",
    where="cms/editing/migrations/0006_one_form_state.py",
    look_at="the unique index",
)
def test_state_of_a_form_is_one_for_each_person_and_object():
    columns = {field.attname for field in FormState._meta.concrete_fields}

    assert {"user_id", "content_type_id", "object_id", "parent_object_id"} <= columns
    code = source("wagtail.admin.models")
    assert "super().update_or_create( content_type=" in code


# Templates

# Those replaced by ours of the same name: the blocks that ours fill or leave, and the words of
# Wagtail's that ours repeat or that their blocks stand on.
REPLACED = {
    "404.html": (set(), []),
    "generic/edit_partials.html": ({"extra"}, ["w-teleport"]),
    "collections/edit.html": ({"before_form"}, []),
    "generic/confirm_delete.html": (
        {"main_content", "usage_summary", "confirmation_message", "form"},
        ["usage_url"],
    ),
    "generic/listing.html": ({"listing"}, ["listing-results"]),
    "generic/confirm_unpublish.html": ({"confirmation_text", "form_content"}, []),
    "admin_base.html": ({"branding_favicon", "js"}, ["wagtailadmin/skeleton.html"]),
    "base.html": ({"branding_logo"}, []),
    "home/account_summary.html": (set(), ["wagtailadmin_account", "avatar user"]),
    "login.html": ({"branding_login", "branding_logo", "extra_fields"}, []),
    "panels/inline_panel.html": (
        {"js_init"},
        ['new InlinePanel(JSON.parse("{{options_json|escapejs}}"))'],
    ),
    "pages/bulk_actions/confirm_bulk_delete.html": (
        {"items_with_access", "form_section"},
        ["items", "confirm_delete_form.html"],
    ),
    "pages/bulk_actions/confirm_bulk_unpublish.html": (
        {"items_with_access", "form_section"},
        ["items", "has_live_descendants", "confirmation/form_with_fields.html", "go_back.html"],
    ),
    "pages/bulk_actions/confirm_delete_form.html": (
        {"form_fields"},
        ["type_to_confirm_before_delete"],
    ),
    "pages/confirm_delete.html": (
        {"content", "titletag"},
        [
            "descendant_count",
            "is_protected",
            'name="next" value="{{ next }}"',
            "page.get_admin_display_title",
            "page_permissions page as page_perms",
            "translation_count",
            "type_to_confirm_before_delete",
            "wagtailadmin/shared/dialog/confirm_site_name.html",
            "wagtailadmin/shared/header.html",
            "wagtailadmin/shared/usage_summary.html",
        ],
    ),
    "pages/confirm_unpublish.html": ({"confirmation_text", "form_content"}, []),
    "shared/side_panels/includes/status/usage.html": (set(), ["usage_count", "usage_url"]),
    "shared/side_panels/includes/status/workflow.html": (
        {"content", "action", "bottom"},
        [
            "draft_expire_at",
            "draft_go_live_at",
            "draftstate_enabled",
            "has_draft_publishing_schedule",
            "has_live_publishing_schedule",
            "lock_context.locked",
            "object.current_workflow_state",
            "schedule-publishing-dialog",
            "schedule_has_errors",
            "show_schedule_publishing_toggle",
            "workflow_status_with_date workflow_state",
        ],
    ),
    "shared/usage_summary.html": (
        set(),
        ["is_protected", "model_opts", "usage_count", "usage_url"],
    ),
    "widgets/date_input.html": (set(), ["initDateChooser(", "widget.config_json"]),
    "widgets/datetime_input.html": (set(), ["initDateTimeChooser(", "widget.config_json"]),
    "widgets/time_input.html": (set(), ["initTimeChooser(", "widget.config_json"]),
}
# Those that ours extend or include.
EXTENDED = {
    "admin_base.html": {"extra_css", "extra_js"},
    "bulk_actions/confirmation/base.html": {
        "extra_js",
        "form_section",
        "header",
        "items_with_access",
        "items_with_no_access",
    },
    "bulk_actions/confirmation/form.html": {"form_fields"},
    "bulk_actions/confirmation/form_with_fields.html": {"form_fields"},
    "bulk_actions/confirmation/go_back.html": set(),
    "generic/base.html": {"header", "main_content", "titletag"},
    "generic/inspect.html": {"main_content"},
    "pages/bulk_actions/list_items_with_no_access.html": set(),
    "shared/forms/single_checkbox.html": set(),
    "shared/header.html": set(),
    "shared/non_field_errors.html": set(),
}


@canary(
    "A template of Wagtail's admin has lost a block or word that ours of the same name stands on",
    where="the replacing templates of cms/",
    look_at="the template that is named above",
)
@pytest.mark.parametrize("name", REPLACED)
def test_replaced_template_keeps_its_blocks_and_words(name):
    blocks_needed, words = REPLACED[name]
    text = admin_template(name)

    assert blocks_needed - blocks_of(text) == set()
    assert [word for word in words if word not in text] == []


# Those of Wagtail's other apps that ours of the same name extend.
REPLACED_ELSEWHERE = {
    "wagtaildocs/bulk_actions/confirm_bulk_add_to_collection.html": {"items_with_access"},
    "wagtaildocs/bulk_actions/confirm_bulk_delete.html": {"items_with_access", "form_section"},
    "wagtailimages/bulk_actions/confirm_bulk_add_to_collection.html": {"items_with_access"},
    "wagtailimages/bulk_actions/confirm_bulk_delete.html": {"items_with_access", "form_section"},
    "wagtailimages/images/confirm_delete.html": {"main_content"},
    "wagtailsnippets/bulk_actions/confirm_bulk_delete.html": {"items_with_access", "form_section"},
}
APPS = {"wagtaildocs": "documents", "wagtailimages": "images", "wagtailsnippets": "snippets"}


@canary(
    "What Wagtail sends back when a form has saved itself no longer extends the template that ours"
    " fills, or no longer says which fields to update",
    where="cms/admin/templates/wagtailadmin/generic/edit_partials.html and"
    " pages/lifecycle/forms.py",
    look_at="the block `extra`, and `get_field_updates_for_resave`",
)
def test_form_that_has_saved_itself_is_sent_parts_and_fields(db):
    assert '{% extends "wagtailadmin/generic/edit_partials.html" %}' in admin_template(
        "pages/edit_partials.html"
    )
    form = CharterPage.get_edit_handler().get_form_class()(instance=CharterPage(), data={})
    assert WagtailAdminModelForm.get_field_updates_for_resave(form) == []
    assert "get_field_updates_for_resave()" in source(pages_edit.EditView.save_action)


@canary(
    "Required fields are marked in another way",
    where="cms/admin/static/admin/required_marks.js",
    look_at="where it finds a label and its mark",
)
@pytest.mark.parametrize("name", ["panels/multi_field_panel_child.html", "shared/panel.html"])
def test_label_of_a_required_field_ends_with_a_mark(name):
    text = admin_template(name)

    assert re.search(r'<label [^>]*for="\{\{ [\w.]*id_for_label \}\}"', text)
    assert re.search(r'is_required %\}<span class="w-required-mark"[^>]*>\*</span>', text)


@canary(
    "What is chosen is no longer made by the steps that ours take",
    where="cms/admin/forms/making.py, cms/admin/snippets.py and cms/admin/apps.py",
    look_at="the views of `cms.admin.forms.making`",
)
def test_chooser_makes_what_is_chosen_by_known_steps():
    for name in ("choose", "chosen", "chosen_multiple", "create"):
        assert hasattr(SnippetChooserViewSet, f"{name}_view_class")
    view = SnippetCreateView
    assert "**self.get_creation_form_kwargs()" in source(view.get_creation_form)
    assert "self.save_form(self.form)" in source(view.post)
    assert "self.get_display_title(item)" in source(view.get_chosen_response_data)
    assert "self.can_create()" in source(view.dispatch)
    assert "self.get_display_title(instance)" in source(BaseChooser.get_value_data_from_instance)


@canary(
    "The windows in which pages or snippets are chosen are opened, or answer, in another way",
    where="cms/releases/static/releases/several.js and cms/releases/admin/several.py",
    look_at="`WINDOWS` and `choose`",
)
def test_windows_in_which_something_is_chosen_answer_by_known_names():
    shared, pages = admin_script("vendor.js"), admin_script("page-chooser-modal.js")

    assert "window.PAGE_CHOOSER_MODAL_ONLOAD_HANDLERS" in pages
    assert 'respond("pageChosen"' in pages
    assert "window.CHOOSER_MODAL_ONLOAD_HANDLERS" in admin_script("chooser-modal.js")
    assert 'chosenResponseName||"chosen"' in shared
    assert re.search(r"ModalWorkflow\(\{url:.*?urlParams:.*?onload:.*?responses:", shared)
    assert "multiple=1" in shared or ".multiple=1" in shared


@canary(
    "Blocks are drawn in the browser, or sent, in another way",
    where="cms/admin/static/admin/closed_blocks.js and cms/admin/forms/closed_blocks.py",
    look_at="`ClosedBlock` and `inputs`",
)
def test_blocks_are_drawn_by_their_definitions():
    script = admin_script("telepath/blocks.js")

    for name in ("FieldBlockDefinition", "ListBlockDefinition", "StructBlockDefinition"):
        assert re.search(rf"[{{,]{name}:", script)
    for word in ("childBlockDefs", "childBlockDef", "getDuplicatedState", "getTextLabel"):
        assert word in script
    for name in ("-count", "-deleted", "-order", "-id", "-type", "-value"):
        assert re.search(rf'["`}}]{name}["`]', script), name
    assert StructBlockAdapter.js_constructor == "wagtail.blocks.StructBlock"


@canary(
    "What may be done with the page above all is no longer asked of `Page.permissions_for_user`",
    where="pages/lifecycle/locks.py",
    look_at="`ask_who_makes_sites`",
)
def test_page_above_all_is_a_plain_page_that_is_asked_for_permissions(db, editor):
    root = Page.get_first_root_node()

    assert type(root.specific) is Page
    assert type(root.permissions_for_user(editor)) is not PagePermissionTester
    for asking in (
        create.CreateView.dispatch,
        # A view function as far as 7.4, and a class since.
        getattr(create, "add_subpage", None) or create.AddSubpageView.dispatch,
        PagePermissionTester.can_copy_to,
    ):
        assert re.search(r"permissions_for_user\(\s*(self\.)?(request\.)?user", source(asking))
        assert "can_add_subpage()" in source(asking)


@canary(
    "A template of Wagtail's images, documents or snippets has lost a block that ours fills",
    where="cms/removal/templates/",
    look_at="the template that is named above",
)
@pytest.mark.parametrize("name", REPLACED_ELSEWHERE)
def test_template_of_other_apps_keeps_its_blocks(name):
    app = APPS[name.partition("/")[0]]
    text = (admin_folder().parent / app / "templates" / name).read_text()

    assert REPLACED_ELSEWHERE[name] - blocks_of(text) == set()


@canary(
    "A screen of what has no drafts has no place before its form",
    where="cms/removal/templates/",
    look_at="the template of the same name",
)
@pytest.mark.parametrize(
    ("app", "name"),
    [
        ("images", "wagtailimages/images/edit.html"),
        ("documents", "wagtaildocs/documents/edit.html"),
        ("contrib/settings", "wagtailsettings/edit.html"),
        ("contrib/redirects", "wagtailredirects/add.html"),
        ("contrib/redirects", "wagtailredirects/edit.html"),
    ],
)
def test_screens_of_what_has_no_drafts_have_a_place_before_their_form(app, name):
    text = (admin_folder().parent / app / "templates" / name).read_text()

    assert 'extends "wagtailadmin/generic/edit.html"' in text or "generic/create.html" in text
    assert "before_form" in blocks_of(admin_template("generic/form.html"))
    assert "main_content" not in blocks_of(text)


@canary(
    "Files or collections are put elsewhere by other steps",
    where="cms/removal/apps.py, cms/removal/collections.py and cms/removal/wagtail_hooks.py",
    look_at="`GuardedCollectionForm`, `before_bulk_action`",
)
def test_files_are_put_elsewhere_by_known_steps():
    code = source("wagtail.admin.views.collections")
    assert "form_class = CollectionForm" in code
    assert 'if "parent" in self.form.changed_data: instance.move(' in code
    for kind in ("images", "documents"):
        action = source(f"wagtail.{kind}.views.bulk_actions.add_to_collection")
        assert 'action_type = "add_to_collection"' in action
        assert 'self.cleaned_form.cleaned_data["collection"]' in action


@canary(
    "The dialog of a collection, or its refusal to be deleted, is answered otherwise",
    where="cms/removal/apps.py and cms/removal/collections.py",
    look_at="`asking_again`, `saying_what_is_in_it`",
)
def test_what_a_collection_refuses_has_a_screen_to_say_it_on():
    privacy = source("wagtail.admin.views.collection_privacy")
    assert "def set_privacy(request, collection_id):" in privacy
    assert 'json_data={"step": "set_privacy"}' in privacy
    dialog = admin_template("shared/set_privacy.html")
    assert 'action="{{ action_url }}"' in dialog
    assert "field=form.restriction_type" in dialog
    deleting = source("wagtail.admin.views.collections")
    assert "if collection_contents: # collection is non-empty; refuse" in deleting
    assert "return HttpResponseForbidden()" in deleting
    assert 'self.template_name = "wagtailadmin/collections/delete_not_empty.html"' in deleting


@canary(
    "Unpublishing several pages, or through the API of the admin, has other steps",
    where="cms/removal/unpublishing.py, cms/removal/deleting.py, cms/removal/apps.py,"
    " cms/admin/page_api.py and cms/admin/apps.py",
    look_at="the class that is named above",
)
def test_unpublishing_and_deleting_have_the_steps_that_are_replaced():
    assert parameters(UnpublishBulkAction.execute_action) == [
        "objects",
        "include_descendants",
        "user",
        "permission_checker",
        "kwargs",
    ]
    actions = {"unpublish", "delete", "publish", "copy_for_translation"}
    assert actions <= PagesAdminAPIViewSet.actions.keys()
    publishing = source("wagtail.admin.api.actions.publish")
    assert "return PublishPageRevisionAction(revision, user=user)" in publishing
    assert "execute(self, instance, data)" in source(
        "wagtail.admin.api.actions.copy_for_translation"
    )
    assert parameters(UnpublishPageAPIAction.execute) == ["instance", "data"]
    assert parameters(UnpublishPageAPIAction._action_from_data) == ["instance", "data"]
    assert parameters(DeletePageAPIAction.execute) == ["instance", "data"]
    assert parameters(UnpublishMenuItem.is_shown) == ["context"]
    code = source("wagtail.actions.unpublish")
    assert "if object.live: object.live = False" in code
    assert "unpublished.send(sender=type(object), instance=object)" in code


@canary(
    "A template of Wagtail's admin is replaced that is not watched",
    where="tests/internals/test_wagtail_admin.py",
    look_at="`REPLACED`",
)
def test_every_replaced_template_is_watched():
    folder = Path(settings.BASE_DIR) / "cms"
    ours = {
        str(file).rpartition("/templates/wagtailadmin/")[2]
        for file in folder.rglob("templates/wagtailadmin/**/*.html")
    }

    assert ours == REPLACED.keys()


def subclasses(of: type) -> list[type]:
    return [*of.__subclasses__(), *chain.from_iterable(map(subclasses, of.__subclasses__()))]


@canary(
    "Choosers are started by another script, or by one that is not known",
    where="cms/admin/forms/starting.py and cms/admin/static/admin/start_widgets.js",
    look_at="`render_chooser`, and the names that may be started",
)
def test_choosers_are_started_by_known_scripts():
    code = source("wagtail.admin.widgets.chooser")
    script = Path(settings.BASE_DIR) / "cms/admin/static/admin/start_widgets.js"
    known = re.findall(r'^    "(\w+)",$', script.read_text(), flags=re.MULTILINE)
    widgets = [BaseChooser, *subclasses(BaseChooser)]

    assert 'out = f"{widget_html}<script>{js}</script>"' in code
    assert 'f"new {self.js_constructor}({json.dumps(id_)}, {json.dumps(opts)});"' in code
    tasks = source("wagtail.admin.widgets.workflows")
    assert 'return f"createTaskChooser({json.dumps(id_)});"' in tasks
    assert {each.js_constructor for each in widgets} <= set(known)
    writing = {each.__name__ for each in widgets if "render_js_init" in vars(each)}
    assert writing == {"AdminTaskChooser", "BaseChooser"}


@canary(
    "A template of Wagtail's has a script in the page, which the policy keeps from running",
    where="the replacing templates of cms/",
    look_at="the template that is named above; replace it as `inline_panel.html` is",
)
def test_scripts_in_the_page_are_known():
    folder = admin_folder().parent
    not_here = {"search_promotions", "test"}
    found = {
        file.name
        for file in folder.rglob("templates/**/*.html")
        if not_here.isdisjoint(file.relative_to(folder).parts)
        and re.search(r"<script(?![^>]*\bsrc=)[^>]*>", file.read_text())
    }

    assert found == {
        "date_input.html",
        "datetime_input.html",
        "inline_panel.html",
        "multiple_chooser_panel.html",
        "time_input.html",
    }


@canary(
    "The tool that picks the focus of an image finds out about touch screens in another way",
    where="genedge_site/content_policy.py",
    look_at="`script-src-attr`",
)
def test_touch_screens_are_found_by_a_handler_that_does_nothing():
    folder = admin_folder().parent / "images/static/wagtailimages/js/vendor"

    assert '"return;"' in (folder / "jquery.Jcrop.min.js").read_text()


@canary(
    "Spreadsheets are made by other steps, or somewhere else as well",
    where="cms/admin/exports.py",
    look_at="`stream_csv`, `write_xlsx` and what they are put in the place of",
)
def test_spreadsheets_are_made_by_two_methods_of_one_class():
    mixin = upstream("wagtail.admin.views.mixins.SpreadsheetExportMixin")
    assert parameters(mixin.stream_csv) == ["queryset"]
    assert parameters(mixin.write_xlsx) == ["queryset", "output"]
    code = source("wagtail.admin.views.mixins")
    assert "stream = self.stream_csv(queryset)" in code
    assert "self.write_xlsx(queryset, output)" in code
    assert "self.get_heading(queryset, field) for field in self.list_export" in code
    folder = admin_folder().parent
    writing = re.compile(r"csv\.(writer|DictWriter)\(|Workbook\(")
    found = [
        str(file.relative_to(folder))
        for file in folder.rglob("*.py")
        if "tests" not in file.parts and writing.search(file.read_text())
    ]
    assert found == ["admin/views/mixins.py"]


@canary(
    "Importing redirects no longer shows wrong rows without redirecting, or signs another form",
    where="cms/admin/redirect_import.py",
    look_at="`process_import` and the template `wagtailredirects/import_summary.html`",
)
def test_import_of_redirects_shows_what_is_wrong_and_redirects_otherwise():
    code = source("wagtail.contrib.redirects.views")

    assert 'if import_summary["errors_count"] > 0: return render(' in code
    assert '"wagtailredirects/import_summary.html", { "form": ImportForm' in code
    assert '"import_file_name": os.path.basename(file_storage.name)' in code
    assert '"input_format": get_import_formats().index(import_format_cls)' in code


@canary(
    "A template of Wagtail's admin that ours extend or include has lost a block, or is gone",
    where="the templates of cms/",
    look_at="those that extend or include what is named above",
)
@pytest.mark.parametrize("name", EXTENDED)
def test_extended_template_keeps_its_blocks(name):
    assert EXTENDED[name] - blocks_of(admin_template(name)) == set()


# Scripts


@canary(
    "Wagtail's scripts no longer make inputs of dates with the functions `init…Chooser` of"
    " `window`",
    where="cms/admin/static/admin/time_zones.js and cms/admin/templates/wagtailadmin/widgets/",
    look_at="what is done with `initDateChooser`, `initDateTimeChooser` and `initTimeChooser`",
)
def test_scripts_make_inputs_of_dates_with_functions_of_window():
    script = admin_script("date-time-chooser.js")

    for name in ("initDateChooser", "initDateTimeChooser", "initTimeChooser"):
        assert f"window.{name}=" in script


@canary(
    "Wagtail's date picker no longer computes with the dates it is given, or reads texts",
    where="cms/admin/static/admin/wall_times.js",
    look_at="`WallTime` and `onShow`",
)
def test_date_picker_computes_with_the_dates_it_is_given():
    script = admin_script("vendor/jquery.datetimepicker.js")
    names = (
        "setDateFormatter:",
        ".fn.datetimepicker.defaults=",
        ".validateOnBlur&&",
        ".onShow.call(",
        '.data("xdsoft_datetimepicker",',
        '.data("xdsoft_datetime",',
    )

    assert [name for name in names if name not in script] == []
    for state in ("now", "currentTime", "setCurrentTime"):
        assert re.search(rf"\bt\.{state}=", script)
    page = admin_template("admin_base.html")
    assert page.index("jquery.datetimepicker.js") < page.index("'insert_global_admin_js'")
    assert '"Y-m-d H:i"' in admin_script("date-time-chooser.js")


@canary(
    "The time zone of an account is chosen in another form",
    where="cms/admin/accounts/account.py and cms/admin/apps.py",
    look_at="`LocaleForm`",
)
def test_zone_of_an_account_is_chosen_in_a_form_that_can_be_replaced():
    form = upstream("wagtail.admin.forms.account.LocalePreferencesForm")
    panels = source("wagtail.admin.views.account")

    assert "current_time_zone" in form.base_fields
    assert "LocaleSettingsPanel(request, user, profile)" in panels
    assert 'title = gettext_lazy("Locale") order = 400 form_class = LocalePreferencesForm' in panels


@canary(
    "Wagtail's forms save by themselves in another way, or say so by other events",
    where="cms/admin/static/admin/keeping.js",
    look_at="the events it listens to",
)
def test_form_that_saves_by_itself_says_whether_it_could():
    script = admin_script("core.js")

    for part in (
        'this.dispatch("error",{cancelable:!1,detail:{response:',
        'this.dispatch("success",',
        'this.dispatch("add",{cancelable:!0,detail:{type:"edits"}})',
        "wagtailConfig=",
        "overwrite_revision_id",
        'this.dispatch("save",{cancelable:!0,detail:{formData:',
        "field_updates",
        # Two seconds after it is there, once or twice, and again whenever it was saved.
        "initialDelayValue=2e3",
        'this.dispatch("watch-edits",',
        "this.hasEditsValue=this.forceValue||",
        "this.hasCommentsValue=!1,this.forceValue=!1}",
    ):
        assert part in script, part
    for form in ("pages/edit.html", "pages/create.html", "generic/form.html"):
        assert "w-unsaved:add->w-autosave#save:prevent" in admin_template(form)
        assert "w-autosave:success->w-unsaved#clear" in admin_template(form)
        assert "data-w-unsaved-force-value=" in admin_template(form)
        assert "{% if autosave_enabled %}w-autosave{% endif %}" in admin_template(form)
    # What was kept of the others is filled in.
    assert "a.element.id=`${r}-root`,a.element.rootBlock=a" in script
    blocks = admin_script("telepath/blocks.js")
    assert "getState(){" in blocks
    assert "setState(" in blocks
    assert 'class="messages"' in admin_template("base.html")
    assert '<li class="{% message_tags message %}">' in admin_template("base.html")
    sidebar = admin_script("sidebar.js")
    assert 'createElement("form",{...e.attrs,method:e.method,action:e.action}' in sidebar
    assert 'type:"hidden",name:"csrfmiddlewaretoken"' in sidebar


@canary(
    "The menu of versions in Wagtail's histories is made in another way",
    where="cms/admin/history/versions.py",
    look_at="`VersionColumn`",
)
def test_menu_of_versions_is_a_column_that_can_be_replaced():
    history = source("wagtail.admin.views.generic.history")

    # Ours, in the place of Wagtail's.
    assert ActionColumn.__module__ == "cms.admin.history.versions"
    assert 'return [ ActionColumn( "message",' in history
    for name in ("object", "url_names", "draftstate_enabled"):
        assert f"self.{name} = " in history
    assert "def get_actions(self, instance, parent_context):" in history
    assert '{"url": url, "label": gettext("Edit")}' in history


@canary(
    "Wagtail compares versions by other classes, or those have other parts",
    where="pages/lifecycle/comparing.py",
    look_at="what each class overrides",
)
def test_versions_are_compared_by_classes_that_can_be_replaced():
    of_field = {"has_changed", "htmldiff"}
    of_rows = {"get_child_comparisons", "get_child_comparison", "has_changed", "get_mapping"}
    of_row = {"get_field_comparisons", "get_position_change", "is_addition", "is_deletion"}
    for compared, parts in (
        (compare.RichTextFieldComparison, of_field),
        (compare.StreamFieldComparison, of_field),
        (compare.TagsFieldComparison, {"get_items"}),
        (compare.ChildRelationComparison, of_rows),
        (compare.ChildObjectComparison, {*of_row, "get_num_differences", "has_changed"}),
        (compare.BlockComparison, {"htmldiff", "htmlvalue"}),
    ):
        assert parts - set(dir(compared)) == set()
    assert parameters(compare.ChildRelationComparison) == [
        "field",
        "field_comparisons",
        "obj_a",
        "obj_b",
        "label",
    ]
    assert "self.val_a = " in source(compare.FieldComparison)
    assert "ChildRelationComparison" in source(InlinePanel.BoundPanel.get_comparison)


@canary(
    "What approves in the menu beside Wagtail's forms has another name",
    where="cms/approvals/wagtail_hooks.py",
    look_at="`lead_to_review`",
)
def test_menu_of_a_form_names_what_approves():
    task = source(AbstractGroupApprovalTask.get_actions)
    assert '("approve", ' in task
    assert '("reject", ' in task
    for menu in ("wagtail.admin.action_menu", "wagtail.snippets.action_menu"):
        assert "self.name = name" in source(upstream(f"{menu}.WorkflowMenuItem"))
        assert "self.get_url(parent_context)" in source(upstream(f"{menu}.ActionMenuItem"))
    publishing = source(upstream("wagtail.workflows.publish_workflow_state"))
    assert "content_object.get_latest_revision().publish(" in publishing


@canary(
    "Wagtail's script no longer posts to an address with `data-controller=w-action`",
    where="cms/scheduling/templates/scheduling/changes.html",
    look_at="its buttons",
)
def test_button_posts_with_the_controller_of_actions():
    assert '"w-action"' in admin_script("core.js")
    switch = admin_template("shared/action_switch.html")
    assert 'data-controller="w-action"' in switch
    assert "w-action#post" in switch
    assert "data-w-action-url-value" in switch


@canary(
    "Wagtail's dialogs no longer leave for the address of an answer with `step` and `redirect`",
    where="cms/admin/refusals/refusal.py, cms/admin/refusals/publication_problems.py",
    look_at="`process_exception`, and `is_by_dialog` in cms/admin/requests.py",
)
def test_dialog_leaves_for_the_address_it_is_answered():
    # The script is minified: names in it are others each time.
    assert re.search(r"location\.href=\w+\.redirect\b", admin_script("workflow-action.js"))
    view = source("wagtail.admin.views.generic.workflow")
    assert '"step": "success", "redirect": self.redirect_url' in view
    assert '"x-requested-with") == "XMLHttpRequest"' in view


@canary(
    "The dialog that sets a schedule has another name",
    where="cms/scheduling/templates/scheduling/draft_schedule.html",
    look_at="`dialog_toggle`",
)
def test_dialog_that_sets_a_schedule_has_its_name():
    panel = admin_template("panels/publishing/schedule_publishing_panel.html")

    assert "dialog id='schedule-publishing-dialog'" in panel


@canary(
    "A tag or filter of Wagtail's admin is gone",
    where="the templates of cms/",
    look_at="what the template uses that is named above",
)
def test_admin_has_the_tags_that_templates_use():
    library = upstream("wagtail.admin.templatetags.wagtailadmin_tags.register")
    tags = {
        "dialog_toggle",
        "formattedfield",
        "icon",
        "page_permissions",
        "workflow_status_with_date",
    }

    assert tags - library.tags.keys() == set()
    assert {"user_display_name"} - library.filters.keys() == set()


# Permissions


@canary(
    "Wagtail lets other people than before delete a page without pages beneath it",
    where="pages/lifecycle/locks.py",
    look_at="`can_delete_leaf`",
)
@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize(
    "permissions",
    [set(), {"add"}, {"change"}, {"publish"}, {"add", "publish"}, {"change", "publish"}],
)
def test_deleting_a_leaf_depends_on_its_state_and_its_owner(db, permissions, live, own):
    user = factories.user()
    page = factories.charter_page(live=live, owner=user if own else None)
    asked = PagePermissionTester(user, page)
    asked.permissions = permissions

    may_edit = "change" in permissions or ("add" in permissions and own)
    assert asked.can_delete() is (may_edit and (not live or "publish" in permissions))


@canary(
    "What is typed into a search is looked for in another way",
    where="cms/admin/search.py",
    look_at="`WhileTyping`",
)
def test_what_is_typed_is_looked_for_in_known_columns():
    # Read, as each of them can only be imported where its database is.
    folder = Path(str(upstream("modelsearch.apps").__file__)).parent
    postgresql = (folder / "backends/database/postgres/postgres.py").read_text()
    sqlite = (folder / "backends/database/sqlite/sqlite.py").read_text()
    migration = (folder / "migrations/0002_customise_indexentry.py").read_text()

    assert 'return [(F("index_entries__autocomplete"), 1.0)]' in postgresql
    assert "vectors = self.get_search_vectors(search_query)" in postgresql
    assert 'FTS_TABLE_FIELDS = ["autocomplete"]' in sqlite
    assert "rank_expression = self._build_rank_expression(vectors, config)" in sqlite
    assert "_fts USING fts5(autocomplete, body, title)" in migration
