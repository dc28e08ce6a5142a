"""Whoever keeps an account lets it sign in again before its time is up.

That takes away what guards the account's password, so it asks for as much as changing it does.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import AbstractUser, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import log

from cms.admin.accounts.privileges import may_give
from cms.admin.sign_in.attempts import COOL_OFF
from cms.admin.sign_in.lock_out import forget_failures, keys_of, lock_out_of

__all__ = ["LET_IN", "buttons_for", "let_in"]

LET_IN = "accounts.let_in"
OF_OTHERS = (
    "If they are told of too many attempts all the same, others made them from the same network: "
    f"that ends by itself within {int(COOL_OFF.total_seconds() // 60)} minutes."
)


def may_let_in(user: AbstractUser, account: User) -> bool:
    """Names that differ only in case are counted as one: that concerns all of these accounts."""
    keys = keys_of(account)
    concerned = (each for each in User.objects.all() if keys & keys_of(each))
    return user.has_perm("auth.change_user") and all(may_give(user, each) for each in concerned)


def buttons_for(user: AbstractUser, account: User) -> Iterator[Button]:
    if lock_out_of(account) and may_let_in(user, account):
        label = f"Let {get_user_display_name(account)} sign in again"
        address = reverse("wagtailusers_users:let_in", args=[account.pk])
        yield Button(label, address, icon_name="lock-open")


@require_http_methods(["GET", "HEAD", "POST"])
def let_in(request: HttpRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(User, pk=pk)
    if not may_let_in(request.user, account):
        raise PermissionDenied
    name = get_user_display_name(account)
    if request.method != "POST":
        context = {"account": account, "name": name, "lock_out": lock_out_of(account)}
        context["of_others"] = OF_OTHERS
        return render(request, "admin/let_in.html", context)
    if forget(request.user, account):
        messages.success(request, f"{name} can try to sign in again.")
    else:
        messages.warning(request, f"Nothing was changed: {name} is not locked out. {OF_OTHERS}")
    return redirect("wagtailusers_users:edit", account.pk)


@transaction.atomic
def forget(user: AbstractUser, account: User) -> bool:
    """Whether there was something to end. The account is locked, since it may do more by now."""
    account = User.objects.select_for_update().get(pk=account.pk)
    if not may_let_in(user, account):
        raise PermissionDenied
    if not lock_out_of(account):
        return False
    forget_failures(account)
    log(instance=account, action=LET_IN, user=user)
    return True
