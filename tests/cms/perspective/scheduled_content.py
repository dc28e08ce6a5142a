"""A site with changes of every kind approved for the coming days, and a scheduler to publish them.

The days are those of 2099: what is approved for a moment that has passed is published at once.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from typing import Any
from unittest import mock

from django.utils import timezone
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Page, Revision, Site

from pages.models import (
    ArticleAuthor,
    ArticlePage,
    DeliverableAuthor,
    FormField,
    Leader,
    Navigation,
    Organisation,
    Person,
    SiteSettings,
)
from tests import factories

__all__ = ["at", "build_site", "publish_due", "schedule", "scheduled"]


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2099, 6, day, hour, tzinfo=UTC)


def schedule(
    made: Any, moment: datetime, *, expires: datetime | None = None, **changes: Any
) -> Any:
    """Approve a change of something, or that it goes live."""
    for name, value in changes.items():
        setattr(made, name, value)
    made.go_live_at, made.expire_at = moment, expires
    made.save_revision().publish()
    return made


def scheduled(
    make: Any, moment: datetime, *, expires: datetime | None = None, **fields: Any
) -> Any:
    """Something new that goes live later."""
    return schedule(make(live=False, **fields), moment, expires=expires)


def publish_due(moment: datetime, committing: Callable[[], AbstractContextManager]) -> None:
    """What Wagtail's ``publish_scheduled`` does to revisions, each at its own moment."""
    due = Revision.objects.filter(approved_go_live_at__lte=moment)
    for revision in due.order_by("approved_go_live_at"):
        if revision.content_object is None:
            continue  # It has been deleted.
        with time_is(revision.approved_go_live_at), committing():
            revision.publish(log_action="wagtail.publish.scheduled")


@contextmanager
def time_is(moment: datetime) -> Iterator[None]:
    with mock.patch.object(timezone, "now", return_value=moment):
        yield


def paragraphs(text: str) -> tuple[str, dict]:
    return ("paragraphs", {"text": f"<p>{text}</p>"})


def build_site() -> None:
    """On the 2nd most of it appears or changes, on the 3rd more changes, on the 4th some ends."""
    home = factories.home_page()
    charter = factories.charter_page()
    form = factories.form_page(
        title="Join", form_fields=[FormField(label="Name", field_type="singleline")]
    )
    first = factories.organisation(name="First", website="https://example.org/")
    second = scheduled(factories.organisation, at(2), name="Second", kind="company")
    ada = factories.person(name="Ada", organisation=first)
    ben = scheduled(factories.person, at(2, 8), name="Ben", organisation=second)
    leadership = factories.leadership_page(people=[ada])
    settings_of_site(home, form, second)
    forums(first, second, ben)
    deliverables(ada, ben)
    articles(ada, ben)
    survey = factories.survey_page()

    # What is there changes.
    schedule(charter, at(2), title="New charter", slug="new-charter", mission="<p>New.</p>")
    schedule(first, at(3), name="First of all", website="")
    schedule(ada, at(3), name="Ada Rossi", organisation=second, biography=link_to(charter))
    leadership.leaders.add(Leader(person=ben, role="co_chair"))
    schedule(leadership, at(2), introduction="<p>Two chairs.</p>")
    form.form_fields.add(FormField(label="Your role", field_type="dropdown", choices="A, B"))
    schedule(form, at(2), title="Get involved", slug="get-involved", is_open=True)
    home.refresh_from_db()
    schedule(home, at(3), title="Start", slug="start", join_page=form, join_link_text="Join us")
    schedule(survey, at(2), title="Survey of 2099", form_page=form)


def settings_of_site(home: Page, form: Page, organisation: Organisation) -> None:
    site = Site.objects.get()
    SiteSettings.objects.create(site=site, name="Group", parent_organisation=organisation)
    items = [{"text": "Join", "page": page, "url": "", "children": []} for page in (home, form)]
    Navigation.objects.create(site=site, header=[("item", item) for item in items])


def forums(first: Organisation, second: Organisation, speaker: Person) -> None:
    factories.forum_page(title="Forum 1", date_precision="month", starts_at=at(1))
    theme = {"heading": "Theme", "text": "", "organisations": [first, second]}
    talk = {"heading": "Talk", "speakers": [speaker], "organisations": [second]}
    scheduled(
        factories.forum_page,
        at(2),
        edition=2,
        title="Forum 2",
        themes=[("theme", theme)],
        talks=[("talk", {**talk, "text": "", "recording_url": ""})],
    )
    dated = factories.forum_page(edition=3, title="Forum 3")
    # When it is follows from what is known of its date, and lists are filtered by it.
    schedule(dated, at(2), date_precision="time", starts_at=at(20), ends_at=at(20, 12))


def deliverables(ada: Person, ben: Person) -> None:
    """A section moves, with what stands beneath it; beneath another, everything is new."""
    papers = factories.deliverable_category_page(title="Papers", slug="papers")
    paper = factories.deliverable_page(parent=papers, title="Paper", slug="paper")
    factories.deliverable_page(parent=papers, title="Other", slug="other", live=False)
    schedule(papers, at(2), title="White papers", slug="white-papers")
    paper.authors = [DeliverableAuthor(person=person) for person in (ben, ada)]
    schedule(paper, at(3), slug="first-paper", date=date(2099, 1, 1))
    tools = scheduled(factories.deliverable_category_page, at(2), title="Tools", slug="tools")
    scheduled(factories.deliverable_page, at(2), parent=tools, title="Tool", slug="tool")
    scheduled(
        factories.deliverable_page, at(3), parent=papers, title="New", slug="new", expires=at(4)
    )


def articles(ada: Person, ben: Person) -> None:
    index = factories.articles_page(introduction="<p>Read.</p>")
    old = factories.article_page(
        title="Old", slug="old", kind="news", authors=[ArticleAuthor(person=ada)]
    )
    old.tags.add("edge", "ai")
    old.save_revision().publish()
    other = factories.article_page(title="Other", slug="other", body=[paragraphs("Words.")])
    CreatePageAliasAction(old, parent=index, update_slug="alias").execute()
    ArticlePage.objects.filter(slug="other").update(expire_at=at(2, 12))

    old.refresh_from_db()
    old.authors = [*old.authors.all(), ArticleAuthor(person=ben)]
    old.tags.remove("ai")
    old.tags.add("chips")
    related = [("page", {"page": other})]
    schedule(old, at(2), title="Older", slug="older", kind="newsletter", related_content=related)
    # Twice approved: the later goes live on top of the earlier.
    fresh = scheduled(factories.article_page, at(2), title="Fresh", slug="fresh")
    revision = fresh.get_latest_revision()
    fresh.title, fresh.go_live_at = "Fresher", at(3)
    later = fresh.save_revision()
    Revision.objects.filter(pk=later.pk).update(approved_go_live_at=at(3))
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=at(2))
    scheduled(factories.article_page, at(2), title="Brief", slug="brief", expires=at(3))
    scheduled(factories.article_page, at(20), title="Much later", slug="much-later")
    gone = scheduled(factories.article_page, at(2), title="Gone", slug="gone")
    Revision.objects.filter(object_id=str(gone.pk)).update(object_id="7999999")


def link_to(page: Page) -> str:
    return f'<p>See <a linktype="page" id="{page.pk}">this</a>.</p>'
