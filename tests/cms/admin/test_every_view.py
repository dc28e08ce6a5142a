"""Every view of the admin and every bulk action, given by each role whatever it would accept.

Forms are filled in as a superuser is shown them, with each box ticked and each button pressed, and
sent by everyone: nobody has to stay within what they are shown.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.admin.views.generic.models import CopyViewMixin
from wagtail.models import Page
from wagtail.test.utils.form_data import rich_text

from cms.admin.accounts.privileges import Privileges, privileges_of
from cms.removal.uses import FILES
from pages.models import Organisation, Person
from tests.cms.admin.words import foreign_texts
from tests.cms.admin_content import ROLES, Content, make_content
from tests.cms.html_forms import posted
from tests.cms.submission import stream

pytestmark = pytest.mark.django_db

# Views that nobody asks here, each with the reason.
NOT_ASKED = {
    "admin/test404/": "answers that nothing is there, on purpose",
    "admin/^.*/$": "answers whatever no other view answers",
    "wagtailadmin_error_test": "fails on purpose",
    **dict.fromkeys(
        ["setting_in_language", "delete_setting_in_language"],
        "there is one language: see tests/cms/translation/test_setting_screens.py",
    ),
}
# Views that take what is sent and write nothing, even for a superuser. Others that only show
# something refuse to be sent anything.
WRITES_NOTHING = {
    **dict.fromkeys(
        [
            "wagtailadmin_choose_page_anchor_link",
            "wagtailadmin_choose_page_email_link",
            "wagtailadmin_choose_page_external_link",
            "wagtailadmin_choose_page_phone_link",
            "wagtailadmin_pages:add_subpage",
            "wagtailadmin_pages:choose_parent",
            "wagtailadmin_pages:move",
            "wagtailadmin_workflows:select_task_type",
            "wagtailadmin_workflows:task_chooser_create",
            "wagtailadmin_workflows:task_chosen",
            "wagtailembeds:chooser",
            "wagtailembeds:chooser_upload",
            "wagtailredirects:start_import",
            "wagtailredirects_start_import",
        ],
        "a step before the one that writes",
    ),
    **dict.fromkeys(
        [
            f"{objects}:{view}_{what}"
            for objects in (
                "wagtailadmin_pages",
                "wagtailsnippets_pages_person",
                "wagtailsnippets_pages_organisation",
            )
            for view, what in (
                ("collect_workflow", "action_data"),
                ("confirm_workflow", "cancellation"),
            )
        ],
        "a step before the one that writes",
    ),
    **dict.fromkeys(
        [
            "as_of",
            "as_of_show",
            "calendar",
            "wagtailadmin_pages:revisions_index",
            "wagtailadmin_pages:view_draft",
            "wagtailadmin_sprite",
            "wagtailadmin_tag_autocomplete",
            "wagtailadmin_tag_model_autocomplete",
            "wagtailimages:preview",
            "wagtailsnippets:index",
        ],
        "only shows something",
    ),
    **dict.fromkeys(
        [
            "wagtailadmin_login",
            "wagtailadmin_logout",
            "wagtailadmin_password_reset_confirm",
        ],
        "writes sessions and mails, or wants a secret",
    ),
    **dict.fromkeys(
        ["wagtailadmin_editing_sessions:ping", "wagtailadmin_editing_sessions:release"],
        "notes who has which form open",
    ),
    **dict.fromkeys(
        [
            "begin_page_translation",
            "begin_snippet_translation",
            "simple_translation:submit_page_translation",
            "simple_translation:submit_snippet_translation",
            "wagtaillocales:delete",
        ],
        "there is one language",
    ),
    "translation_up_to_date": "there is one language",
    "calendar_move_expiry": "nothing here expires",
    "calendar_move_release": "moves only from the moment that it was shown under",
    "preview_tokens:edit": "refuses everyone",
    "releases:revert": "no release here is live",
    **dict.fromkeys(
        ["searches_in_vain:add", "searches_in_vain:edit", "subscribers:add"], "refuses everyone"
    ),
    "newsletter_test": "sends a mail to whoever asks for it",
    "record_undelivered": "none of the addresses is on a list",
    "subscribers:edit": "the state is what it was",
    "wagtailadmin_collections:set_privacy": "the collection is public, and stays so",
    "wagtailadmin_pages:set_privacy": "the pages are public, and stay so",
    "wagtailadmin_workflows:add": "adds tasks by JavaScript",
    "wagtailadmin_workflows:enable": "the workflow is enabled",
    "wagtailadmin_workflows:enable_task": "the task is enabled",
    **dict.fromkeys(
        ["delete_answers", "wagtailforms:delete_submissions"], "is told which by its address"
    ),
    "survey_results": "writes what was looked at before",
    "answers_of_person": "deletes what is ticked among what it has found",
}
# Names within what is closed below that show staff nothing of their content.
SHOWN_TO_ALL_STAFF = {
    "wagtailadmin_workflows:task_chooser",
    "wagtailadmin_workflows:task_chooser_create",
    "wagtailadmin_workflows:task_chooser_results",
    "wagtailadmin_workflows:task_chosen",
    "wagtailforms:index",
    "wagtailforms:index_results",
}
METHOD_NOT_ALLOWED = 405
OPEN_TO_EVERYONE = {
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_login",
    "wagtailadmin_password_reset",
    "wagtailadmin_password_reset_complete",
    "wagtailadmin_password_reset_confirm",
    "wagtailadmin_password_reset_done",
    "wagtailadmin_sprite",
}
# The beginnings of the names of views that show a role nothing.
FOR_WHO_PUBLISHES = (
    "preview_tokens",
    "promoted_results",
    "searches_in_vain",
    "setting_in_own_language",
    "wagtailforms",
    "wagtailredirects",
    "wagtailsettings",
)
FOR_ADMINISTRATORS = (
    "wagtailadmin_workflows",
    "wagtaillocales",
    "wagtailsites",
    "wagtailusers",
)
CLOSED = {
    "Communications staff": (*FOR_WHO_PUBLISHES, *FOR_ADMINISTRATORS),
    "Editors": FOR_ADMINISTRATORS,
}

# Names of models and permissions, which cannot be translated. Only administrators see them.
NAMES_OF_MODELS = {
    "1 locale",
    "Add language: Locale - GenEdge CMS",
    "Add language: Locale",
    "Locale",
    "Locales",
    "New: Locale",
    "Can add locale",
    "Can change locale",
    "Can delete locale",
    "Can add workflow",
    "Can change workflow",
    "Can delete workflow",
    "Root page",
}


# Addresses


def admin_views() -> Iterator[tuple[str, URLPattern]]:
    """Each pattern under ``admin/``, by its name or, where it has none, by its route."""

    def walk(patterns, route="", namespaces=()):
        for each in patterns:
            at = route + str(each.pattern)
            if isinstance(each, URLPattern):
                yield at, ":".join([*namespaces, each.name]) if each.name else at, each
            else:
                within = (each.namespace,) if each.namespace else ()
                yield from walk(each.url_patterns, at, (*namespaces, *within))

    for route, name, pattern in walk(get_resolver().url_patterns):
        if route.startswith("admin/"):
            yield name, pattern


def addresses(content: Content) -> dict[str, list[str]]:
    """The addresses of each view, for each of the things it may be about."""
    found: dict[str, dict[str, None]] = {}
    for name, pattern in admin_views():
        urls = found.setdefault(name, {})
        if name not in NOT_ASKED:
            urls.update(dict.fromkeys(SPECIAL.get(name, urls_of)(name, pattern, content)))
    return {name: list(urls) for name, urls in found.items()}


def arguments_of(name: str, content: Content) -> list[dict[str, Any]]:
    namespace = name.rpartition(":")[0]
    return next(content.arguments[key] for key in (name, namespace, "") if key in content.arguments)


def urls_of(name: str, pattern: URLPattern, content: Content) -> Iterator[str]:
    taken = getattr(pattern.pattern, "converters", None) or pattern.pattern.regex.groupindex
    for arguments in arguments_of(name, content):
        if all(each in arguments for each in taken):
            yield reverse(name, kwargs={each: arguments[each] for each in taken})


def urls_of_unpublish(name: str, pattern: URLPattern, content: Content) -> Iterator[str]:
    """Ours stands before Wagtail's of the same address."""
    return urls_of("wagtailadmin_pages:unpublish", pattern, content)


