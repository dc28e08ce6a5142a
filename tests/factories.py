"""The smallest valid object of each kind, published, and standing where its type may stand.

Keyword arguments replace what a factory fills in; ``live=False`` leaves a draft. Pages above are
found, or made when there are none, so that a test states only what matters to it.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from io import BytesIO
from itertools import count
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, Group
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Model
from django.utils import timezone
from django.utils.text import slugify
from PIL import Image as Picture
from wagtail.log_actions import log
from wagtail.models import Locale, Page, ReferenceIndex, Revision, Site
from wagtail.search.index import insert_or_update_object

from cms.perspective.tokens import PreviewToken
from cms.releases import steps as release_steps
from cms.releases.models import ItemAction, Release, ReleaseItem
from cms.scheduling.tasks import indexes_left_alone
from cms.search.models import PromotedResult, PromotedTerm, SearchInVain
from cms.submissions.models import Submission, SubmissionFile
from cms.submissions.searching import searched
from cms.subscriptions.models import Subscriber, SubscriberState
from media.models import Document, Image
from pages import clock
from pages.models import (
    ArticlePage,
    ArticlesPage,
    CharterPage,
    DeliverableCategoryPage,
    DeliverablePage,
    DeliverablesPage,
    FormField,
    FormPage,
    ForumPage,
    ForumsPage,
    HomePage,
    Leader,
    LeadershipPage,
    NewsletterPage,
    NewslettersPage,
    Organisation,
    Person,
    SurveyPage,
)
from pages.models.leadership import LeadershipRole

__all__ = [
    "PAGE_FACTORIES",
    "SNIPPET_FACTORIES",
    "article_page",
    "articles_page",
    "charter_page",
    "deliverable_category_page",
    "deliverable_page",
    "deliverables_page",
    "document",
    "form_page",
    "forum_page",
    "forums_page",
    "home_page",
    "image",
    "leadership_page",
    "newsletter_page",
    "newsletters_page",
    "organisation",
    "pages_above",
    "person",
    "preview_token",
    "promoted_term",
    "release",
    "search_in_vain",
    "subscriber",
    "survey_page",
    "user",
    "user_of_each_role",
]

# What is not known yet when the version is written that is published.
SET_BY_PUBLISHING = ("first_published_at", "last_published_at", "has_unpublished_changes")


# People who work here


def user(username: str = "someone", *, group: str | None = None, **fields: Any) -> AbstractUser:
    """A user, in the group of that name."""
    made = get_user_model().objects.create_user(username, password="password", **fields)
    if group:
        made.groups.add(Group.objects.get(name=group))
    return made


def preview_token(**fields: Any) -> str:
    """The text of a preview token, made by someone who may see everything."""
    maker = fields.pop("created_by", None) or user(f"maker-{uuid4()}", is_superuser=True)
    _, text = PreviewToken.objects.issue(**{"name": "Staging site", "created_by": maker, **fields})
    return text


def user_of_each_role() -> dict[str, AbstractUser]:
    return {
        "staff": user("carla", group="Communications staff", email="carla@example.org"),
        "editor": user("edith", group="Editors", email="edith@example.org"),
        "administrator": user("amir", group="Administrators", email="amir@example.org"),
    }


# Files


def image(title: str = "A picture", **fields: Any) -> Image:
    content = BytesIO()
    Picture.new("RGB", (640, 480), "white").save(content, "PNG")
    return Image.objects.create(
        title=title, file=ContentFile(content.getvalue(), "picture.png"), **fields
    )


def document(title: str = "A document", **fields: Any) -> Document:
    return Document.objects.create(
        title=title, file=ContentFile(b"Words.", "document.txt"), **fields
    )


# Snippets


def organisation(**fields: Any) -> Organisation:
    number = Organisation.objects.count() + 1
    return _snippet(Organisation(**{"name": f"Organisation {number}", **fields}))


def person(**fields: Any) -> Person:
    number = Person.objects.count() + 1
    return _snippet(Person(**{"name": f"Person {number}", **fields}))


def _snippet(made: Any) -> Any:
    if made.live:
        return _published(made, made.save)
    with indexes_left_alone(made):  # The next step writes them.
        made.save()
    made.save_revision(log_action=True)
    return made


# Pages


def home_page(**fields: Any) -> HomePage:
    """A home page that the default site begins with."""
    page = _page(
        HomePage(
            **{"title": "Home", "tagline": "Tagline", "introduction": "<p>Who.</p>", **fields}
        ),
        parent=Page.get_first_root_node(),
    )
    site = Site.objects.get(is_default_site=True)
    site.root_page = page
    site.save()
    return page


def charter_page(*, parent: Page | None = None, **fields: Any) -> CharterPage:
    defaults = {
        "title": "Charter",
        "statement": "<p>Statement.</p>",
        "efficiency_scale": "peta-operations per watt",
        "efficiency_unit": "POp/W",
        "definition": "<p>Definition.</p>",
        "mission": "<p>Mission.</p>",
        "objectives": [("objective", {"heading": "Objective", "text": "What we do about it."})],
    }
    return _page(CharterPage(**{**defaults, **fields}), parent=parent or _found(home_page))


def leadership_page(
    *, parent: Page | None = None, people: list[Person] | None = None, **fields: Any
) -> LeadershipPage:
    page = LeadershipPage(**{"title": "Leadership", **fields})
    page.leaders = [
        Leader(person=leader, role=LeadershipRole.CHAIR)
        for leader in (people if people is not None else [person()])
    ]
    return _page(page, parent=parent or _found(home_page))


def forums_page(*, parent: Page | None = None, **fields: Any) -> ForumsPage:
    return _page(ForumsPage(**{"title": "Forums", **fields}), parent=parent or _found(home_page))


def forum_page(*, parent: Page | None = None, **fields: Any) -> ForumPage:
    edition = fields.setdefault("edition", ForumPage.objects.count() + 1)
    defaults = {"title": f"Forum {edition}", "summary": "<p>Summary.</p>", "time_zone": "UTC"}
    return _page(ForumPage(**{**defaults, **fields}), parent=parent or _found(forums_page))


def deliverables_page(*, parent: Page | None = None, **fields: Any) -> DeliverablesPage:
    return _page(
        DeliverablesPage(**{"title": "Deliverables", **fields}),
        parent=parent or _found(home_page),
    )


def deliverable_category_page(
    *, parent: Page | None = None, **fields: Any
) -> DeliverableCategoryPage:
    return _page(
        DeliverableCategoryPage(**{"title": "Category", **fields}),
        parent=parent or _found(deliverables_page),
    )


def deliverable_page(*, parent: Page | None = None, **fields: Any) -> DeliverablePage:
    defaults = {
        "title": "Deliverable",
        "kind": "report",
        "date": date(2025, 1, 31),
        "summary": "<p>Summary.</p>",
        "link_url": "" if fields.get("document") else "https://example.org/deliverable",
    }
    return _page(
        DeliverablePage(**{**defaults, **fields}),
        parent=parent or _found(deliverable_category_page),
    )


def survey_page(*, parent: Page | None = None, **fields: Any) -> SurveyPage:
    defaults = {"title": "Survey", "introduction": "<p>Introduction.</p>"}
    return _page(SurveyPage(**{**defaults, **fields}), parent=parent or _found(home_page))


def articles_page(*, parent: Page | None = None, **fields: Any) -> ArticlesPage:
    return _page(
        ArticlesPage(**{"title": "Articles", **fields}), parent=parent or _found(home_page)
    )


def article_page(*, parent: Page | None = None, **fields: Any) -> ArticlePage:
    defaults = {"title": "Article", "body": [("paragraphs", {"text": "<p>Text.</p>"})]}
    return _page(ArticlePage(**{**defaults, **fields}), parent=parent or _found(articles_page))


def newsletters_page(*, parent: Page | None = None, **fields: Any) -> NewslettersPage:
    defaults = {"title": "Newsletters", "consent_text": "I agree to get newsletters."}
    return _page(NewslettersPage(**{**defaults, **fields}), parent=parent or _found(home_page))


def newsletter_page(*, parent: Page | None = None, **fields: Any) -> NewsletterPage:
    defaults = {"title": "Newsletter", "body": [("paragraphs", {"text": "<p>Text.</p>"})]}
    return _page(
        NewsletterPage(**{**defaults, **fields}), parent=parent or _found(newsletters_page)
    )


def form_page(*, parent: Page | None = None, **fields: Any) -> FormPage:
    defaults = {"title": "Form", "introduction": "<p>Introduction.</p>"}
    return _page(FormPage(**{**defaults, **fields}), parent=parent or _found(home_page))


def submission(form: FormPage, **answers: Any) -> Submission:
    """What someone has answered."""
    moment = clock.now()
    return Submission.objects.create(
        page=form,
        form_data=answers,
        searched=searched(answers),
        questions=[
            {"name": each.clean_name, "label": each.label, "type": each.field_type}
            for each in FormField.objects.filter(page=form)
        ],
        submit_time=moment,
        kept_until=form.answers_kept_until(moment),
        idempotency_key=uuid4().hex,
    )


def submission_file(answer: Submission, name: str = "cv.txt", content: bytes = b"Words.") -> Any:
    """A file of an answer, which is stored."""
    stored_as = default_storage.save(f"answers/{uuid4().hex}", ContentFile(content))
    return SubmissionFile.objects.create(
        key=uuid4(),
        page_id=answer.page_id,
        submission=answer,
        question="file",
        name=name,
        media_type="text/plain",
        size=len(content),
        stored_as=stored_as,
        is_stored=True,
    )


def subscriber(**fields: Any) -> Subscriber:
    """Someone who has confirmed."""
    moment = clock.now()
    defaults = {
        "site": Site.objects.get(is_default_site=True),
        "email": f"reader-{Subscriber.objects.count() + 1}@example.org",
        "language": "en",
        "state": SubscriberState.SUBSCRIBED,
        "consent_text": "I agree to get newsletters.",
        "asked_at": moment,
        "changed_at": moment,
        "confirmed_at": moment,
    }
    return Subscriber.objects.create(**{**defaults, **fields})


def translation(original: Any, language: str, **fields: Any) -> Any:
    """What a translator publishes of a page whose parent is translated, or of a snippet."""
    locale, _ = Locale.objects.get_or_create(language_code=language)
    made = original.copy_for_translation(locale)
    for name, value in fields.items():
        setattr(made, name, value)
    if made.pk is None:  # Copies of pages are stored as drafts.
        made.live = False
        made.save()
    made.save_revision().publish()
    made.refresh_from_db()
    return made


def setting_translation(model: Any, language: str, *, site: Site | None = None, **fields) -> Any:
    """What is saved of a site's navigation or settings in another language."""
    locale, _ = Locale.objects.get_or_create(language_code=language)
    site = site or Site.objects.get(is_default_site=True)
    return model.objects.create(site=site, locale=locale, **fields)


