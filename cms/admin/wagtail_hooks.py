"""Where Wagtail's admin meets what all its screens share."""

from django.contrib.auth.models import Group, User
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from cms.admin import privileges
from cms.admin.bulk_actions import BULK_ACTIONS
from cms.admin.gone import tell_what_is_gone
from cms.admin.snippets import OrganisationViewSet, PersonViewSet
from cms.admin.times.time_zones import zone_in_words

register_snippet(PersonViewSet)
register_snippet(OrganisationViewSet)

# After Wagtail's actions of the same names, whose place they take.
for bulk_action in BULK_ACTIONS:
    hooks.register("register_bulk_action", bulk_action, order=1)


@hooks.register("before_bulk_action")
def before_bulk_action(request, action_type, objects, action):
    """What writes many rows with one statement sends no signal."""
    if action.model in (User, Group):
        privileges.check_stored(*objects)


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
    return format_html(
        '<script defer src="{}" data-zone="{}" data-zone-in-words="{}"></script>',
        static("admin/time_zones.js"),
        timezone.get_current_timezone_name(),
        zone_in_words(),
    )


@hooks.register("before_edit_page")
def before_edit_page(request, page):
    tell_what_is_gone(request, page)


@hooks.register("before_edit_snippet")
def before_edit_snippet(request, snippet):
    tell_what_is_gone(request, snippet)