def urls_of_comparisons(name: str, pattern: URLPattern, content: Content) -> Iterator[str]:
    for arguments in content.arguments[""]:
        yield reverse(name, args=[arguments["page_id"], "live", "latest"])


def urls_of_api(name: str, pattern: URLPattern, content: Content) -> Iterator[str]:
    for arguments in content.arguments[""]:
        for action in PagesAdminAPIViewSet.actions:
            yield reverse(name, args=[arguments["pk"], action])


def urls_of_bulk_actions(name: str, pattern: URLPattern, content: Content) -> Iterator[str]:
    about = {
        "user": "wagtailusers_users",
        "person": "wagtailsnippets_pages_person",
        "organisation": "wagtailsnippets_pages_organisation",
        "image": "wagtailimages_chooser",
        "document": "wagtaildocs_chooser",
        "page": "",
    }
    bulk_action_registry.get_bulk_actions_for_model("wagtailcore", "page")
    for app_label, models in bulk_action_registry.actions.items():
        for model, actions in models.items():
            for action in actions:
                url = reverse(name, args=[app_label, model, action])
                for arguments in content.arguments[about[model]]:
                    yield f"{url}?id={arguments['pk']}"


SPECIAL = {
    "admin/pages/<int:page_id>/unpublish/": urls_of_unpublish,
    "wagtailadmin_pages:revisions_compare": urls_of_comparisons,
    "wagtailadmin_api:pages:action": urls_of_api,
    "wagtail_bulk_action": urls_of_bulk_actions,
}


