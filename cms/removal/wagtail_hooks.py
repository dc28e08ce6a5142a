"""Where Wagtail's admin meets the offer of redirects, before and after something is removed."""

from wagtail import hooks
from wagtail.models import Page

from cms.removal import redirect_offer


@hooks.register("before_unpublish_page")
def before_unpublish_page(request, page):
    return redirect_offer.take_offer(request, [page], deletes=False)


@hooks.register("after_unpublish_page")
def after_unpublish_page(request, page):
    redirect_offer.make_redirects(request, permanent=False)


@hooks.register("before_delete_page")
def before_delete_page(request, page):
    return redirect_offer.take_offer(request, [page], deletes=True)


@hooks.register("after_delete_page")
def after_delete_page(request, page):
    redirect_offer.make_redirects(request, permanent=True)


@hooks.register("before_bulk_action")
def before_bulk_action(request, action_type, objects, action):
    if action.model is Page and action_type in ("delete", "unpublish"):
        return redirect_offer.take_offer(request, objects, deletes=action_type == "delete")
    return None


@hooks.register("after_bulk_action")
def after_bulk_action(request, action_type, objects, action):
    redirect_offer.make_redirects(request, permanent=action_type == "delete")
