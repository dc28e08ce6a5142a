"""One of each thing that a view of the admin is about, in each state that makes a difference."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from axes.models import AccessAttempt
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    Locale,
    Page,
    Site,
    UploadedFile,
    Workflow,
)

from cms.admin.sign_in.attempts import OF_ACCOUNT_AT_ADDRESS
from cms.perspective.tokens import PreviewToken
from cms.releases import steps as release_steps
from pages import clock
from tests import factories

__all__ = ["ROLES", "Content", "make_content"]

ROLES = ["nobody", "Communications staff", "Editors", "Administrators", "superuser"]


@dataclass
class Content:
    people: dict[str, Any] = field(default_factory=dict)
    # For each name of views, or the namespace of several, the arguments they are called with.
    arguments: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    # What is chosen in forms whose choosers are drawn by JavaScript.
    chosen: dict[str, Any] = field(default_factory=dict)
    # When what is scheduled goes live, as the calendar's forms say it.
    go_live_at: str = ""
    picture: bytes = b""
    uploads: Path | None = None


def make_content() -> Content:
    made = Content()
    root = User.objects.create_superuser("rosa", "rosa@example.org", "password")
    for role in ROLES[1:4]:
        made.people[role] = factories.user(role.split()[0].lower(), group=role)
    made.people["superuser"] = User.objects.create_superuser("rita", "rita@example.org", "x")
    add_objects(made, root)
    add_releases(made, root)
    add_files(made)
    add_settings(made, root)
    add_newsletters(made)
    return made


# The states that an object may be in


def locked(subject: Any, by: User) -> Any:
    subject.locked, subject.locked_by, subject.locked_at = True, by, timezone.now()
    subject.save()
    return subject


def submitted(subject: Any, by: User) -> Any:
    subject.get_workflow().start(subject, by)
    return subject


def scheduled(subject: Any) -> Any:
    subject.go_live_at = timezone.now() + timedelta(days=1)
    subject.save_revision(approved_go_live_at=subject.go_live_at)
    return subject


def add_objects(made: Content, root: User) -> None:
    staff = made.people["Communications staff"]
    articles = factories.articles_page()
    live = factories.deliverable_page(title="Live")
    awaits = submitted(factories.article_page(title="Submitted", live=False), staff)
    pages = [
        live,
        locked(factories.article_page(title="Locked"), root),
        locked(factories.article_page(title="Locked draft", live=False), root),
        awaits,
        scheduled(factories.article_page(title="Scheduled")),
        live.create_alias(parent=live.get_parent(), update_slug="mirror"),
    ]
    category = factories.deliverable_category_page(title="Other")
    made.chosen = {"page": live, "parent": articles, "category": category}
    made.go_live_at = pages[4].go_live_at.isoformat()
    session = EditingSession.objects.create(
        user=root,
        content_type=ContentType.objects.get_for_model(live),
        object_id=live.pk,
        last_seen_at=timezone.now(),
    )
    shared = {
        "parent_page_id": articles.pk,
        "content_type_app_name": "pages",
        "content_type_model_name": "articlepage",
        "app_name": "pages",
        "destination_id": category.pk,
        "session_id": session.pk,
        "uidb64": "MQ",
        "token": "set-password",
    }
    made.arguments[""] = [{**shared, **about(page, awaits)} for page in pages]
    made.arguments["guide_picture"] = [{"name": "editors-home.png"}]
    for model, make in factories.SNIPPET_FACTORIES.items():
        awaits = submitted(make(name="Submitted", live=False), staff)
        subjects = [make(name="Live"), locked(make(name="Locked"), root), awaits]
        arguments = [about(subject, awaits) for subject in subjects]
        for namespace in ("wagtailsnippets_pages", "wagtailsnippetchoosers_pages"):
            made.arguments[f"{namespace}_{model._meta.model_name}"] = arguments


def about(subject: Any, awaits: Any) -> dict[str, Any]:
    """Arguments of views about an object; where no workflow is under way, that of another."""
    state = subject.current_workflow_state or awaits.current_workflow_state
    content_type = ContentType.objects.get_for_model(subject).pk
    return {
        **dict.fromkeys(
            ["pk", "page_id", "page_to_move_id", "page_pk", "object_id", "object_pk"], subject.pk
        ),
        **dict.fromkeys(["content_type_id", "content_type_pk"], content_type),
        **({"revision_id": subject.latest_revision_id} if subject.latest_revision_id else {}),
        "revision_id_a": "live",
        "revision_id_b": "latest",
        "action_name": "approve",
        "task_state_id": state.current_task_state_id,
        "task_id": state.current_task_state.task_id,
        "workflow_state_id": state.pk,
        "app_label": subject._meta.app_label,
        "model_name": subject._meta.model_name,
    }


def add_releases(made: Content, root: User) -> None:
    page = made.chosen["page"]
    later = {"go_live_at": timezone.now() + timedelta(days=1), "by": root}
    announced = factories.article_page(title="Announced", live=False)
    releases = [
        factories.release(unpublish=[page], name="Open", **later),
        factories.release(publish=[announced], name="Approved", **later),
    ]
    release_steps.approve(releases[1], root)
    token, _ = PreviewToken.objects.issue(name="Staging", created_by=root)
    made.arguments |= {
        "releases": [
            {
                "pk": release.pk,
                "item_pk": release.items.get().pk,
                "content_type_pk": ContentType.objects.get_for_model(page).pk,
                "object_pk": page.pk,
            }
            for release in releases
        ],
        "calendar_move_release": [{"pk": release.pk} for release in releases],
        "preview_tokens": [{"pk": token.pk}],
        "searches_in_vain": [{"pk": factories.search_in_vain("dark").pk}],
        "promoted_results": [{"pk": factories.promoted_term("light", page).pk}],
        "as_of_show": [{"key": "now", "path": "articles/"}],
    }
    both = [*made.arguments[""], *made.arguments["wagtailsnippets_pages_person"]]
    for name in ("cancel_scheduled", "schedule_newest", "calendar_move_go_live"):
        made.arguments[name] = made.arguments["calendar_move_expiry"] = both


def add_files(made: Content) -> None:
    picture, document = factories.image(), factories.document()
    for name in ("renditions_of_image", "renditions_again"):
        made.arguments[name] = [{"image_id": picture.pk}]
    # Readers see both.
    factories.deliverable_page(
        title="With files", document=document, social_image=picture, social_image_alt_text="Words"
    )
    with picture.file.open() as file:
        made.picture = file.read()
    collection = Collection.get_first_root_node().add_child(name="Pictures")
    made.arguments |= {
        "wagtailadmin_api:documents": [{"pk": document.pk}],
        "wagtailadmin_api:images": [{"pk": picture.pk}],
        "wagtailadmin_collections": [{"pk": collection.pk, "collection_id": collection.pk}],
        "wagtaildocs": [
            {
                "document_id": document.pk,
                "doc_id": document.pk,
                "uploaded_file_id": uploaded(document, made.people["superuser"]).pk,
            }
        ],
        "wagtailimages": [
            {
                "image_id": picture.pk,
                "filter_spec": "width-100",
                "uploaded_file_id": uploaded(picture, made.people["superuser"]).pk,
            }
        ],
        "wagtaildocs_chooser": [{"pk": document.pk}],
        "wagtailimages_chooser": [{"pk": picture.pk, "image_id": picture.pk}],
    }


def add_newsletters(made: Content) -> None:
    edition = {"page_id": factories.newsletter_page(title="Edition").pk}
    steps, kinds = ("begin", "pause", "resume", "retry", "stop"), ("html", "txt")
    made.arguments |= {
        "subscribers": [{"pk": factories.subscriber().pk}],
        "newsletter_mailing": [edition],
        "newsletter_test": [edition],
        "newsletter_step": [{**edition, "step": step} for step in steps],
        "newsletter_download": [{**edition, "kind": kind} for kind in kinds],
    }


def uploaded(file: Model, by: User) -> UploadedFile:
    with file.file.open() as opened:
        copy = SimpleUploadedFile(file.filename, opened.read())
    return UploadedFile.objects.create(
        for_content_type=ContentType.objects.get_for_model(type(file)),
        file=copy,
        uploaded_by_user=by,
    )


def locked_out(account: User) -> None:
    AccessAttempt.objects.create(
        username=account.username,
        ip_address="192.0.2.1",
        failures_since_start=OF_ACCOUNT_AT_ADDRESS,
        attempt_time=clock.now(),
    )


def add_settings(made: Content, root: User) -> None:
    form = factories.form_page()
    survey = factories.survey_page(form_page=form)
    answer = factories.submission(form, name="Ada Rossi")
    file = factories.submission_file(answer)
    redirect = Redirect.objects.create(old_path="/old", redirect_link="/new")
    site = Site.objects.create(hostname="second.example.org", root_page=made.chosen["parent"])
    readers = Group.objects.create(name="Readers of forms")
    more = Group.objects.create(name="May do more than Administrators")
    more.permissions.add(Permission.objects.get(codename="add_contenttype"))
    owner = factories.user("olga")
    owner.groups.add(more)
    task, workflow = GroupApprovalTask.objects.get(), Workflow.objects.get()
    accounts = [root, owner, *(made.people[role] for role in ROLES[1:4])]
    for account in accounts:
        locked_out(account)
    made.arguments |= {
        "wagtailforms": [{"page_id": form.pk}],
        "answer": [{"key": answer.pk}],
        "answer_file": [{"key": answer.pk, "file_key": file.key}],
        "delete_answers": [{"page_id": form.pk}],
        "survey_results": [{"page_id": survey.pk}],
        "wagtailredirects": [{"redirect_id": redirect.pk}],
        "wagtailsettings": [
            {"app_name": "pages", "model_name": model, "pk": site.pk}
            for model in ("navigation", "sitesettings")
        ],
        "setting_in_own_language": [
            {"app_name": "pages", "model_name": model, "pk": site.pk}
            for model in ("navigation", "sitesettings")
        ],
        "wagtailadmin_tag_model_autocomplete": [{"app_name": "taggit", "model_name": "tag"}],
        **dict.fromkeys(
            ["begin_snippet_translation", "simple_translation:submit_snippet_translation"],
            made.arguments["wagtailsnippets_pages_person"],
        ),
        "wagtailadmin_workflows": [
            {
                "pk": workflow.pk,
                "page_pk": Page.get_first_root_node().pk,
                "workflow_pk": workflow.pk,
                "task_id": task.pk,
                "app_label": "wagtailcore",
                "model_name": "groupapprovaltask",
            }
        ],
        **{
            f"wagtailadmin_workflows:{view}": [{"pk": task.pk}]
            for view in ("edit_task", "disable_task", "enable_task")
        },
        "wagtaillocales": [{"pk": Locale.objects.get().pk}],
        "wagtailsites": [{"pk": site.pk}],
        "wagtailusers_users": [{"pk": account.pk} for account in accounts],
        "wagtailusers_groups": [
            {"pk": group.pk} for group in [readers, more, *Group.objects.filter(name__in=ROLES)]
        ],
    }