# What is sent


def typed(name: str, url: str, content: Content) -> dict[str, Any]:
    """What has to be entered beside what a form shows: choosers, files, texts of their own form."""
    if "page/move/" in url:
        return {"chooser": content.chosen["category"].pk}
    if name.startswith("calendar_move"):
        later = timezone.localtime() + timedelta(days=2)
        return {"old": content.go_live_at, "new": f"{later:%Y-%m-%d %H:%M}"}
    if name in PROCESS_IMPORT:  # The form that follows an upload.
        first = reverse("wagtailredirects:start_import")
        file = typed("wagtailredirects:start_import", first, content)
        after = posted(Browser(content.people["superuser"]).send("post", first, file))
        return after | {"from_index": 0, "to_index": 1}
    for prefix, view in BY_KEY.items():
        if name == view:
            row = f"{prefix}-{url.rstrip('/').rpartition('/')[2]}"
            return {f"{row}-title": "New", f"{row}-collection": 1}
    return by_view(content).get(name.replace("redirects_", "redirects:"), {})


# Wagtail's names and ours, of the same addresses.
PROCESS_IMPORT = {"wagtailredirects:process_import", "wagtailredirects_process_import"}
BY_KEY = {
    "image": "wagtailimages:edit_multiple",
    "doc": "wagtaildocs:edit_multiple",
    "uploaded-image": "wagtailimages:create_multiple_from_uploaded_image",
    "uploaded-document": "wagtaildocs:create_multiple_from_uploaded_document",
}


def by_view(content: Content) -> dict[str, dict[str, Any]]:
    parent, category = content.chosen["parent"].pk, content.chosen["category"].pk
    picture = SimpleUploadedFile("new.png", content.picture, "image/png")
    text = SimpleUploadedFile("new.txt", b"Words.")
    new = {"title": "New", "collection": 1}
    return {
        "wagtailredirects:add": {"redirect_link": "/new/"},
        "wagtailadmin_pages:add": stream(
            ("paragraphs", {"text": rich_text("<p>Text.</p>")}), field="body"
        ),
        "wagtailadmin_pages:choose_parent": {"parent_page": parent},
        "wagtailadmin_pages:copy": {"new_slug": "copied"},
        "wagtailadmin_account": {
            f"password-{each}": "" for each in ("old_password", "new_password1", "new_password2")
        },
        "wagtailredirects:edit": {"redirect_link": "https://example.org/"},
        "wagtailredirects:start_import": {
            "import_file": SimpleUploadedFile("new.csv", b"from,to\n/a,https://example.org/\n")
        },
        "releases:add_items": {"page": content.chosen["page"].pk},
        "releases:add_redirect": {"old_path": "/older/", "redirect_link": "/elsewhere/"},
        "preview_tokens:add": {"sees": "drafts", "release": "", "page": "", "moment": ""},
        "promoted_results:add": {
            "results-TOTAL_FORMS": 1,
            "results-0-page": content.chosen["page"].pk,
            "results-0-ORDER": 1,
        },
        "wagtailsites:add": {"hostname": "third.example.org", "root_page": parent},
        "wagtailimages:add": {"file": picture},
        "wagtailimages:add_multiple": {"files[]": picture, **new},
        "wagtailimages_chooser:create": {
            f"image-chooser-upload-{field}": value
            for field, value in {**new, "file": picture}.items()
        },
        "wagtaildocs:add": {"file": text},
        "wagtaildocs:add_multiple": {"files[]": text, **new},
        **{
            f"wagtailsnippetchoosers_pages_{kind}:create": {
                f"new-{kind}-name": "New",
                f"new-{kind}-becomes": "keep",
            }
            for kind in ("person", "organisation")
        },
        "wagtaildocs_chooser:create": {
            f"document-chooser-upload-{field}": value
            for field, value in {**new, "file": text}.items()
        },
        "wagtailadmin_api:pages:action": {
            "destination_page_id": category,
            "slug": "by-the-api",
            "locale": "fr",
        },
    }


