"""Where Wagtail's admin meets what all its screens share."""

from django.contrib.auth.models import Group, User
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from cms.admin import guide, keeping, redirect_import
from cms.admin.accounts import privileges
from cms.admin.accounts.letting_in import LET_IN
from cms.admin.bulk_actions import BULK_ACTIONS
from cms.admin.forms.closed_blocks import register_closed_blocks
from cms.admin.gone import tell_what_is_gone
from cms.admin.refusals.aliases import refuse_edit_of_alias
from cms.admin.snippets import OrganisationViewSet, PersonViewSet
from cms.admin.times import notes
from cms.admin.times.time_zones import zone_in_words
from pages import clock

register_closed_blocks()
register_snippet(PersonViewSet)
register_snippet(OrganisationViewSet)

FOREIGN_HELP = ("whats-new-in-wagtail", "editor-guide")

# After Wagtail's actions of the same names, whose place they take.
for bulk_action in BULK_ACTIONS:
    hooks.register("register_bulk_action", bulk_action, order=1)


@hooks.register("before_bulk_action")
def before_bulk_action(request, action_type, objects, action):
    """What writes many rows with one statement sends no signal."""
    if action.model in (User, Group):
        privileges.check_stored(*objects)


@hooks.register("before_copy_page")
def before_copy_page(request, page):
    """Wagtail fails if where it is to go was deleted while its form was open."""
    above = request.POST.get("new_parent_page", "")
    if above.isdecimal() and not Page.objects.filter(pk=above).exists():
        messages.error(request, "The page that the copy was to go under is gone: choose another.")
        return redirect("wagtailadmin_pages:copy", page.pk)
    return None


@hooks.register("register_admin_urls", order=-1)
def register_admin_urls():
    """Before Wagtail's, some of which have the same addresses and are reversed by their names."""
    start, process = redirect_import.start_import, redirect_import.process_import
    return [
        path("still-signed-in/", keeping.still_signed_in, name="still_signed_in"),
        path("signed-in/", keeping.signed_in, name="signed_in"),
        path("guide/", guide.guide, name="guide"),
        path("guide/pictures/<str:name>", guide.guide_picture, name="guide_picture"),
        path("note-on-a-time/", notes.note, name="note_on_a_time"),
        path("redirects/import/", start, name="wagtailredirects_start_import"),
        path("redirects/import/process/", process, name="wagtailredirects_process_import"),
    ]


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action(LET_IN, "Let sign in again", "Let sign in again before the time was up")


@hooks.register("construct_document_chooser_queryset")
def construct_document_chooser_queryset(documents, request):
    """Each is shown with its collection."""
    return documents.select_related("collection")


@hooks.register("construct_help_menu")
def construct_help_menu(request, items):
    """Without what leads to a manual of other screens than these, in the internet."""
    items[:] = [each for each in items if not each.name.startswith(FOREIGN_HELP)]


@hooks.register("register_help_menu_item")
def register_guide():
    return MenuItem("Guide", reverse("guide"), name="guide", icon_name="help", order=100)


@hooks.register("register_icons")
def register_icons(icons):
    return [*icons, "admin/icons/organisation.svg"]


@hooks.register("filter_form_submissions_for_user")
def filter_form_submissions_for_user(user, forms):
    """What readers wrote is personal: editing a form does not entitle to read its answers."""
    return forms if user.has_perm("wagtailforms.view_formsubmission") else forms.none()


@hooks.register("insert_global_admin_css")
def insert_styles():
    return format_html('<link rel="stylesheet" href="{}">', static("admin/admin.css"))


@hooks.register("insert_global_admin_js")
def insert_scripts():
    # The first at once, for the picker has to know before it makes an input.
    return format_html(
        '<script src="{}" data-now="{}"></script>'
        '<script src="{}"></script>'
        '<script defer src="{}" data-notes="{}" data-zone-in-words="{}"></script>'
        '<script defer src="{}"></script>',
        static("admin/wall_times.js"),
        f"{timezone.localtime(clock.now()):%Y-%m-%dT%H:%M}",
        static("admin/start_widgets.js"),
        static("admin/time_zones.js"),
        reverse("note_on_a_time"),
        zone_in_words(),
        static("admin/required_marks.js"),
    )


@hooks.register("register_page_header_buttons")
def register_page_header_buttons(page, user, view_name, next_url=None):
    if page.live and page.has_unpublished_changes:
        address = reverse("wagtailadmin_pages:revisions_compare", args=(page.pk, "live", "latest"))
        yield Button("Compare with live", address, icon_name="tasks", priority=93)


@hooks.register("before_edit_page")
def before_edit_page(request, page):
    tell_what_is_gone(request, page)
    return refuse_edit_of_alias(request, page)


@hooks.register("before_edit_snippet")
def before_edit_snippet(request, snippet):
    tell_what_is_gone(request, snippet)
