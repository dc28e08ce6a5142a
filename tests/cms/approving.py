"""How somebody in the admin approves: by the screen that shows what changes."""

import re
from html import unescape

from django.urls import reverse

__all__ = ["answer", "approve", "asked", "seen_in"]


def asked(client, step, **parameters):
    return client.get(reverse("review", args=[step.pk]), parameters)


def seen_in(response):
    """Which version a screen showed, as its form sends it."""
    (value,) = re.findall(r'name="seen" value="([^"]*)"', response.content.decode())
    return unescape(value)


def answer(client, step, shown=None, *, follow=True, **data):
    shown = shown or asked(client, step)
    sent = {"seen": seen_in(shown), "comment": "", **data}
    return client.post(reverse("review", args=[step.pk]), sent, follow=follow)


def approve(client, step, **data):
    return answer(client, step, approve="1", follow=False, **data)