# Fields that would make a form invalid when they are ticked.
LEFT_OUT = {"is_default_site"}


class Browser:
    """Sends each request with the session of its beginning, whatever the one before did to it."""

    def __init__(self, user: User | None):
        self.client = Client(raise_request_exception=False)
        if user:
            self.client.force_login(user)
        self.cookies = {name: cookie.value for name, cookie in self.client.cookies.items()}

    def send(self, method: str, url: str, data: dict[str, Any] | None = None):
        self.client.cookies.clear()
        for name, value in self.cookies.items():
            self.client.cookies[name] = value
        return getattr(self.client, method)(url, data or {})


class Writes:
    """The tables that were written to, sessions and who has which form open aside."""

    STATEMENT = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
    PASSED_OVER = {"django_session", "wagtailadmin_editingsession"}

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute, sql, params, many, context):
        written = self.STATEMENT.match(sql)
        if written and written[1] not in self.PASSED_OVER:
            self.tables.add(written[1])
        return execute(sql, params, many, context)


# What may not change


def superusers() -> list[Any]:
    """Their accounts and groups, and what failed of their sign-ins."""
    columns = [each.attname for each in User._meta.concrete_fields if each.name != "last_login"]
    found = User.objects.filter(is_superuser=True)
    failed = AccessAttempt.objects.filter(username__in=found.values("username"))
    return [
        *found.order_by("pk", "groups").values_list(*columns, "groups"),
        *failed.order_by("pk").values_list("username", "failures_since_start"),
    ]


# What saving a draft and locking write to an object's row; readers see none of it.
UNSEEN = {"draft_title", "has_unpublished_changes", "latest_revision", "latest_revision_created_at"}
# An alias that becomes a page of its own reads as before.
UNSEEN |= {"alias_of", "live_revision", "numchild", "locked", "locked_at", "locked_by"}


def rows(**conditions: Any) -> dict[Any, dict[str, Any]]:
    found = [
        *Page.objects.filter(**conditions).specific(),
        *Person.objects.filter(**conditions),
        *Organisation.objects.filter(**conditions),
    ]
    return {(type(each), each.pk): each.serializable_data() for each in found}


# The files that something live shows to readers.
IN_USE = ("A picture", "A document")


def what_readers_see() -> dict[Any, dict[str, Any]]:
    seen: dict[Any, dict[str, Any]] = {
        key: {name: value for name, value in row.items() if name not in UNSEEN}
        for key, row in rows(live=True).items()
    }
    for model, columns in FILES.items():
        for row in model._base_manager.filter(title__in=IN_USE):
            seen[model, row.pk] = {name: str(getattr(row, name)) for name in columns}
    return seen


def privileges() -> dict[int, Privileges]:
    return {user.pk: privileges_of(user) for user in User.objects.all()}


@dataclass
class State:
    superusers: list[Any]
    seen: dict[Any, Any]
    locked: dict[Any, Any]
    privileges: dict[int, Privileges]

    @classmethod
    def now(cls) -> State:
        return cls(superusers(), what_readers_see(), rows(locked=True), privileges())


ABOUT_ACCOUNTS = ("auth_", "axes_", "wagtailcore_group")


