"""Where Wagtail's admin meets the offer of redirects, before and after something is removed."""

from wagtail import hooks
from wagtail.models import Page

from cms.removal import deleting, redirect_offer, unpublishing, uses
from cms.removal.unpublishing import UnpublishPages, UnpublishWhatIsDue

# After Wagtail's action of the same name, whose place it takes.
hooks.register("register_bulk_action", UnpublishPages, order=1)


@hooks.register("before_unpublish_page")
def before_unpublish_page(request, page):
    refused = redirect_offer.take_offer(request, [page], deletes=False)
    if refused is None:
        unpublishing.before_unpublishing(request, page)
    return refused


@hooks.register("before_unpublish")
def before_unpublish_snippet(request, snippet):
    unpublishing.before_unpublishing(request, snippet)


@hooks.register("register_snippet_action_menu_item")
def register_snippet_action_menu_item(model):
    """Wagtail offers to unpublish what is live, and readers may see what is only due."""
    return UnpublishWhatIsDue(order=30)


@hooks.register("after_unpublish_page")
def after_unpublish_page(request, page):
    redirect_offer.make_redirects(request, permanent=False)


@hooks.register("before_delete_page")
def before_delete_page(request, page):
    deleting.note_items(request, [page])
    return redirect_offer.take_offer(request, [page], deletes=True)


@hooks.register("after_delete_page")
def after_delete_page(request, page):
    deleting.take_out_deleted(request)
    redirect_offer.make_redirects(request, permanent=True)


@hooks.register("before_delete_snippet")
def before_delete_snippet(request, snippets):
    deleting.note_items(request, snippets)


@hooks.register("after_delete_snippet")
def after_delete_snippet(request, snippets):
    deleting.take_out_deleted(request)


@hooks.register("before_bulk_action")
def before_bulk_action(request, action_type, objects, action):
    if action.model is Page and action_type == "delete":
        deleting.note_items(request, objects)
    if action.model in uses.FILES and action_type == "add_to_collection":
        # Written with one statement, which sends no signal.
        uses.check_moved(objects, action.cleaned_form.cleaned_data["collection"])
    if action.model is Page and action_type in ("delete", "unpublish"):
        return redirect_offer.take_offer(request, objects, deletes=action_type == "delete")
    return None


@hooks.register("after_bulk_action")
def after_bulk_action(request, action_type, objects, action):
    deleting.take_out_deleted(request)
    redirect_offer.make_redirects(request, permanent=action_type == "delete")
