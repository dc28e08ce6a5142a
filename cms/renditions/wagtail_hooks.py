"""Where Wagtail's admin meets the files of pictures."""

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.renditions import views


@hooks.register("register_admin_urls")
def register_admin_urls():
    return [
        path("picture-sizes/", views.all_pictures, name="renditions"),
        path("picture-sizes/<int:image_id>/", views.one_picture, name="renditions_of_image"),
        path("picture-sizes/<int:image_id>/again/", views.again, name="renditions_again"),
    ]


class SizesMenuItem(MenuItem):
    def is_shown(self, request):
        return views.may_see(request)


@hooks.register("register_reports_menu_item")
def register_sizes():
    return SizesMenuItem("Picture sizes", reverse("renditions"), icon_name="image", order=900)