def broken(role: str, user: User | None, before: State, tables: set[str]) -> Iterator[str]:
    """The rules that were broken by what was just written to these tables."""
    if role == "superuser":
        return
    if any(table.startswith(ABOUT_ACCOUNTS) for table in tables):
        if superusers() != before.superusers:
            yield "changed a superuser"
        held = before.privileges[user.pk] if user else Privileges()
        for key, now in privileges().items():
            earlier = before.privileges.get(key, Privileges())
            if not earlier.cover(now) and not held.cover(now):
                yield "gave more than they have"
    if role in ("Editors", "Administrators"):  # They may publish, and unlock.
        return
    if what_readers_see() != before.seen:
        yield "changed what readers see"
    locked = rows(locked=True)
    if any(locked.get(key) != row for key, row in before.locked.items()):
        yield "changed what is locked"


@pytest.fixture(scope="module")
def content(django_db_setup, django_db_blocker, tmp_path_factory):
    """Made once; whatever a request writes is undone after it."""
    uploads = tmp_path_factory.mktemp("uploads")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(django_settings, "MEDIA_ROOT", uploads)
        made = make_content()
        made.uploads = uploads
        yield made
        transaction.set_rollback(True)


@dataclass
class Answer:
    """What a view answered to who just looks."""

    status: int
    kind: str
    packed: bytes
    would_send: dict[str, Any]
    failure: str

    @classmethod
    def of(cls, response: Any, *, fills_in: bool) -> Answer:
        """Reading the forms takes a while: it is for who fills them in."""
        shown = b"" if response.streaming else response.content
        sent = posted(response) if fills_in else {}
        form = {key: value for key, value in sent.items() if key not in LEFT_OUT}
        failure = repr(response.exc_info[1]) if response.status_code >= 500 else ""
        kind = response.headers.get("Content-Type", "")
        return cls(response.status_code, kind, zlib.compress(shown, level=1), form, failure)

    @property
    def text(self) -> str:
        return zlib.decompress(self.packed).decode()


@pytest.fixture(scope="module")
def shown_to(content) -> Callable[[str], dict[tuple[str, str], Answer]]:
    """What each view shows to a role at each address, asked once for all tests here."""

    @cache
    def shown_to(role: str) -> dict[tuple[str, str], Answer]:
        browser = Browser(content.people.get(role))
        found = {}
        with override_settings(MEDIA_ROOT=content.uploads):
            for name, urls in addresses(content).items():
                for url in urls:
                    with transaction.atomic():
                        response = browser.send("get", url)
                        fills_in = role == "superuser"
                        found[name, url] = Answer.of(response, fills_in=fills_in)
                        transaction.set_rollback(True)
        return found

    return shown_to


@pytest.fixture(scope="module")
def forms(shown_to):
    """What a superuser would send to each address."""
    return {place: answer.would_send for place, answer in shown_to("superuser").items()}


def each_of(roles: list[str]) -> list[Any]:
    """Who may do what is decided in Python: on PostgreSQL, the one asks who may do everything."""
    once = pytest.mark.decided_in_python
    return [role if role == "superuser" else pytest.param(role, marks=once) for role in roles]


# The rules


def test_every_view_is_asked_or_says_why_not(content):
    never_asked = {name for name, urls in addresses(content).items() if not urls}

    assert never_asked == set(NOT_ASKED)


def test_no_view_saves_a_copy_over_the_original():
    copying = [
        name
        for name, pattern in admin_views()
        if issubclass(getattr(pattern.callback, "view_class", object), CopyViewMixin)
    ]

    assert copying == []


@pytest.mark.parametrize("role", each_of(ROLES[:-1]))
def test_view_shows_a_role_only_what_is_its_own(role, shown_to):
    wrong = []

    for (name, url), answer in shown_to(role).items():
        closed = name.startswith(CLOSED.get(role, ())) and name not in SHOWN_TO_ALL_STAFF
        if answer.failure:
            wrong.append(f"{url} failed: {answer.failure}")
        elif answer.status == 200 and (
            closed or (role == "nobody" and name not in OPEN_TO_EVERYONE)
        ):
            wrong.append(f"{name} was shown")

    assert wrong == []


