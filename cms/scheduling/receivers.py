"""Signal receivers, one line each; ``apps.py`` connects them."""

from wagtail.models import Page

from cms.scheduling import indexes, takedown
from cms.scheduling.addresses.beneath import tell_what_stays_beneath
from cms.scheduling.addresses.left_by_clock import lead_on_from_where_readers_see
from cms.scheduling.addresses.places import stop_one_too_many
from cms.scheduling.addresses.taken import GoesOut, stop_taken_address, stop_taken_place
from cms.scheduling.locks import keep_what_is_named
from cms.scheduling.plans import going_out
from cms.scheduling.triggers import watch_tables

__all__ = [
    "about_to_go_out",
    "page_about_to_move",
    "page_is_added",
    "page_moved",
    "person_is_saved",
    "person_was_saved",
    "post_migrate",
    "revision_is_saved",
    "unpublished",
]


def about_to_go_out(sender, instance, revision, moment, **kwargs):
    going_out(instance, revision, moment)
    if instance.changes_address:
        stop_taken_address(instance, GoesOut(moment))
    tell_what_stays_beneath(instance)


def page_is_added(sender, instance, created, raw, **kwargs):
    if created and not raw and isinstance(instance, Page):
        stop_taken_address(instance)
        stop_one_too_many(instance)


def page_about_to_move(
    sender, instance, parent_page_before, parent_page_after, url_path_after, **kwargs
):
    stop_taken_place(instance, parent_page_after)
    if parent_page_before.pk != parent_page_after.pk:
        lead_on_from_where_readers_see(instance, url_path_after)


def page_moved(sender, instance, parent_page_before, parent_page_after, **kwargs):
    if parent_page_before.pk != parent_page_after.pk:
        stop_taken_address(instance)
        stop_one_too_many(instance)


def person_is_saved(sender, instance, raw, update_fields, **kwargs):
    if not raw:
        indexes.note_rename(instance, update_fields)


def person_was_saved(sender, instance, **kwargs):
    indexes.follow_rename(instance)


def post_migrate(sender, using, **kwargs):
    watch_tables(using)


def unpublished(sender, instance, **kwargs):
    takedown.end_with(instance)


def revision_is_saved(sender, instance, raw, **kwargs):
    if instance.approved_go_live_at and not raw:
        keep_what_is_named([instance])
