"""Groups in the admin: who keeps them allows no more than they may do themself."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Form
from wagtail.users.views import groups

from cms.admin.accounts.privileges import held_by, may_give

__all__ = ["GroupViewSet"]


class AllowsNoMore:
    """Offers the permissions that the editor has, and keeps those a group has beside them."""

    def get_form(self, form_class=None) -> Form:
        form = super().get_form(form_class)  # type: ignore[misc]
        editor = self.request.user  # type: ignore[attr-defined]
        if not editor.is_superuser:
            held = {"pk__in": held_by(editor).everywhere}
            form.registered_permissions = form.registered_permissions.filter(**held)
            offered = form.fields["permissions"]
            offered.queryset = offered.queryset.filter(**held)
        return form

    def process_form(self):
        """Permissions on pages and collections are made in bulk, which sends no signal."""
        editor, group = self.request.user, self.object  # type: ignore[attr-defined]
        held_by(editor)
        with transaction.atomic():
            response = super().process_form()  # type: ignore[misc]
            if group.pk and not may_give(editor, group):
                raise PermissionDenied
        return response


class CreateView(AllowsNoMore, groups.CreateView):
    pass


class EditView(AllowsNoMore, groups.EditView):
    def dispatch(self, request, *args, **kwargs):
        if not may_give(request.user, self.get_object()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class DeleteView(groups.DeleteView):
    def dispatch(self, request, *args, **kwargs):
        if not may_give(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class GroupViewSet(groups.GroupViewSet):
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = DeleteView
