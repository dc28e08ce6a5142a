"""What is planned for one object: a newer edit is never undone without a word."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import BadRequest, ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail import hooks
from wagtail.models import Revision

from cms.mails.models import Notification
from cms.releases import steps as release_steps
from cms.scheduling.approvals import CARRIED_OVER
from cms.scheduling.queue import queued
from pages.models import ArticleAuthor, ArticlePage, SurveyPage
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.approving import approve
from tests.cms.submission import answer, submission

pytestmark = [pytest.mark.usefixtures("pages_above"), pytest.mark.decided_in_python]

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (
    datetime(2099, 6, day, 9, tzinfo=UTC) for day in range(1, 6)
)
ARTICLE = """{ articles { nodes { title standfirst tags authors { person { name } }
    body { ... on ArticleParagraphs { text { html } } ... on ArticleHeading { heading } } } } }"""


def paragraphs(text, key):
    return {"type": "paragraphs", "value": {"text": f"<p>{text}</p>"}, "id": key}


def heading(text, key):
    return {"type": "heading", "value": {"heading": text}, "id": key}


@pytest.fixture
def page(db, clock):
    body = [heading("Opening", "h"), paragraphs("First.", "a"), paragraphs("Second.", "b")]
    return factories.article_page(
        title="As it is",
        standfirst="Why.",
        body=json.dumps(body),
        authors=[ArticleAuthor(person=factories.person(name="Ada"))],
    )


@pytest.fixture
def window(editor, sign_in):
    return sign_in(editor)


def live_version(page):
    return ArticlePage.objects.get(pk=page.pk)


def edited(page, **changes):
    """A version of its own that begins with what is live, as from an older window."""
    version = live_version(page)
    for name, value in changes.items():
        setattr(version, name, value)
    return version


def plan(page, moment, user=None, **changes):
    edited(page, go_live_at=moment, **changes).save_revision(user=user).publish(user=user)


def publish(window, page, moment="", **changes):
    """Through the form, beginning with what is live, as after returning to that version."""
    version = edited(page, **changes)
    ids = {f"body-{place}-id": block.id for place, block in enumerate(version.body)}
    fields = {"go_live_at": moment, "action-publish": "1", **ids}
    return window.post(admin_url(page, "edit"), submission(version, **fields))


def body(**texts):
    words = {"a": "First.", "b": "Second.", **texts}
    return json.dumps(
        [heading("Opening", "h"), *(paragraphs(text, key) for key, text in words.items() if text)]
    )


def seen(ask, clock, moment):
    clock.moment = moment
    [node] = ask(ARTICLE)["articles"]["nodes"]
    return node


def texts(node):
    found = [block["text"]["html"] for block in node["body"] if "text" in block]
    return [re.sub(" data-block-key=[^>]*", "", html) for html in found]


def test_correction_stays_when_an_older_version_goes_live(page, window, ask, clock):
    plan(page, MONDAY, title="Launched")

    response = publish(window, page, standfirst="Corrected.")

    assert response.status_code == 302
    before = seen(ask, clock, clock.moment)
    assert (before["title"], before["standfirst"]) == ("As it is", "Corrected.")
    after = seen(ask, clock, MONDAY)
    assert (after["title"], after["standfirst"]) == ("Launched", "Corrected.")
    call_command("run_scheduler", once=True)
    assert seen(ask, clock, MONDAY) == after
    said = window.get(admin_url(page, "edit")).content.decode()
    assert "taken into what is scheduled for Mon 1 June 2099" in said


def test_newer_edit_is_taken_in_block_by_block_and_row_by_row(page, window, ask, clock):
    grace = factories.person(name="Grace")
    ben = factories.person(name="Ben")
    first = live_version(page).authors.get()
    plan(page, MONDAY, body=body(b="Planned."), authors=[first, ArticleAuthor(person=grace)])
    authors = [ArticleAuthor(person=ben), live_version(page).authors.get()]

    publish(window, page, body=body(a="Corrected."), authors=authors)

    after = seen(ask, clock, MONDAY)
    assert texts(after) == ["<p>Corrected.</p>", "<p>Planned.</p>"]
    assert {each["person"]["name"] for each in after["authors"]} == {"Ada", "Ben", "Grace"}


@pytest.mark.parametrize(("stays", "title"), [("newer", "Corrected"), ("waiting", "Launched")])
def test_what_both_changed_is_named_and_asked(stays, title, page, window, ask, clock):
    plan(page, MONDAY, title="Launched")

    response = publish(window, page, title="Corrected", standfirst="Too.")

    asked = response.content.decode()
    assert response.status_code == 409
    assert "Title (what is scheduled for Mon 1 June 2099, 09:00 UTC+00:00)" in asked
    assert "Launched" in asked
    assert "Corrected" in asked
    assert live_version(page).title == "As it is"
    answer(window, response, stays)
    assert live_version(page).title == "Corrected"
    after = seen(ask, clock, MONDAY)
    assert (after["title"], after["standfirst"]) == (title, "Too.")
    call_command("run_scheduler", once=True)
    assert live_version(page).title == title


def test_what_was_typed_is_not_taken_for_an_answer(page, window, ask, clock):
    plan(page, MONDAY, title="Launched")
    response = publish(window, page, title="waiting")

    answer(window, response, "newer")

    assert seen(ask, clock, MONDAY)["title"] == "waiting"


def test_nothing_typed_is_lost_when_it_is_saved_as_a_draft_instead(page, window):
    plan(page, MONDAY, title="Launched")
    response = publish(window, page, title="Corrected")

    window.post(admin_url(page, "edit"), dict(response.context["draft"]))

    assert live_version(page).title == "As it is"
    assert live_version(page).get_latest_revision().content["title"] == "Corrected"


def test_history_tells_what_was_taken_over(page, window, editor):
    plan(page, MONDAY, title="Launched")

    publish(window, page, standfirst="Corrected.")

    shown = window.get(admin_url(page, "history")).content.decode()
    assert "A newer edit was taken into the version that goes live on Mon 1 June 2099" in shown
    assert "edith" in shown


def test_it_stays_the_version_of_who_approved_it_who_is_told(page, window, administrator):
    plan(page, MONDAY, administrator, title="Launched")

    publish(window, page, standfirst="Corrected.")
    publish(window, page, standfirst="Corrected again.")

    newest = live_version(page).get_latest_revision()
    assert (newest.approved_go_live_at, newest.user) == (MONDAY, administrator)
    row = live_version(page)
    assert (row.draft_title, row.has_unpublished_changes) == ("Launched", True)
    [change] = queued(page)
    assert change.approved_by == administrator
    told = Notification.objects.filter(recipient=administrator, step=CARRIED_OVER)
    assert [each.subject for each in told] == [
        "“As it is” has a newer edit in it and goes live"
    ] * 2


def test_what_is_scheduled_in_between_is_taken_into_what_follows(page, window, ask, clock):
    plan(page, THURSDAY, title="On Thursday")

    publish(window, page, "2099-06-01 09:00", standfirst="On Monday.")

    monday, thursday = (seen(ask, clock, moment) for moment in (MONDAY, THURSDAY))
    assert (monday["title"], monday["standfirst"]) == ("As it is", "On Monday.")
    assert (thursday["title"], thursday["standfirst"]) == ("On Thursday", "On Monday.")


def test_what_goes_live_before_it_stays_the_version_that_was_approved(page, window):
    plan(page, MONDAY, body=body(b="On Monday."))
    plan(page, THURSDAY, body=body(b="On Monday."), title="On Thursday")
    monday = page.revisions.get(approved_go_live_at=MONDAY)

    publish(window, page, "2099-06-02 09:00", body=body(b="On Monday."), standfirst="On Tuesday.")

    assert page.revisions.get(approved_go_live_at=MONDAY) == monday


@pytest.mark.parametrize("moment", ["", "2099-06-02 09:00"], ids=["now", "on Tuesday"])
def test_what_readers_see_already_is_what_an_edit_began_with(moment, page, window, ask, clock):
    """Also before a scheduler has made it permanent; nobody is asked about what nobody changed."""
    plan(page, MONDAY, title="Launched")
    plan(page, THURSDAY, title="Renamed")
    clock.moment = MONDAY

    response = publish(window, page, moment, title="Launched", standfirst="Corrected.")

    assert response.status_code == 302
    after = seen(ask, clock, THURSDAY)
    assert (after["title"], after["standfirst"]) == ("Renamed", "Corrected.")


def test_what_readers_see_already_is_corrected_without_a_question(page, window, ask, clock):
    plan(page, MONDAY, title="Launched")
    clock.moment = MONDAY

    response = publish(window, page, title="Corrected")

    assert response.status_code == 302
    assert seen(ask, clock, MONDAY)["title"] == "Corrected"
    assert queued(page) == []


def test_of_what_readers_have_never_seen_each_difference_is_asked(window, db, clock):
    """There is nothing that both versions began with."""
    page = factories.article_page(title="As it is", standfirst="Why.", live=False)
    plan(page, THURSDAY, title="Launched")

    response = publish(window, page, "2099-06-01 09:00", title="As it is", standfirst="On Monday.")

    asked = response.content.decode()
    assert response.status_code == 409
    for label in ("Title", "Standfirst"):
        assert f"{label} (what is scheduled for Thu 4 June 2099, 09:00 UTC+00:00)" in asked


@pytest.mark.parametrize(
    ("expires", "then"),
    [(WEDNESDAY, None), (THURSDAY, None), (FRIDAY, FRIDAY)],
    ids=["before", "at once", "after"],
)
def test_expiry_is_not_taken_into_what_goes_live_only_after_it(expires, then, page, window):
    plan(page, THURSDAY, title="Launched")

    response = publish(window, page, expire_at=expires)

    assert response.status_code == 302
    assert live_version(page).expire_at == expires
    assert queued(page)[0].expires_at == then


def test_what_a_script_publishes_is_taken_into_what_follows_too(page, ask, clock):
    plan(page, THURSDAY, title="Launched")

    plan(page, MONDAY, standfirst="Corrected.")

    after = seen(ask, clock, THURSDAY)
    assert (after["title"], after["standfirst"]) == ("Launched", "Corrected.")


def test_older_version_that_a_script_publishes_is_not_taken_into_a_newer_one(page, ask, clock):
    older = edited(page, standfirst="Older.").save_revision()
    plan(page, MONDAY, title="Launched")
    edited(page, title="A draft").save_revision()

    older.publish()

    assert live_version(page).standfirst == "Older."
    after = seen(ask, clock, MONDAY)
    assert (after["title"], after["standfirst"]) == ("Launched", "Why.")


def test_version_that_a_script_publishes_before_its_moment_is_not_planned_any_more(
    page, ask, clock
):
    planned = edited(page, standfirst="Planned.").save_revision()
    Revision.objects.filter(pk=planned.pk).update(approved_go_live_at=MONDAY)
    plan(page, THURSDAY, title="Launched")

    Revision.objects.get(pk=planned.pk).publish()

    assert live_version(page).standfirst == "Planned."
    assert [each.moment for each in queued(page)] == [THURSDAY]
    after = seen(ask, clock, THURSDAY)
    assert (after["title"], after["standfirst"]) == ("Launched", "Why.")


def approved_release(page, editor, moment, name="Spring", **changes):
    edited(page, **changes).save_revision(user=editor)
    release = factories.release([page], by=editor, go_live_at=moment, name=name)
    release_steps.approve(release, editor)
    return release


def test_correction_stays_when_a_release_goes_live(page, window, editor, ask, clock):
    approved_release(page, editor, MONDAY, title="Launched")

    publish(window, page, standfirst="Corrected.")

    after = seen(ask, clock, MONDAY)
    assert (after["title"], after["standfirst"]) == ("Launched", "Corrected.")
    call_command("run_scheduler", once=True)
    assert seen(ask, clock, MONDAY) == after
    assert (live_version(page).title, live_version(page).standfirst) == ("Launched", "Corrected.")


def taken_down(page, editor, moment):
    release = factories.release(unpublish=[page], by=editor, go_live_at=moment, name="Autumn")
    release_steps.approve(release, editor)
    return release


def titles(ask, clock, moment):
    clock.moment = moment
    return [node["title"] for node in ask(ARTICLE)["articles"]["nodes"]]


def test_what_is_taken_down_later_is_corrected_until_then(page, window, editor, ask, clock):
    taken_down(page, editor, THURSDAY)
    plan(page, MONDAY, title="Launched")

    assert publish(window, page, standfirst="Corrected.").status_code == 302

    before = seen(ask, clock, MONDAY)
    assert (before["title"], before["standfirst"]) == ("Launched", "Corrected.")
    assert titles(ask, clock, THURSDAY) == []


def test_what_is_taken_down_in_between_comes_back_when_it_is_planned(
    page, window, editor, ask, clock
):
    taken_down(page, editor, MONDAY)

    response = publish(window, page, "2099-06-02 09:00", title="Again")

    assert response.status_code == 302
    assert [titles(ask, clock, moment) for moment in (MONDAY, TUESDAY)] == [[], ["Again"]]
    clock.moment = MONDAY - timedelta(days=1)
    assert move(window, page, TUESDAY, THURSDAY).status_code == 302
    assert [titles(ask, clock, moment) for moment in (TUESDAY, THURSDAY)] == [[], ["Again"]]


def test_moment_of_a_release_is_not_that_of_another_plan(page, window, editor):
    approved_release(page, editor, MONDAY, title="Launched")

    response = publish(window, page, "2099-06-01 09:00", standfirst="At the same second.")

    assert response.status_code == 409
    assert "part of the release “Spring” on Mon 1 June 2099" in response.content.decode()
    assert not page.revisions.filter(approved_go_live_at__isnull=False).exists()


def move(window, page, old, new, **headers):
    revision = page.revisions.get(approved_go_live_at=old)
    address = reverse("calendar_move_go_live", args=(revision.pk,))
    data = {"old": old.isoformat(), "new": f"{new:%Y-%m-%d %H:%M}", "day": f"{new:%Y-%m-%d}"}
    return window.post(address, data, headers=headers)


def test_calendar_moves_nothing_to_the_moment_of_another_plan(page, window):
    plan(page, MONDAY, title="On Monday")
    plan(page, THURSDAY, standfirst="On Thursday.")

    response = move(window, page, MONDAY, THURSDAY, **{"X-Requested-With": "XMLHttpRequest"})

    sentence = response.json()["message"]
    assert response.status_code == 409
    assert "what is scheduled for Thu 4 June 2099" in sentence
    assert response.json() == {
        "success": False,
        "error_code": "plans_refused",
        "error_message": sentence,
        "message": sentence,
    }
    assert page.revisions.filter(approved_go_live_at=MONDAY).exists()


def test_what_is_moved_past_a_newer_version_keeps_what_that_changed(page, window, ask, clock):
    plan(page, MONDAY, title="Older")
    plan(page, TUESDAY, standfirst="Newer.")

    assert move(window, page, MONDAY, THURSDAY).status_code == 302

    tuesday, thursday = (seen(ask, clock, moment) for moment in (TUESDAY, THURSDAY))
    assert (tuesday["title"], tuesday["standfirst"]) == ("As it is", "Newer.")
    assert (thursday["title"], thursday["standfirst"]) == ("Older", "Newer.")
    call_command("run_scheduler", once=True)
    assert seen(ask, clock, THURSDAY) == thursday


def test_what_is_moved_past_two_newer_versions_keeps_what_each_changed(page, window, ask, clock):
    plan(page, MONDAY, title="Older")
    plan(page, TUESDAY, standfirst="Newer.")
    plan(page, WEDNESDAY, standfirst="Newer.", body=body(a="Newest."))

    move(window, page, MONDAY, THURSDAY)

    after = seen(ask, clock, THURSDAY)
    assert (after["title"], after["standfirst"]) == ("Older", "Newer.")
    assert texts(after) == ["<p>Newest.</p>", "<p>Second.</p>"]


@pytest.mark.parametrize(
    ("older", "newer", "moment"),
    [(MONDAY, THURSDAY, TUESDAY), (MONDAY, TUESDAY, THURSDAY)],
    ids=["the older one", "the newer one"],
)
def test_what_is_moved_but_not_past_another_changes_nothing_else(
    older, newer, moment, page, window, ask, clock
):
    plan(page, older, title="Older")
    plan(page, newer, standfirst="Newer.")
    moved, other = (older, newer) if newer == THURSDAY else (newer, older)
    stays = page.revisions.get(approved_go_live_at=other)

    move(window, page, moved, moment)

    first, second = (seen(ask, clock, each) for each in sorted((other, moment)))
    assert (first["title"], first["standfirst"]) == ("Older", "Why.")
    assert (second["title"], second["standfirst"]) == ("As it is", "Newer.")
    assert page.revisions.get(approved_go_live_at=other) == stays


def test_newer_version_that_is_moved_before_an_older_one_is_taken_into_it(page, window, ask, clock):
    plan(page, TUESDAY, title="Older")
    plan(page, THURSDAY, standfirst="Newer.")

    move(window, page, THURSDAY, MONDAY)

    monday, tuesday = (seen(ask, clock, moment) for moment in (MONDAY, TUESDAY))
    assert (monday["title"], monday["standfirst"]) == ("As it is", "Newer.")
    assert (tuesday["title"], tuesday["standfirst"]) == ("Older", "Newer.")


def test_item_of_a_release_that_has_the_number_of_a_version_is_not_taken_for_it(
    page, window, editor, ask, clock
):
    plan(page, MONDAY, title="Older")
    release = approved_release(page, editor, TUESDAY, standfirst="Newer.")
    release.items.update(id=page.revisions.get(approved_go_live_at=MONDAY).pk)

    assert move(window, page, MONDAY, THURSDAY).status_code == 302

    after = seen(ask, clock, THURSDAY)
    assert (after["title"], after["standfirst"]) == ("Older", "Newer.")


def test_what_both_changed_is_asked_in_the_calendar_too(page, window, ask, clock):
    plan(page, MONDAY, title="Older")
    plan(page, TUESDAY, title="Newer")

    asked = move(window, page, MONDAY, THURSDAY)

    assert "“As it is” was changed in two places" in asked.content.decode()
    assert "Only save it as a draft" not in asked.content.decode()
    assert f'href="{admin_url(page, "edit")}"' in asked.content.decode()
    assert page.revisions.filter(approved_go_live_at=MONDAY).exists()
    answer(window, asked, "waiting")
    assert [seen(ask, clock, moment)["title"] for moment in (TUESDAY, THURSDAY)] == [
        "Newer",
        "Older",
    ]


def test_approval_in_a_workflow_is_compared_too(page, staff, window, sign_in, editor):
    approved_release(page, editor, MONDAY, title="Launched")
    writer = sign_in(staff)
    version = edited(page, standfirst="Of the staff.")
    fields = {"go_live_at": "2099-06-01 09:00", "action-submit": "1"}
    writer.post(admin_url(page, "edit"), submission(version, **fields))
    step = live_version(page).current_workflow_task_state

    response = approve(window, step)

    assert response.status_code == 409
    assert "the release “Spring”" in response.content.decode()
    step.refresh_from_db()
    assert step.status == "in_progress"


# How it is asked


def quotes(response):
    """What stays where that was written last, and what where it stays as planned."""
    return re.findall("<q>(.*?)</q>", response.content.decode())


def test_only_words_that_readers_see_are_quoted(page, window):
    plan(page, MONDAY, body=body(b="As <b>planned</b>."))

    response = publish(window, page, body=body(b="Corrected."))

    assert quotes(response) == ["Corrected.", "As planned."]


def test_words_of_items_within_a_block_are_quoted(window, db, clock):
    tied = {"text": "Others", "basis": "ranked", "tied_with_previous": True}

    def questions(answer):
        options = [
            {"type": "item", "value": {"text": answer, "basis": "ranked"}, "id": "o"},
            {"type": "item", "value": tied, "id": "t"},
        ]
        value = {"heading": "Tools", "options": options}
        return json.dumps([{"type": "question", "value": value, "id": "q"}])

    made = factories.survey_page(questions=questions("Compilers"))
    planned, version = SurveyPage.objects.get(pk=made.pk), SurveyPage.objects.get(pk=made.pk)
    planned.questions, planned.go_live_at = questions("Debuggers"), MONDAY
    planned.save_revision().publish()
    version.questions = questions("Profilers")
    keys = {"questions-0-id": "q"}
    keys |= {f"questions-0-value-options-{place}-id": key for place, key in enumerate("ot")}

    response = window.post(
        admin_url(made, "edit"), submission(version, **keys, **{"action-publish": "1"})
    )

    newer, waiting = quotes(response)
    assert newer.split() == ["Tools", "Profilers", "ranked", "Others", "ranked"]
    assert waiting.split() == ["Tools", "Debuggers", "ranked", "Others", "ranked"]


def test_whether_a_picture_is_decorative_is_not_quoted(page, window):
    plan(page, MONDAY, header_image_alt_text="A planned chip")

    response = publish(window, page, header_image_alt_text="A corrected chip")

    assert quotes(response) == ["A corrected chip", "A planned chip"]


def test_of_what_is_long_two_hundred_letters_are_quoted(page, window):
    plan(page, MONDAY, standfirst="w" * 200)

    response = publish(window, page, standfirst="n" * 201)

    assert quotes(response) == ["n" * 199 + "…", "w" * 200]


def test_what_was_taken_out_is_said_to_be(page, window):
    plan(page, MONDAY, body=body(b=""))

    response = publish(window, page, body=body(b="Corrected."))

    assert quotes(response) == ["Corrected.", "(taken out)"]


def test_items_that_both_put_in_another_order_are_quoted_by_their_words(page, window):
    first, second, third = (paragraphs(f"{text}.", text) for text in ("One", "Two", "Three"))
    opening = heading("Opening", "h")
    publish(window, page, body=json.dumps([opening, first, second, third]))
    plan(page, MONDAY, body=json.dumps([opening, second, first, third]))

    response = publish(window, page, body=json.dumps([opening, third, second, first]))

    assert "Body: order" in response.content.decode()
    assert quotes(response) == ["Three., then Two., then One.", "Two., then One., then Three."]


@pytest.mark.parametrize(("number", "more"), [(8, ["1 more"]), (7, [])])
def test_of_a_long_order_six_items_are_quoted(number, more, page, window):
    places = [paragraphs("w" * 50, str(place)) for place in range(number)]
    publish(window, page, body=json.dumps(places))
    plan(page, MONDAY, body=json.dumps([*places[1:], places[0]]))

    response = publish(window, page, body=json.dumps(places[::-1]))

    assert quotes(response) == [", then ".join(["w" * 39 + "…"] * 6 + more)] * 2


def test_what_was_chosen_is_quoted_by_its_name(page, window):
    row = live_version(page).authors.get()

    def choice(picture, person):
        author = ArticleAuthor(pk=row.pk, person=factories.person(name=person))
        image = factories.image(title=picture)
        return {"header_image": image, "header_image_decorative": True, "authors": [author]}

    plan(page, MONDAY, **choice("A chip", "Grace"))

    response = publish(window, page, **choice("A wafer", "Ben"))

    assert quotes(response) == ["A wafer", "A chip", "Ben", "Grace"]


def test_what_a_block_refers_to_is_quoted_by_its_name(page, window):
    def picture(image):
        use = {"image": image.pk, "alt_text": "Words", "decorative": False}
        return json.dumps([{"type": "picture", "value": {"picture": use}, "id": "p"}])

    publish(window, page, body=picture(factories.image(title="A chip")))
    plan(page, MONDAY, body=picture(factories.image(title="A wafer")))
    factories.image(title="A board")

    response = publish(window, page, body=picture(factories.image(title="A lens")))

    assert quotes(response) == ["A lens Words", "A wafer Words"]


def test_page_that_a_block_refers_to_is_quoted_by_its_newest_title(page, window):
    def related(title):
        other = factories.article_page(title="Old", slug=title.lower())
        other.title = title
        other.save_revision()
        link = {"type": "page", "value": {"page": other.pk}, "id": "r"}
        return {"related_content": json.dumps([link])}

    edited(page, **related("First")).save_revision().publish()
    plan(page, MONDAY, **related("Second"))

    version = edited(page, **related("Third"))
    keys = {"related_content-0-id": "r", "body-0-id": "h", "body-1-id": "a", "body-2-id": "b"}
    sent = submission(version, **keys, **{"action-publish": "1"})
    response = window.post(admin_url(page, "edit"), sent)

    assert quotes(response) == ["Third", "Second"]


def test_picture_of_a_block_that_is_gone_has_no_words(page, window):
    """As an import may leave it: what is deleted in any way of ours is not named by a plan."""

    def picture(key):
        use = {"image": key, "alt_text": "", "decorative": True}
        return json.dumps([{"type": "picture", "value": {"picture": use}, "id": "p"}])

    first, planned, newer = (factories.image(title=title).pk for title in ("A", "B", "A lens"))
    publish(window, page, body=picture(first))
    plan(page, MONDAY, body=picture(planned))
    version = Revision.objects.get(approved_go_live_at=MONDAY)
    version.content = {**version.content, "body": picture(newer + 1)}
    version.save()

    response = publish(window, page, body=picture(newer))

    assert quotes(response) == ["A lens", "(without words)"]


def test_moment_that_was_taken_out_has_no_words(page, window):
    page.expire_at = FRIDAY
    page.save_revision().publish()
    plan(page, MONDAY, expire_at=None)

    response = publish(window, page, expire_at=FRIDAY + timedelta(days=1))

    newer, waiting = quotes(response)
    assert newer != waiting == "(without words)"


def test_what_has_no_words_is_said_to_have_none(page, window):
    plan(page, MONDAY, standfirst="Planned.")

    response = publish(window, page, standfirst="")

    assert quotes(response) == ["(without words)", "Planned."]


def test_answers_and_the_key_of_the_form_are_not_sent_again_by_themselves(page, editor):
    plan(page, MONDAY, title="Launched")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    strict.get(admin_url(page, "edit"))
    version = edited(page, title="Corrected")
    fields = {
        **{f"body-{place}-id": block.id for place, block in enumerate(version.body)},
        "action-publish": "1",
        "csrfmiddlewaretoken": strict.cookies["csrftoken"].value,
        "stays:go-live-1:title": "newer",
    }

    response = strict.post(admin_url(page, "edit"), submission(version, **fields))

    asked = response.content.decode()
    assert response.status_code == 409
    assert "stays:go-live-1:title" not in asked
    [answers, draft] = re.findall(
        f'action="{admin_url(page, "edit")}"(.*?)</form>', asked, re.DOTALL
    )
    assert answers.count("csrfmiddlewaretoken") == draft.count("csrfmiddlewaretoken") == 1


def test_nothing_is_said_to_be_taken_over_where_nothing_is_planned(page, window):
    publish(window, page, title="Corrected")

    assert "was taken into" not in window.get(admin_url(page, "edit")).content.decode()


@pytest.mark.parametrize("error", [RuntimeError, BadRequest])
def test_nothing_is_said_to_be_taken_over_by_what_fails_in_the_end(error, page, window):
    plan(page, MONDAY, title="Launched")
    window.raise_request_exception = False

    def fail(request, page):
        raise error("A mistake of ours")

    with hooks.register_temporarily("after_publish_page", fail):
        response = publish(window, page, standfirst="Corrected.")

    assert response.status_code >= 400
    assert "was taken into" not in window.get(admin_url(page, "edit")).content.decode()


@pytest.mark.parametrize(
    "error", [ValidationError("A mistake of ours"), ValidationError({"slug": "A mistake of ours"})]
)
def test_mistake_of_ours_is_not_taken_for_a_question(error, page, window):
    def fail(request, page):
        raise error

    with (
        hooks.register_temporarily("after_publish_page", fail),
        pytest.raises(ValidationError, match="A mistake of ours"),
    ):
        publish(window, page, title="Corrected")
