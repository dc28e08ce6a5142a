"""What goes into a release: added from the release, from an object's own screens, or in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import DraftStateMixin, Page
from wagtail.snippets.models import get_snippet_models

from cms.admin.subjects import Subject
from cms.releases import steps as release_steps
from cms.releases.admin.several import SeveralField
from cms.releases.checks import Check
from cms.releases.models import ItemAction, Release, ReleaseItem, ReleaseItemQuerySet, ReleaseState
from cms.releases.steps import NotPossible

__all__ = [
    "CHANGE",
    "AddPagesToRelease",
    "add_object",
    "add_redirect",
    "add_to_release",
    "may_add",
    "releases_by_object",
    "releases_with",
    "take_out",
]

CHANGE = "publishing.change_release"
ADD = "publishing.add_release"


def may_add(user: Any, subject: Any) -> bool:
    """Whether someone may put an object into a release: it goes live only if others agree."""
    return user.has_perm(CHANGE) and may_edit(user, subject)


def may_edit(user: Any, subject: Any) -> bool:
    if isinstance(subject, Page):
        return subject.permissions_for_user(user).can_edit()
    policy = type(subject).snippet_viewset.permission_policy
    return policy.user_has_permission_for_instance(user, "change", subject)


def releases_with(subject: Any) -> Iterator[Release]:
    """The releases an object is in that have yet to go live."""
    for item in to_go_live(ReleaseItem.objects.of(subject)):
        yield item.release


def releases_by_object(user: Any) -> dict[tuple[int, str], list[Release]]:
    """The same for all there is, by base content type and key.

    Kept with the person, who is another object in each request: lists ask for each row.
    """
    if not hasattr(user, "releases_by_object"):
        found = defaultdict(list)
        for item in to_go_live(ReleaseItem.objects.of_objects()):
            found[(item.base_content_type_id, item.object_id)].append(item.release)
        user.releases_by_object = dict(found)
    return user.releases_by_object


def to_go_live(items: ReleaseItemQuerySet) -> ReleaseItemQuerySet:
    waiting = items.filter(release__state__in=[ReleaseState.OPEN, ReleaseState.APPROVED])
    return waiting.select_related("release").order_by("release__go_live_at", "pk")


# Forms


class ActionForm(forms.Form):
    action = forms.ChoiceField(
        label="With the release",
        choices=[
            (ItemAction.PUBLISH, "Publish its newest version"),
            (ItemAction.UNPUBLISH, "Unpublish it"),
        ],
        initial=ItemAction.PUBLISH,
        widget=forms.RadioSelect,
    )
    beneath = forms.BooleanField(
        label="And the pages beneath it",
        required=False,
        help_text="Published pages when unpublishing, pages with unpublished edits otherwise.",
    )


class ChooseReleaseForm(ActionForm):
    """Into which release: one that is being prepared, or a new one."""

    release = forms.ModelChoiceField(
        Release.objects.filter(state=ReleaseState.OPEN),
        required=False,
        empty_label="A new release:",
    )
    name = forms.CharField(label="Name of the new release", max_length=100, required=False)
    field_order = ("release", "name", "action", "beneath")

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> None:
        super().clean()
        cleaned = self.cleaned_data
        if "release" not in self.errors and not cleaned.get("release") and not cleaned.get("name"):
            self.add_error("release", "Choose a release, or give a new one a name.")
        if cleaned.get("name") and not cleaned.get("release") and not self.user.has_perm(ADD):
            self.add_error("name", "You may not make releases: choose one that is there.")

    def chosen(self) -> Release:
        return self.cleaned_data["release"] or Release.objects.create(
            name=self.cleaned_data["name"], created_by=self.user
        )


class AddForm(ActionForm):
    """What to add: pages or snippets of every kind, as many as one likes."""

    page = SeveralField(Page)
    field_order = ("page", "action", "beneath")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for model in get_snippet_models():
            self.fields[model._meta.model_name] = SeveralField(model)
        self.order_fields([*self.names(), "action", "beneath"])

    def names(self) -> list[str]:
        return ["page", *(model._meta.model_name for model in get_snippet_models())]

    def clean(self) -> None:
        super().clean()
        if not self.errors and not any(self.cleaned_data.get(name) for name in self.names()):
            self.add_error("page", "Choose what to add.")

    def chosen(self) -> list[Any]:
        pages, *snippets = (self.cleaned_data[name] for name in self.names())
        return [*pages.specific(), *(made for found in snippets for made in found)]


class RedirectForm(forms.ModelForm):
    class Meta:
        model = ReleaseItem
        fields = ("old_path", "redirect_page", "redirect_link", "is_permanent")
        labels = {
            "old_path": "From",
            "redirect_page": "To a page",
            "redirect_link": "Or to an address",
            "is_permanent": "For good",
        }
        help_texts = {
            "old_path": "The path that readers may still have: /old-news/",
            "redirect_link": "A path of this site, or an address that begins with https://",
            "is_permanent": "Browsers and search engines remember it.",
        }
        widgets = {"redirect_page": AdminPageChooser}


# Adding


def add(
    release: Release, subjects: Iterable[Any], form: ActionForm, user: Any
) -> list[ReleaseItem]:
    """All of it or nothing. Raises ``PermissionDenied``, and ``NotPossible`` naming each object."""
    if not user.has_perm(CHANGE):
        raise PermissionDenied
    action = form.cleaned_data["action"]
    wanted = list(subjects)
    if form.cleaned_data.get("beneath"):
        wanted += [page for subject in wanted for page in beneath(subject, action)]
    refused = [subject for subject in wanted if not may_edit(user, subject)]
    if refused:
        raise NotPossible(
            *(f"You may not change “{subject}”: leave it out." for subject in refused),
            "Nothing was added.",
        )
    return release_steps.add_objects(release, wanted, action, user)


def beneath(subject: Any, action: Any) -> Iterator[Page]:
    """The pages under one for which an action makes a difference."""
    if isinstance(subject, Page):
        pages = subject.get_descendants()
        if action == ItemAction.UNPUBLISH:
            pages = pages.filter(live=True)
        else:
            pages = pages.filter(has_unpublished_changes=True)
        yield from pages


def report_added(request: HttpRequest, release: Release, items: list[ReleaseItem]) -> None:
    count = len(items)
    text = f"“{items[0]}” is" if count == 1 else f"{count} items are"
    messages.success(request, f"{text} in the release “{release}”.")
    say_what_is_missing(request, release, items)


def say_what_is_missing(request: HttpRequest, release: Release, items: list[ReleaseItem]) -> None:
    """Of each that was added; approving asks for more, such as what else is planned."""
    check, added = Check(release, request.user), {item.pk for item in items}
    found = [*check.waiting_for_approval(), *check.incomplete()]
    texts = [problem.text for problem in found if problem.item and problem.item.pk in added]
    if texts:
        lines = format_html_join("", "<li>{}</li>", ((text,) for text in texts))
        sentence = "Before the release can be approved, this has to be put right:"
        messages.warning(request, format_html("{}<ul>{}</ul>", sentence, lines))


def add_to_release(request: HttpRequest, pk: int) -> HttpResponse:
    """From the release."""
    release = changeable(request, pk)
    form = AddForm(request.POST or None)
    if form.is_valid():
        try:
            report_added(request, release, add(release, form.chosen(), form, request.user))
            return redirect("releases:inspect", release.pk)
        except NotPossible as error:
            form.add_error(None, list(error.reasons))
    return ask(request, form, f"Add to “{release}”", "Add", release=release)


def add_object(request: HttpRequest, content_type_pk: int, object_pk: str) -> HttpResponse:
    """From a page or snippet."""
    subject = object_of(content_type_pk, object_pk)
    if not may_add(request.user, subject):
        raise PermissionDenied
    form = ChooseReleaseForm(request.POST or None, user=request.user)
    if not isinstance(subject, Page):
        del form.fields["beneath"]
    if form.is_valid():
        try:
            with transaction.atomic():  # A new release does not stay without what it is for.
                release = form.chosen()
                items = add(release, [subject], form, request.user)
            report_added(request, release, items)
            return redirect("releases:inspect", release.pk)
        except NotPossible as error:
            form.add_error(None, list(error.reasons))
    back = Subject(type(subject), str(subject.pk), str(subject)).edit_url
    return ask(request, form, f"Add “{subject}” to a release", "Add", back=back)


def object_of(content_type_pk: int, object_pk: str) -> Any:
    model = get_object_or_404(ContentType, pk=content_type_pk).model_class()
    if model is None or not issubclass(model, DraftStateMixin):
        raise Http404("Only what can be a draft goes into a release.")
    try:
        return get_object_or_404(model, pk=object_pk)
    except ValueError as error:
        raise Http404("There is nothing with this key.") from error


def add_redirect(request: HttpRequest, pk: int) -> HttpResponse:
    release = changeable(request, pk)
    form = RedirectForm(
        request.POST or None, instance=ReleaseItem(release=release, action="redirect")
    )
    if form.is_valid():
        try:
            report_added(
                request, release, [release_steps.add_redirect(form.instance, request.user)]
            )
            return redirect("releases:inspect", release.pk)
        except NotPossible as error:
            form.add_error(None, list(error.reasons))
    return ask(request, form, f"Add a redirect to “{release}”", "Add", release=release)


@require_POST
def take_out(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    release = changeable(request, pk)
    item = release.items.filter(pk=item_pk).first()
    if item is not None:  # Somebody else may have been quicker.
        try:
            release_steps.take_out(item, request.user)
            messages.success(request, f"“{item}” is no longer in the release.")
        except NotPossible as error:
            messages.error(request, " ".join(error.reasons))
    return redirect("releases:inspect", release.pk)


def changeable(request: HttpRequest, pk: int) -> Release:
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    return get_object_or_404(Release, pk=pk)


def ask(
    request: HttpRequest,
    form: forms.Form | forms.ModelForm,
    title: str,
    button: str,
    *,
    release: Release | None = None,
    back: str = "",
) -> HttpResponse:
    return render(
        request,
        "releases/add.html",
        {"form": form, "title": title, "button": button, "release": release, "back": back},
    )


class AddPagesToRelease(PageBulkAction):
    display_name = "Add to release"
    action_type = "add_to_release"
    aria_label = "Add selected pages to a release"
    template_name = "releases/add_pages.html"
    action_priority = 45  # Wagtail shows the first four, and the others under “More”.
    form_class = ChooseReleaseForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def check_perm(self, page):
        return may_add(self.request.user, page)

    def get_execution_context(self):
        self.release = self.cleaned_form.chosen()
        return {"release": self.release, "form": self.cleaned_form, "user": self.request.user}

    def form_valid(self, form):
        try:
            with transaction.atomic():
                super().form_valid(form)
        except NotPossible as error:
            form.add_error(None, list(error.reasons))
            return self.form_invalid(form)
        say_what_is_missing(self.request, self.release, list(self.release.items.all()))
        return redirect("releases:inspect", self.release.pk)

    @classmethod
    def execute_action(cls, objects, release=None, form=None, user=None, **kwargs):
        items = add(release, objects, form, user)
        return len(objects), len(items) - len(objects)

    def get_success_message(self, num_parent_objects, num_child_objects):
        count = num_parent_objects + num_child_objects
        return f"{count} {'page is' if count == 1 else 'pages are'} in the release."
