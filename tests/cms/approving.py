"""How somebody in the admin approves: by the screen that shows what changes."""

from django.urls import reverse

__all__ = ["answer", "approve", "asked"]


def asked(client, step, **parameters):
    return client.get(reverse("review", args=[step.pk]), parameters)


def answer(client, step, shown=None, *, follow=True, **data):
    shown = shown or asked(client, step)
    sent = {"seen": shown.context["seen"], "comment": "", **data}
    return client.post(reverse("review", args=[step.pk]), sent, follow=follow)


def approve(client, step, **data):
    return answer(client, step, approve="1", follow=False, **data)
