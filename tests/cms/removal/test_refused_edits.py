"""What may not be changed is not offered; a form that is refused comes again as filled in."""

from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import Collection

from tests import factories
from tests.cms.html_forms import posted
from tests.cms.removal.test_uses import (
    AS_A_SCRIPT,
    another,
    as_deliverable,
    at_the_head,
    form,
    private_collection,
    screen,
    stored,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("pages_above"),
]

SAID = "“Uses it”, which you may not publish"
FILES: list[Any] = [(factories.image, at_the_head), (factories.document, as_deliverable)]
SEEN = ["title", "credit", "licence"]
both = pytest.mark.parametrize(("make", "use"), FILES, ids=["image", "document"])


def read_only(form):
    """What can only stay as it is, in a browser."""
    fixed = {name for name in SEEN if form.fields[name].widget.attrs.get("readonly")}
    return fixed | ({"licence"} if len(list(form.fields["licence"].choices)) == 1 else set())


# Pictures and documents


@both
def test_staff_can_type_only_what_readers_do_not_see_of_a_file(make, use, staff, sign_in):
    file = make(credit="Ada", licence="cc_by_4")
    use(file)
    window = sign_in(staff)

    shown = window.get(screen(file))
    sent = {**posted(shown), "tags": "autumn"}
    response = window.post(screen(file), sent)

    assert read_only(shown.context["form"]) == set(SEEN)
    assert "file" not in shown.context["form"].fields
    assert "ask someone who may publish" in shown.content.decode()
    assert response.status_code == 302
    file.refresh_from_db()
    assert (file.credit, file.licence) == ("Ada", "cc_by_4")
    assert set(file.tags.names()) == {"autumn"}


@both
@pytest.mark.parametrize("is_used", [True, False])
def test_who_may_publish_it_and_who_sees_it_unused_can_type_all_of_it(
    make, use, is_used, staff, editor, sign_in
):
    file = make()
    if is_used:
        use(file)

    shown = sign_in(editor if is_used else staff).get(screen(file)).context["form"]

    assert read_only(shown) == set()
    assert "file" in shown.fields


@both
def test_what_was_typed_stays_if_the_file_is_used_meanwhile(make, use, staff, sign_in):
    file = make()
    before = stored(file)
    window = sign_in(staff)
    sent = {**posted(window.get(screen(file))), "title": "Typed title", "tags": "typedtag"}
    use(file)

    response = window.post(screen(file), {**sent, "credit": "Typed credit"})

    shown = response.content.decode()
    assert SAID in shown
    for typed in ("Typed title", "Typed credit", "typedtag"):
        assert typed in shown
    assert stored(file) == before
    assert not file.tags.exists()


@both
def test_who_puts_back_what_was_refused_saves_the_rest(make, use, staff, sign_in):
    file = make()
    use(file)
    window = sign_in(staff)

    refused = window.post(screen(file), form(file, title="Typed", tags="typedtag"))
    shown = refused.context["form"]
    saved = window.post(screen(file), {**posted(refused), "title": file.title})

    assert read_only(shown) == {"credit", "licence"}
    assert saved.status_code == 302
    assert set(file.tags.names()) == {"typedtag"}


@both
def test_another_file_is_refused_beside_what_was_typed(make, use, staff, sign_in):
    file = make()
    use(file)
    before = stored(file)

    response = sign_in(staff).post(screen(file), form(file, file=another(file), tags="typedtag"))

    assert "file" in response.context["form"].errors
    assert SAID in response.content.decode()
    assert "typedtag" in response.content.decode()
    assert stored(file) == before


def test_focal_point_is_refused_beside_what_was_typed(staff, sign_in):
    file = factories.image()
    at_the_head(file)
    before = stored(file)
    point = {f"focal_point_{name}": 1 for name in ("x", "y", "width", "height")}

    response = sign_in(staff).post(screen(file), form(file, description="Typed words", **point))

    assert SAID in response.content.decode()
    assert "Typed words" in response.content.decode()
    assert stored(file) == before