@pytest.mark.parametrize("role", each_of(ROLES[1:-1]))
def test_no_screen_says_a_word_of_programs(role, shown_to):
    found: dict[str, str] = {}
    for (_, url), answer in shown_to(role).items():
        if answer.status == 200 and "html" in answer.kind:
            for text in foreign_texts(answer.text):
                if not (role == "Administrators" and text in NAMES_OF_MODELS):
                    found.setdefault(text, url)

    assert not found, "\n".join(f"{text!r} at {url}" for text, url in found.items())


# A mail has its styles within it. The browser saves it as a file, and shows it nowhere.
SAVED_AS_A_FILE = {"newsletter_download"}
# Scripts and styles that stand in a page, which the content security policy keeps from running.
IN_THE_PAGE = re.compile(
    r"""<script(?![^>]*\s(?:src=|type="application/(?:ld\+)?json"))[^>]*>"""
    r"""|<style|<[^>]*\s(?:on\w+|style)="""
)


def test_no_view_has_scripts_or_styles_in_the_page(shown_to):
    # HTML within JSON has its quotes escaped.
    found = {
        url: IN_THE_PAGE.findall(answer.text.replace('\\"', '"'))
        for (name, url), answer in shown_to("superuser").items()
        if name not in SAVED_AS_A_FILE
    }

    assert {url: tags for url, tags in found.items() if tags} == {}


@pytest.mark.parametrize("role", each_of(ROLES))
def test_role_writes_only_what_it_may(role, content, forms, settings):
    settings.MEDIA_ROOT = content.uploads
    user = content.people.get(role)
    browser, before = Browser(user), State.now()
    wrong, taken, wrote = [], set(), set()

    for (name, url), data in forms.items():
        with transaction.atomic():
            writes = Writes()
            with connection.execute_wrapper(writes):
                response = browser.send("post", url, data | typed(name, url, content))
            if response.status_code >= 500:
                wrong.append(f"{url} failed: {response.exc_info[1]!r}")
            if response.status_code != METHOD_NOT_ALLOWED:
                taken.add(name)
            if writes.tables:
                wrote.add(name)
                wrong += [f"{url} {rule}" for rule in broken(role, user, before, writes.tables)]
            transaction.set_rollback(True)

    assert wrong == []
    if role == "superuser":  # What was sent would do something, for whoever may.
        assert taken - wrote == set(WRITES_NOTHING)


# What the views of the admin read from an address.
READ_FROM_AN_ADDRESS = """
    action alias_of collection_id content_type created_by date_from edit_link_text ends expire_at
    exporting for_explorer go_live_at id link_text locale month next object_id of ordering owner p
    page page_type parent_page_id per_page q release root tag term usage_count user video_id width
"""
NOT_ASKED_FOR_NONSENSE = {
    "wagtaildocs:create_multiple_from_uploaded_document": "the file is gone once it was sent",
    "wagtailimages:create_multiple_from_uploaded_image": "the file is gone once it was sent",
    "wagtailadmin_choose_page_external_link": "wants its one field, which any browser sends",
}


def nonsensical(data: dict[str, Any], nonsense: str) -> Iterator[dict[str, Any]]:
    """Nothing at all, all at once, and one field after the other where there are not many."""
    told = [key for key in data if not key.endswith("_FORMS")]
    yield {}
    yield data | dict.fromkeys(told, nonsense)
    if len(told) <= 12:
        for key in told:
            yield data | {key: nonsense}


# A number that no column holds is refused by the database, and a word in Python.
WORD = pytest.param("x", marks=pytest.mark.decided_in_python)


@pytest.mark.parametrize("nonsense", [WORD, "9" * 20])
def test_no_view_fails_on_what_makes_no_sense(nonsense, content, forms, settings):
    settings.MEDIA_ROOT = content.uploads
    browser = Browser(content.people["superuser"])
    wrong = {}

    def ask(method, url, data):
        with transaction.atomic():
            response = browser.send(method, url, data)
            transaction.set_rollback(True)
        if response.status_code >= 500:
            wrong[f"{method} {url}"] = repr(response.exc_info[1])

    for name, url in dict(reversed(forms)).items():
        if name not in NOT_ASKED_FOR_NONSENSE:
            data = forms[name, url] | typed(name, url, content)
            ask("get", url, dict.fromkeys(READ_FROM_AN_ADDRESS.split(), nonsense))
            for each in nonsensical(data, nonsense):
                ask("post", url, each)

    assert wrong == {}
