"""The editor's own time zone, in words. Wagtail has made it the active one of the request."""

from datetime import datetime, tzinfo

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.admin.localization import get_available_admin_time_zones
from wagtail.users.models import UserProfile

from pages import clock

__all__ = ["adopt_time_zone", "local_moment", "offset_at", "zone_in_words", "zone_name"]


def zone_name(zone: tzinfo | None = None) -> str:
    """A zone, or the active one, as people read it: ``America/New York``."""
    name = str(zone) if zone else timezone.get_current_timezone_name()
    return name.replace("_", " ")


def offset_at(moment: datetime, zone: tzinfo | None = None) -> str:
    """How far a zone is from UTC at a moment; summer time changes it: ``UTC+02:00``."""
    offset = f"{timezone.localtime(moment, zone):%z}"
    return f"UTC{offset[:3]}:{offset[3:5]}"


def zone_in_words(moment: datetime | None = None, zone: tzinfo | None = None) -> str:
    """A zone and where it stands at a moment, or now: ``Europe/Rome, UTC+01:00``."""
    return f"{zone_name(zone)}, {offset_at(moment or clock.now(), zone)}"


def local_moment(moment: datetime) -> str:
    """A moment in the active zone, with its offset: ``Tue 3 June 2025, 09:00 UTC+02:00``."""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'D j F Y, H:i')} {offset_at(moment)}"


def adopt_time_zone(request: HttpRequest, user: AbstractBaseUser) -> None:
    """Someone who has not chosen a zone yet works in the one their browser is in."""
    zone = request.POST.get("time_zone")
    if zone not in get_available_admin_time_zones():
        return
    profile = UserProfile.get_for_user(user)
    if not profile.current_time_zone:
        profile.current_time_zone = zone
        profile.save(update_fields=["current_time_zone"])
