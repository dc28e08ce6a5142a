"""Signal receivers, one line each; ``apps.py`` connects them."""

from cms.admin.times.time_zones import adopt_time_zone

__all__ = ["user_logged_in"]


def user_logged_in(sender, request, user, **kwargs):
    adopt_time_zone(request, user)