PAGE_FACTORIES: dict[type[Page], Callable[..., Any]] = {
    ArticlePage: article_page,
    ArticlesPage: articles_page,
    CharterPage: charter_page,
    DeliverableCategoryPage: deliverable_category_page,
    DeliverablePage: deliverable_page,
    DeliverablesPage: deliverables_page,
    FormPage: form_page,
    ForumPage: forum_page,
    ForumsPage: forums_page,
    HomePage: home_page,
    LeadershipPage: leadership_page,
    NewsletterPage: newsletter_page,
    NewslettersPage: newsletters_page,
    SurveyPage: survey_page,
}
SNIPPET_FACTORIES: dict[type[Model], Callable[..., Any]] = {
    Organisation: organisation,
    Person: person,
}


def pages_above() -> None:
    """All that other pages may stand beneath."""
    for factory in (articles_page, deliverable_category_page, forums_page, newsletters_page):
        _found(factory)


def _found(factory: Callable[..., Any]) -> Any:
    """The first page of the kind a factory makes; one is made when there is none."""
    model = next(model for model, made_by in PAGE_FACTORIES.items() if made_by is factory)
    return model.objects.first() or factory()


def _page(page: Any, *, parent: Page) -> Any:
    """Put a page into the tree: as it is when published, or else a draft with a revision."""
    page.slug = page.slug or _free_slug(page.title, parent)
    if page.live and not page.go_live_at:
        return _published(page, lambda: parent.add_child(instance=page))
    live, page.live = page.live, False
    with indexes_left_alone(page):  # The next step writes them.
        parent.add_child(instance=page)
    revision = page.save_revision(log_action=True)
    if live:
        revision.publish()
        page.refresh_from_db()
    return page


