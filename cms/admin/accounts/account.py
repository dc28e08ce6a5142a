"""What people say of themselves, where Wagtail's forms are not enough."""

from django import forms
from wagtail.admin.forms.account import LocalePreferencesForm

from pages.zones import ZoneSelect, zone_names

__all__ = ["LocaleForm"]


class LocaleForm(LocalePreferencesForm):
    """Offers zones by their places; those that an account has from before stay valid."""

    current_time_zone = forms.ChoiceField(
        required=False,
        label="Time zone",
        choices=lambda: [("", ""), *((zone, zone) for zone in zone_names())],
        widget=ZoneSelect(unchosen="Not chosen: UTC"),
        help_text="The place whose clocks you go by. Times in the admin are in its zone.",
    )
