"""The forms, views, hooks, addresses, templates and scripts of Wagtail's admin."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.urls import reverse
from wagtail import blocks, hooks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.models import FormState
from wagtail.admin.panels import InlinePanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.users.apps import WagtailUsersAppConfig
from wagtail.users.models import UserProfile
from wagtail.users.views import users

from pages.models import CharterPage, LeadershipPage, Person
from tests.internals.upstream import (
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
    where="cms/admin/rich_text.py",
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
    where="cms/admin/privileges.py",
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
    where="cms/admin/groups.py and cms/admin/bulk_actions.py",
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
    where="cms/admin/users.py and cms/admin/apps.py",
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


# Hooks

CALLS = {
    "after_bulk_action": (
        "wagtail.admin.views.bulk_action.base_bulk_action",
        "hook(request, action_type, objects, self)",
    ),
    "after_delete_page": ("wagtail.admin.views.pages.delete", "fn(request, page)"),
    "after_unpublish_page": (
        "wagtail.admin.views.pages.unpublish",
        'self.run_hook("after_unpublish_page", self.request, self.object)',
    ),
    "before_bulk_action": (
        "wagtail.admin.views.bulk_action.base_bulk_action",
        "hook(request, action_type, objects, self)",
    ),
    "before_delete_page": ("wagtail.admin.views.pages.delete", "fn(request, page)"),
    "before_edit_page": (
        "wagtail.admin.views.pages.edit",
        'self.run_hook("before_edit_page", self.request, self.page)',
    ),
    "before_edit_snippet": (
        "wagtail.snippets.views.snippets",
        'self.run_hook("before_edit_snippet", self.request, self.object)',
    ),
    "before_unpublish_page": (
        "wagtail.admin.views.pages.unpublish",
        '"before_unpublish_page", self.request, self.object',
    ),
    "construct_homepage_panels": ("wagtail.admin.views.home", "fn(request, panels)"),
    "filter_form_submissions_for_user": (
        "wagtail.contrib.forms.utils",
        "fn(user, editable_forms)",
    ),
    "insert_global_admin_css": ("wagtail.admin.templatetags.wagtailadmin_tags", "fn()"),
    "insert_global_admin_js": ("wagtail.admin.templatetags.wagtailadmin_tags", "fn()"),
    "register_admin_menu_item": ("wagtail.admin.menu", "fn()"),
    "register_admin_urls": ("wagtail.admin.urls", "urls = fn()"),
    "register_admin_viewset": ("wagtail.admin.viewsets", "fn()"),
    "register_bulk_action": (
        "wagtail.admin.views.bulk_action.registry",
        'for action_class in hooks.get_hooks("register_bulk_action")',
    ),
    "register_icons": ("wagtail.admin.icons", "fn(all_icons)"),
    "register_log_actions": ("wagtail.log_actions", "fn(self)"),
    "register_page_header_buttons": (
        "wagtail.admin.ui.menus.pages",
        "hook(page=page, user=user, next_url=next_url, view_name=view_name)",
    ),
    "register_snippet_listing_buttons": (
        "wagtail.snippets.views.snippets",
        "hook(instance, self.request.user, next_url)",
    ),
}
# How 8.0 writes what 7.4 does.
ALSO = {
    "after_delete_page": "fn(request, self.page)",
    "before_delete_page": "fn(request, self.page)",
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


# Addresses


@canary(
    "An address of Wagtail's admin has another name or other arguments",
    where="cms/admin/subjects.py, cms/admin/middleware.py, cms/scheduling/admin/queue_panel.py,"
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
    "generic/confirm_delete.html": ({"main_content", "usage_summary", "form"}, ["usage_url"]),
    "generic/confirm_unpublish.html": ({"confirmation_text", "form_content"}, []),
    "login.html": ({"branding_login", "extra_fields"}, []),
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
    "shared/header.html": set(),
    "shared/non_field_errors.html": set(),
    "shared/usage_summary.html": set(),
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
    where="cms/admin/middleware.py",
    look_at="`process_exception`",
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