def _published(made: Any, save: Callable[[], Any]) -> Any:
    """Store what adding, saving and publishing it one after the other leaves, in half the time.

    ``test_factories`` compares the two.
    """
    draft = {name: getattr(made, name) for name in SET_BY_PUBLISHING}
    made.has_unpublished_changes = False
    written, made.last_published_at = timezone.now(), timezone.now()
    made.first_published_at = made.first_published_at or made.last_published_at
    with indexes_left_alone(made):
        save()
    revision = Revision.objects.create(
        content_object=made,
        base_content_type=made.get_base_content_type(),
        content={**made.serializable_data(), **draft, "live": False},
        created_at=written,
        object_str=str(made),
    )
    stored = {"latest_revision": revision, "live_revision": revision}
    if isinstance(made, Page):
        stored["latest_revision_created_at"] = written
    type(made)._base_manager.filter(pk=made.pk).update(**stored)
    for action in ("wagtail.edit", "wagtail.publish"):
        log(instance=made, action=action, revision=revision, content_changed=True)
    made.refresh_from_db()
    insert_or_update_object(made)
    ReferenceIndex.create_or_update_for_object(made)
    return made


def _free_slug(title: str, parent: Page) -> str:
    """The one that Wagtail chooses, which asks for each that is taken."""
    slug = slugify(title, allow_unicode=True)
    siblings = parent.get_children().filter(slug__startswith=slug)
    taken = set(siblings.values_list("slug", flat=True)) if slug else set()
    return next(each for each in _numbered(slug) if each not in taken)


