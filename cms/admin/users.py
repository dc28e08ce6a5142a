"""Administrators keep the accounts; only a superuser makes or changes a superuser.

Wagtail lets whoever may edit users tick "Administrator", which would give everything to anyone.
"""

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.forms import Form
from wagtail.users.views import users

__all__ = ["UserViewSet"]


def for_editor(form: Form, editor: AbstractUser) -> Form:
    """The form of an account as this editor may fill it in."""
    if "is_superuser" in form.fields and not editor.is_superuser:
        field = form.fields["is_superuser"]
        field.disabled = True
        field.label = "Superuser"
        field.help_text = "Only a superuser can change this. Choose a group instead."
    return form


class CreateView(users.CreateView):
    def get_form(self, form_class=None):
        return for_editor(super().get_form(form_class), self.request.user)


class EditView(users.EditView):
    def dispatch(self, request, *args, **kwargs):
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form(self, form_class=None):
        return for_editor(super().get_form(form_class), self.request.user)


class UserViewSet(users.UserViewSet):
    add_view_class = CreateView
    edit_view_class = EditView
