"""How Wagtail stores pages, blocks, texts, references, redirects and sites."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail import blocks
from wagtail.contrib.forms.models import AbstractFormField
from wagtail.contrib.redirects.models import Redirect
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import (
    COMMENTS_RELATION_NAME,
    Page,
    PageLogEntry,
    ReferenceIndex,
    Site,
)
from wagtail.rich_text.rewriters import extract_attrs

from pages.models import ArticlePage, CharterPage, LeadershipPage, Person
from tests import factories
from tests.internals.upstream import canary, parameters, source, upstream

# Pages


@canary(
    "`Page.save` reads or writes the address of a page even if its slug is not saved",
    where="pages/base.py",
    look_at="`_all_but_the_place_of` and `BasePage.save`",
)
def test_page_whose_slug_is_not_saved_keeps_its_address(db):
    page = Page.objects.get(pk=factories.charter_page().pk)
    assert "clean" in parameters(Page.save)

    with CaptureQueriesContext(connection) as captured:
        page.save(clean=False, update_fields=["seo_title"])

    begin, update, *_ = [query["sql"] for query in captured]
    assert begin.startswith("SAVEPOINT")
    assert update.startswith('UPDATE "wagtailcore_page" SET "seo_title" = ')


@canary(
    "`Page.save` gives the pages beneath a page their addresses before it is saved itself, or"
    " tells of a new slug in another way",
    where="cms/outbox/recording.py and cms/perspective/redirects.py",
    look_at="`address` and `redirects_after`",
)
def test_addresses_beneath_are_written_after_the_page():
    code = source(Page.save)

    saved = code.index("super().save(**kwargs)")
    assert saved < code.index("self._update_descendant_url_paths(")
    assert saved < code.index("page_slug_changed.send(")


@canary(
    "Wagtail makes other redirects when a page gets another slug",
    where="cms/perspective/redirects.py",
    look_at="`redirects_after`, which tells beforehand what Wagtail will make",
)
def test_new_slug_leaves_a_redirect_for_the_page_and_those_beneath(
    db, django_capture_on_commit_callbacks
):
    article = factories.article_page()
    above = Page.objects.get(pk=article.get_parent().pk).specific
    draft = factories.article_page(live=False, slug="draft", title="Draft")
    old = {page.pk: page.get_url_parts()[2] for page in (above, article)}
    above.slug = "elsewhere"

    with django_capture_on_commit_callbacks(execute=True):
        above.save()

    made = Redirect.objects.values_list(
        "redirect_page", "old_path", "site", "automatically_created", "is_permanent"
    )
    site = Site.objects.get().pk
    assert sorted(made) == sorted(
        (key, Redirect.normalise_path(path), site, True, True) for key, path in old.items()
    )
    assert draft.pk not in {row[0] for row in made}


@canary(
    "Wagtail normalises the paths of redirects in another way",
    where="cms/perspective/redirects.py, cms/releases/models.py and cms/api/schema/route.py",
    look_at="what calls `normalise_path`",
)
def test_paths_of_redirects_are_normalised_as_they_were():
    assert Redirect.normalise_path("/Old-News/?b=2&a=1") == "/Old-News?a=1&b=2"
    assert Redirect.normalise_path("/old/") == Redirect.normalise_path("old") == "/old"
    with pytest.raises(ValueError, match="IPv6"):
        Redirect.normalise_path("http://[")


@canary(
    "Wagtail gives the roots of sites in another form or order",
    where="cms/perspective/redirects.py, cms/releases/checks.py and cms/removal/redirect_offer.py",
    look_at="what calls `get_site_root_paths`",
)
def test_roots_of_sites_come_the_longest_path_first(db):
    home = factories.home_page()
    beneath = factories.articles_page()
    Site.objects.create(hostname="articles.example.org", root_page=beneath)

    roots = Site.get_site_root_paths()

    assert [root.root_path for root in roots] == [beneath.url_path, home.url_path]
    assert roots[0]._fields == ("site_id", "root_path", "root_url", "language_code")


@canary(
    "Wagtail chooses the site of a request by other rules",
    where="cms/api/reading/sites.py",
    look_at="`Sites.under`, which follows them",
)
@pytest.mark.parametrize(
    ("host", "port", "expected"),
    [
        ("one.example.org", 80, "one.example.org:80"),
        ("one.example.org", 8080, "one.example.org:8080"),
        ("one.example.org", 9, "default"),
        ("two.example.org", 9, "two.example.org:80"),
        ("other.example.org", 80, "default"),
    ],
)
def test_site_is_chosen_by_host_name_then_port_then_default(db, host, port, expected):
    home = factories.home_page()
    Site.objects.update(hostname="default.example.org", is_default_site=True)
    for name, number in (("one", 80), ("one", 8080), ("two", 80)):
        Site.objects.create(hostname=f"{name}.example.org", port=number, root_page=home)

    found = upstream("wagtail.models.sites.get_site_for_hostname")(host, port)

    chosen = "default" if found.is_default_site else f"{found.hostname}:{found.port}"
    assert chosen == expected


@canary(
    "A restriction holds for other pages, or other files, than those at or beneath its place",
    where="cms/perspective/visibility.py",
    look_at="`_under_restriction`",
)
def test_restriction_holds_at_and_beneath_its_place(db):
    article, other = factories.article_page(), factories.charter_page()
    above = article.get_parent()
    restriction = upstream("wagtail.models.PageViewRestriction").objects.create(
        page=above, restriction_type="login"
    )
    assert [*article.get_view_restrictions()] == [*above.get_view_restrictions()] == [restriction]
    assert [*other.get_view_restrictions()] == []
    collections = source(upstream("wagtail.models.Collection").get_view_restrictions)
    assert "get_ancestors(inclusive=True)" in collections


@canary(
    "Wagtail keeps the comments beside a page under another name",
    where="cms/perspective/projection.py",
    look_at="`children_of`",
)
def test_comments_are_a_child_relation_of_pages():
    assert COMMENTS_RELATION_NAME == "wagtail_admin_comments"
    assert Page._meta.get_field(COMMENTS_RELATION_NAME).one_to_many


@canary(
    "Wagtail's log of pages tells what it is about in another way than by `page`",
    where="cms/mails/steps.py and cms/home/panels.py",
    look_at="`subject_of` and `PublishedLast`",
)
def test_log_entries_know_what_they_are_about():
    other = upstream("wagtail.models.ModelLogEntry")

    assert PageLogEntry._meta.get_field("page").related_model is Page
    for model in (PageLogEntry, other):
        names = {field.name for field in model._meta.fields}
        assert {"action", "content_type", "data", "label", "revision", "timestamp", "user"} <= names
    assert not hasattr(other, "page")
    assert "object_id" in {field.name for field in other._meta.fields}


@canary(
    "Wagtail takes another permission policy for pages",
    where="cms/admin/permissions.py and cms/admin/subjects.py",
    look_at="`may_see_drafts` and `visible_pages`",
)
def test_policy_of_pages_tells_what_someone_may(db, editor):
    policy = upstream("wagtail.permissions.page_permission_policy")

    held = policy.get_cached_permissions_for_user(editor)
    assert {"change_page", "publish_page"} <= {each.permission.codename for each in held}
    assert all(isinstance(each.page, Page) for each in held)
    assert policy.instances_user_has_permission_for(editor, "publish").model is Page
    assert policy.user_has_permission(editor, "publish") is True


@canary(
    "An uploaded file knows who uploaded it in another way",
    where="media/models.py",
    look_at="`uploader`",
)
@pytest.mark.parametrize(
    "model", ["wagtail.images.models.Image", "wagtail.documents.models.Document"]
)
def test_uploader_is_declared_as_ours_is(model):
    theirs = upstream(model)._meta.get_field("uploaded_by_user")
    ours = upstream(f"media.models.{theirs.model.__name__}")._meta.get_field("uploaded_by_user")

    for name in ("null", "blank", "editable", "verbose_name", "wagtail_reference_index_ignore"):
        assert getattr(theirs, name) == getattr(ours, name)
    assert theirs.remote_field.on_delete is ours.remote_field.on_delete


@canary(
    "Wagtail names the questions of a form in another way",
    where="pages/models/form.py",
    look_at="`FormField.derive_fields`",
)
def test_question_is_named_when_it_is_first_saved():
    assert parameters(AbstractFormField.get_field_clean_name) == []
    code = source(AbstractFormField.save)
    assert "if not self.clean_name: self.clean_name = self.get_field_clean_name()" in code


@canary(
    "Wagtail's models of settings are registered in another place",
    where="cms/removal/impact.py",
    look_at="`Removal.settings`",
)
def test_registry_of_settings_holds_models():
    registry = upstream("wagtail.contrib.settings.registry.registry")

    assert {model.__name__ for model in registry} >= {"Navigation", "SiteSettings"}


# Blocks and texts


def stored(block: blocks.Block, value: Any) -> Any:
    return block.get_prep_value(block.to_python(value))


@canary(
    "Blocks are stored in another form than `type`, `value` and `id`",
    where="cms/api/schema/resolvers.py, cms/perspective/references.py and"
    " pages/lifecycle/checks.py",
    look_at="what reads `raw_data`",
)
def test_blocks_are_stored_with_type_value_and_id():
    stream = blocks.StreamBlock([("names", blocks.ListBlock(blocks.CharBlock()))])
    raw = [{"type": "names", "value": [{"type": "item", "value": "A", "id": "2"}], "id": "1"}]

    assert stored(stream, raw) == raw
    value = stream.to_python(raw)
    assert list(value.raw_data) == raw
    (made,) = stream.get_prep_value(stream.normalize([("names", ["A"])]))
    assert UUID(made["id"])
    assert made["value"][0].keys() == {"type", "value", "id"}


@canary(
    "A block with a picture is compared in another way",
    where="pages/blocks.py",
    look_at="`PictureComparison`",
)
def test_block_with_a_picture_is_compared_by_a_class_of_its_own():
    assert upstream("wagtail.images.blocks.ImageBlockComparison").htmlvalue
    assert ImageBlock().get_comparison_class().__name__ == "ImageBlockComparison"
    assert "val[name]" in source("wagtail.admin.compare")


@canary(
    "A block with a picture is stored in another form",
    where="cms/api/schema/resolvers.py",
    look_at="`_image_block`",
)
def test_block_with_a_picture_is_stored_with_its_words(db):
    picture = factories.image()
    raw = {"image": picture.pk, "alt_text": "A bridge", "decorative": False}

    assert stored(ImageBlock(), raw) == raw


@canary(
    "Blocks know the blocks inside them, or what they choose, by other names",
    where="cms/api/schema/resolvers.py, cms/perspective/references.py and cms/removal/impact.py",
    look_at="`child_blocks`, `child_block`, `base_blocks` and `target_model`",
)
def test_blocks_know_what_is_inside_them():
    class Inner(blocks.StructBlock):
        page = blocks.PageChooserBlock()

    stream = blocks.StreamBlock([("list", blocks.ListBlock(Inner()))])

    inner = stream.child_blocks["list"].child_block
    assert inner.child_blocks["page"].target_model is Page
    assert Inner.base_blocks.keys() == {"page"}
    assert issubclass(blocks.PageChooserBlock, blocks.ChooserBlock)
    assert isinstance(ArticlePage._meta.get_field("body"), StreamField)
    assert isinstance(ArticlePage._meta.get_field("body").stream_block, blocks.StreamBlock)


@canary(
    "Links in rich text are stored in another form than `linktype` and `id`",
    where="cms/api/reading/rich_text.py",
    look_at="`references_in` and `_address`",
)
def test_links_are_stored_with_their_type_and_key(db):
    make = upstream("wagtail.admin.rich_text.converters.contentstate.ContentstateConverter")
    converter = make(["link"])
    key = factories.charter_page().pk
    text = f'<p data-block-key="a1b2c"><a id="{key}" linktype="page">words</a></p>'

    again = converter.to_database_format(converter.from_database_format(text))

    start = again.index("<a ")
    link = again[start : again.index(">", start)]
    assert extract_attrs(link) == {"id": str(key), "linktype": "page"}
    assert 'data-block-key="a1b2c"' in again
    assert extract_attrs('id="7" title="a &lt; b &amp; c"') == {"id": "7", "title": "a < b & c"}


# References


@canary(
    "`ReferenceIndex._extract_references_from_object` is gone or yields something else",
    where="cms/releases/checks.py",
    look_at="`references_of`",
)
def test_references_of_an_object_are_extracted(db):
    person = factories.person()
    page = LeadershipPage(title="Leadership")
    page.leaders.add(upstream("pages.models.Leader")(person=person))

    found = list(ReferenceIndex._extract_references_from_object(page))

    kind = ContentType.objects.get_for_model(Person).pk
    assert [reference[:2] for reference in found if reference[0] == kind] == [
        (kind, str(person.pk))
    ]
    assert all(len(reference) == 4 for reference in found)


@canary(
    "The rows of the reference index have other columns, or another hash",
    where="cms/perspective/references.py, cms/removal/impact.py and cms/outbox/recording.py",
    look_at="`references_of`, `_get_content_path_hash` and `Removal.references`",
)
def test_rows_of_the_reference_index_have_their_columns():
    assert {field.name for field in ReferenceIndex._meta.fields} == {
        "base_content_type",
        "content_path",
        "content_path_hash",
        "content_type",
        "id",
        "model_path",
        "object_id",
        "to_content_type",
        "to_object_id",
    }
    assert isinstance(ReferenceIndex._get_content_path_hash(""), UUID)


@canary(
    "The reference index names places in blocks in another way",
    where="cms/removal/impact.py",
    look_at="`is_in_text` and `block_at`",
)
def test_place_of_a_reference_leads_to_its_block(db):
    person = factories.person()
    inner = blocks.StructBlock(
        [
            (
                "people",
                blocks.ListBlock(upstream("wagtail.snippets.blocks.SnippetChooserBlock")(Person)),
            )
        ]
    )
    stream = blocks.StreamBlock([("section", inner)])
    raw = [{"type": "section", "value": {"people": [person.pk]}}]

    (found,) = stream.extract_references(stream.to_python(raw))

    assert found[0] is Person
    assert found[1] == str(person.pk)
    assert found[2] == "section.people.item"


@canary(
    "The reference index passes over something else than `wagtail_reference_index_ignore` and"
    " parents",
    where="cms/perspective/references.py and the models of cms/",
    look_at="`is_ignored`, and the attribute of that name",
)
def test_reference_index_passes_over_what_asks_for_it():
    code = source(ReferenceIndex._extract_references_from_object)

    assert 'getattr(field, "wagtail_reference_index_ignore", False)' in code
    assert 'field.related_model, "wagtail_reference_index_ignore", False' in code
    assert "isinstance(field, (ParentalKey, GenericRel))" in code
    assert parameters(ReferenceIndex.create_or_update_for_object) == ["object"]


# Search and tasks


@canary(
    "The index of Wagtail's search is made, written or given its norms in another way",
    where="cms/admin/search.py",
    look_at="`Index`",
)
def test_search_index_refreshes_norms_when_something_is_added():
    database = {"postgresql": "postgres.postgres.Postgres", "sqlite": "sqlite.sqlite.SQLite"}
    where = f"wagtail.search.backends.database.{database[connection.vendor]}"
    index, backend = upstream(f"{where}Index"), upstream(f"{where}SearchBackend")

    assert backend.index_class is index
    assert parameters(index._refresh_title_norms) == ["full"]
    assert parameters(index.add_items)[0] == "model"
    assert "self._refresh_title_norms()" in source(index)
    assert "self.entries = " in source(index.__init__)
    module = index.__module__
    assert "_refresh_title_norms(full=True)" in source(module)
    entry = upstream("wagtail.search.models.IndexEntry")
    names = {field.name for field in entry._meta.fields}
    assert {"content_type", "object_id", "title_norm", "title"} <= names
    assert callable(upstream("wagtail.search.utils.get_content_type_pk"))


@canary(
    "Wagtail writes its indexes with other tasks, or gives them other arguments",
    where="cms/scheduling/tasks.py",
    look_at="`INDEXING` and `indexes`",
)
def test_indexes_are_written_by_tasks_that_name_the_object():
    search = upstream("modelsearch.tasks.insert_or_update_object_task")
    references = upstream("wagtail.tasks.update_reference_index_task")

    for task, name in (
        (search, "insert_or_update_object_task"),
        (references, "update_reference_index_task"),
    ):
        assert task.name == name
        assert parameters(task.func) == ["app_label", "model_name", "pk"]
    for module in ("wagtail.signal_handlers", "modelsearch.signal_handlers"):
        assert "_task.enqueue(" in source(module)
        assert "str(instance.pk)" in source(module)


@canary(
    "Tasks that run at once are executed by another method than `_execute_task(task_result)`",
    where="cms/scheduling/tasks.py",
    look_at="`Tasks`",
)
def test_tasks_that_run_at_once_are_executed_by_one_method():
    backend = upstream("django_tasks.backends.immediate.ImmediateBackend")

    assert parameters(backend._execute_task) == ["task_result"]
    assert "self._execute_task(task_result)" in source(backend.enqueue)
    assert {"task", "args"} <= upstream("django_tasks.base.TaskResult").__dataclass_fields__.keys()


@canary(
    "Wagtail hashes files by another function",
    where="pages/starter/placeholder.py",
    look_at="`hash_filelike`",
)
def test_files_are_hashed_by_one_function(tmp_path):
    hash_filelike = upstream("wagtail.utils.file.hash_filelike")
    file = tmp_path / "file"
    file.write_bytes(b"words")

    with file.open("rb") as opened:
        assert hash_filelike(opened) == upstream("hashlib.sha1")(b"words").hexdigest()


@canary(
    "A page of Wagtail's has another serialised form",
    where="pages/lifecycle/revisions.py and cms/perspective/projection.py",
    look_at="`references_in` and `as_published`",
)
def test_serialised_page_holds_keys_by_field_and_rows_by_relation(db):
    person = factories.person()
    page = LeadershipPage(title="Leadership", social_image_id=7, locale_id=1)
    page.leaders.add(upstream("pages.models.Leader")(person=person, role="chair"))

    data = page.serializable_data()

    assert data["social_image"] == 7
    assert [row["person"] for row in data["leaders"]] == [person.pk]
    assert "path" in data
    assert isinstance(CharterPage().serializable_data(), dict)
