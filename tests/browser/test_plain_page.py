"""The plain page on a telephone and on a desk, by the rules of accessibility."""

import pytest

from tests.browser.accessibility import problems_of, wider_than_the_window

pytestmark = pytest.mark.browser

SIZES = {"telephone": (390, 844), "desk": (1400, 1000)}
# Every field and block of each type, besides the starter content.
FILL = """
from wagtail.models import Page
from taggit.models import Tag
from media.models import Document, Image
from pages.models import FormField, FormPage, Organisation, Person
from tests import factories
from tests.filling import Filling

targets = {
    Page: [Page.objects.get(depth=2)],
    Image: [factories.image(credit="A photographer", licence="cc_by")],
    Document: [factories.document("Target document")],
    Organisation: [factories.organisation(name="An organisation of a long name " * 3)],
    Person: [factories.person(name="A person", portrait=factories.image("Portrait"),
                              portrait_alt_text="A person who laughs.")],
    Tag: [Tag.objects.create(name="Target tag")],
}
for model, parent in (("Article", "Articles"), ("Deliverable", "DeliverableCategory"),
                      ("Forum", "Forums")):
    from pages import models as ours
    made = getattr(factories, f"{model.lower()}_page")(
        parent=getattr(ours, f"{parent}Page").objects.first(), title="Every field",
        slug="every-field", **({"edition": 99} if model == "Forum" else {}))
    Filling("AWordThatIsQuiteLongAndHasNoPlaceToBreakAnywhere", targets).fill(made)
kinds = FormField._meta.get_field("field_type").flatchoices
form = factories.form_page(slug="every-question", is_open=True, parent=Page.objects.get(depth=2),
    form_fields=[FormField(label=f"A {kind}", field_type=kind, choices="One,Two", help_text="How.")
                 for kind, _ in kinds])
"""
ADDRESSES = """
from wagtail.models import Page
for page in Page.objects.live().filter(depth__gt=1):
    print(page.get_url_parts()[2])
"""


@pytest.fixture(scope="module")
def addresses(site) -> list[str]:
    site.run(FILL)
    return site.run(ADDRESSES).split()


@pytest.mark.parametrize("size", SIZES)
def test_plain_page_is_for_everyone_at_every_size(site, chromium, addresses, size):
    width, height = SIZES[size]
    page = chromium.new_page(viewport={"width": width, "height": height})
    found = {}

    for address in addresses:
        page.goto(site.address + address)
        problems = problems_of(page)
        if wider_than_the_window(page):
            problems.append("It has to be scrolled sideways.")
        if problems:
            found[address] = problems
    page.close()

    assert len(addresses) > 15
    assert found == {}