@both
def test_private_collection_is_refused_beside_what_was_typed(make, use, staff, sign_in):
    file = make()
    use(file)
    hidden = private_collection()

    response = sign_in(staff).post(screen(file), form(file, collection=hidden.pk, tags="typedtag"))

    assert "collection" in response.context["form"].errors
    assert "typedtag" in response.content.decode()
    assert stored(file)["collection_id"] != hidden.pk


@both
def test_form_after_an_upload_comes_again_with_what_was_typed(make, use, staff, sign_in):
    file = make()
    use(file)
    row = f"{'image' if make is factories.image else 'doc'}-{file.pk}"
    sent = form(file, title="Typed title", tags="typedtag")

    response = sign_in(staff).post(
        screen(file, "edit_multiple"),
        {f"{row}-{name}": value for name, value in sent.items()},
        headers=AS_A_SCRIPT,
    )

    shown = response.json()["form"]
    assert SAID in shown
    assert "Typed title" in shown
    assert "typedtag" in shown


# Collections


def collection_screen(view, collection):
    return reverse(f"wagtailadmin_collections:{view}", args=(collection.pk,))


def test_dialog_that_would_hide_what_readers_see_comes_again(collection, keeper, sign_in):
    at_the_head(factories.image(collection=collection))

    response = sign_in(keeper).post(
        collection_screen("set_privacy", collection),
        {"restriction_type": "password", "password": "typed words"},
        headers=AS_A_SCRIPT,
    )

    answer = response.json()
    assert answer["step"] == "set_privacy"
    assert SAID in answer["html"]
    assert "typed words" in answer["html"]
    assert not collection.get_view_restrictions().exists()


def test_dialog_that_would_show_what_is_private_comes_again(keeper, sign_in):
    hidden = private_collection()
    at_the_head(factories.image(collection=hidden))

    response = sign_in(keeper).post(
        collection_screen("set_privacy", hidden), {"restriction_type": "none"}, headers=AS_A_SCRIPT
    )

    assert SAID in response.json()["html"]
    assert hidden.get_view_restrictions().exists()


def test_collection_put_where_it_is_hidden_keeps_the_name_that_was_typed(
    collection, keeper, sign_in
):
    at_the_head(factories.image(collection=collection))

    response = sign_in(keeper).post(
        collection_screen("edit", collection),
        {"name": "Typed name", "parent": private_collection().pk},
    )

    assert SAID in response.content.decode()
    assert "Typed name" in response.content.decode()
    collection.refresh_from_db()
    assert collection.name == "Pictures"


def with_a_picture(collection):
    at_the_head(factories.image(collection=collection))
    return "1 image"


def with_a_document(collection):
    factories.document(collection=collection)
    return "1 document"


def with_another_beneath(collection):
    with_a_picture(collection.add_child(name="Beneath"))
    return "1 descendant collection"


@pytest.mark.parametrize("role", ["Editors", "Administrators"])
@pytest.mark.parametrize("fill", [with_a_picture, with_a_document, with_another_beneath])
def test_collection_that_is_not_empty_is_deleted_by_nobody_and_says_what_is_in_it(
    fill, role, collection, sign_in
):
    window = sign_in(factories.user(group=role))
    held = fill(collection)
    everything = set(Collection.objects.values_list("pk", flat=True))

    shown = window.get(collection_screen("delete", collection))
    refused = window.post(collection_screen("delete", collection))

    for answer in (shown, refused):
        assert held in answer.content.decode()
        assert "Yes, delete" not in answer.content.decode()
    assert set(Collection.objects.values_list("pk", flat=True)) == everything


def test_empty_collection_is_deleted_by_editors_and_not_by_staff(
    collection, staff, editor, sign_in
):
    address = collection_screen("delete", collection)

    sign_in(staff).post(address)
    assert Collection.objects.filter(pk=collection.pk).exists()

    sign_in(editor).post(address)
    assert not Collection.objects.filter(pk=collection.pk).exists()