def _numbered(slug: str) -> Iterator[str]:
    yield slug
    yield from (f"{slug}-{number}" for number in count(2))


# Releases


def release(
    publish: Iterable[Model] = (),
    *,
    unpublish: Iterable[Model] = (),
    redirects: dict[str, str] | None = None,
    site: Site | None = None,
    name: str = "Spring",
    by: AbstractUser | None = None,
    **fields: Any,
) -> Release:
    """An open release; ``redirects`` lead from one path to another, on a site or on all."""
    made = Release.objects.create(name=name, created_by=by, **fields)
    release_steps.add_objects(made, publish, ItemAction.PUBLISH, by)
    release_steps.add_objects(made, unpublish, ItemAction.UNPUBLISH, by)
    for path, target in (redirects or {}).items():
        item = ReleaseItem(release=made, old_path=path, redirect_link=target, site=site)
        release_steps.add_redirect(item, by)
    return made


# Search


def own_place() -> dict[str, Any]:
    return {"site": Site.objects.get(is_default_site=True), "locale": Locale.get_default()}


def promoted_term(term: str, *pages: Page, **fields: Any) -> PromotedTerm:
    """Pages that go first where readers search for it; by default of the site and its language."""
    results = [PromotedResult(page=page, sort_order=order) for order, page in enumerate(pages)]
    made = PromotedTerm(term=term, results=results, **{**own_place(), **fields})
    made.save()
    return made


def search_in_vain(words: str, **fields: Any) -> SearchInVain:
    """What readers have searched for, by default once and today."""
    usual = {"times": 1, "last_on": timezone.localdate(clock.now()), "key": words}
    return SearchInVain.objects.create(words=words, **{**own_place(), **usual, **fields})
