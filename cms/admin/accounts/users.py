"""Administrators keep the accounts of those who may do no more than they; superusers keep others.

``privileges.py`` refuses everything else. These screens do not offer it in the first place.
"""

from django.contrib.auth.models import AbstractUser, Group
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.urls import path
from django.utils.functional import cached_property
from wagtail.users.views import users

from cms.admin.accounts import letting_in
from cms.admin.accounts.privileges import held_by, may_give, privileges_of_groups

__all__ = ["UserViewSet", "groups_to_give"]


def for_editor(form: Form, editor: AbstractUser) -> Form:
    """The form of an account as this editor may fill it in."""
    if editor.is_superuser:
        return form
    if "is_superuser" in form.fields:
        field = form.fields["is_superuser"]
        field.disabled = True
        field.label = "Superuser"
        field.help_text = "Only a superuser can change this. Choose a group instead."
    form.fields["groups"].queryset = groups_to_give(editor)
    return form


def groups_to_give(editor: AbstractUser):
    held = held_by(editor)
    given = [group for group, each in privileges_of_groups().items() if held.cover(each)]
    return Group.objects.filter(pk__in=given)


class CreateView(users.CreateView):
    def get_form(self, form_class=None):
        return for_editor(super().get_form(form_class), self.request.user)


class EditView(users.EditView):
    def dispatch(self, request, *args, **kwargs):
        if not may_give(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form(self, form_class=None):
        return for_editor(super().get_form(form_class), self.request.user)

    @cached_property
    def header_more_buttons(self):
        return [
            *super().header_more_buttons,
            *letting_in.buttons_for(self.request.user, self.object),
        ]


class DeleteView(users.DeleteView):
    def dispatch(self, request, *args, **kwargs):
        if not may_give(request.user, self.get_object()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class UserViewSet(users.UserViewSet):
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = DeleteView
    copy_view_enabled = False  # Wagtail saves what is posted to it over the original.

    def get_urlpatterns(self):
        address = f"let-in/<{self.pk_path_converter}:pk>/"
        return [*super().get_urlpatterns(), path(address, letting_in.let_in, name="let_in")]
