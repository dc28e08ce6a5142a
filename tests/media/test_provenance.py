"""Who made a picture, how, and under which terms: taken from an upload, kept in every file."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import defusedxml.ElementTree
import pillow_heif
import pytest
from django.urls import reverse
from PIL import Image as Picture
from PIL.PngImagePlugin import PngInfo

from cms.worker.process import work_off
from media.models import Image
from media.renditions.making import storage
from media.renditions.presets import presets
from tests import factories
from tests.conftest import post_graphql
from tests.media.doors import DOORS, refusal, single, upload
from tests.media.made import PLACE, picture, written

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]

# As a program for pictures writes it, the shorter way and the longer.
XMP = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
  xmlns:exif="http://ns.adobe.com/exif/1.0/"
  xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"
  xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
  photoshop:City="{PLACE.decode()}" exif:GPSLatitude="59,20.1N"
  xmpRights:WebStatement="http://creativecommons.org/licenses/by-sa/4.0/legalcode"
  Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia">
  <dc:creator><rdf:Seq><rdf:li>Ada Núñez</rdf:li><rdf:li>Bo Ek</rdf:li></rdf:Seq></dc:creator>
  <dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Ada &amp; Bo</rdf:li>
    <rdf:li xml:lang="de">Alle Rechte</rdf:li></rdf:Alt></dc:rights>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
FOUND = {
    "credit": "Ada Núñez, Bo Ek",
    "copyright_notice": "© Ada & Bo",
    "licence": "cc_by_sa_4",
    "digital_source_type": "compositeWithTrainedAlgorithmicMedia",
}
NOTHING = dict.fromkeys(FOUND, "")


def png_notes() -> PngInfo:
    notes = PngInfo()
    notes.add_itxt("XML:com.adobe.xmp", XMP)
    return notes


def heic() -> bytes:
    content = BytesIO()
    drawn = Picture.new("RGB", (64, 48), "red")
    pillow_heif.from_pillow(drawn).save(content, xmp=XMP.encode())
    return content.getvalue()


def iim(*, charset: str = "utf-8") -> bytes:
    """The older form, within what Photoshop notes in a JPEG."""
    data = b""
    for number, text in ((80, "Ada Núñez"), (116, "© Ada")):
        coded = text.encode(charset)
        data += bytes([0x1C, 2, number]) + len(coded).to_bytes(2, "big") + coded
    block = b"8BIM\x04\x04\0\0" + len(data).to_bytes(4, "big") + data + b"\0" * (len(data) % 2)
    block = b"Photoshop 3.0\0" + block
    segment = b"\xff\xed" + (len(block) + 2).to_bytes(2, "big") + block
    content = picture()
    return content[:2] + segment + content[2:]


def taken(client: Any, name: str, content: bytes, door: Any = single) -> dict[str, str]:
    assert refusal(upload(door, client, "image", name, content)) == ""
    image = Image.objects.latest("pk")
    with image.file.open() as file:
        assert PLACE not in file.read()
    return {name: getattr(image, name) for name in FOUND}


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_each_screen_takes_it_from_a_file(admin_client, door):
    assert taken(admin_client, "photo.jpg", picture(xmp=XMP.encode()), door) == FOUND


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.webp", lambda: picture("WEBP", xmp=XMP.encode())),
        ("photo.avif", lambda: picture("AVIF", xmp=XMP.encode())),
        ("drawing.png", lambda: picture("PNG", pnginfo=png_notes())),
        ("photo.heic", heic),
    ],
    ids=["WebP", "AVIF", "PNG", "HEIC"],
)
def test_each_kind_of_file_can_have_it(admin_client, name, content):
    assert taken(admin_client, name, content()) == FOUND


@pytest.mark.parametrize("charset", ["utf-8", "latin-1"])
def test_the_older_form_is_read_too(admin_client, charset):
    found = taken(admin_client, "photo.jpg", iim(charset=charset))

    assert found == NOTHING | {"credit": "Ada Núñez", "copyright_notice": "© Ada"}


@pytest.mark.parametrize(
    "xmp",
    [
        b"",
        b"<x:xmpmeta",
        b"\xff\xfe\x00",
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        XMP[:900].encode(),
        b"<a>" * 2_000,
    ],
    ids=["none", "cut off", "other letters", "bomb", "cut within", "deep"],
)
def test_what_cannot_be_read_counts_as_not_there(admin_client, xmp):
    assert taken(admin_client, "photo.jpg", picture(**({"xmp": xmp} if xmp else {}))) == NOTHING


def test_a_code_and_a_licence_that_nobody_knows_are_left_out(admin_client):
    xmp = XMP.replace("compositeWith", "ofMyOwnWith").replace("by-sa/4.0", "by-sa/2.0")

    found = taken(admin_client, "photo.jpg", picture(xmp=xmp.encode()))

    assert found == FOUND | {"licence": "", "digital_source_type": ""}


def test_what_is_too_long_is_cut_and_on_one_line(admin_client):
    xmp = XMP.replace("Ada Núñez", "Ada\n\tNúñez" + 300 * "x")

    found = taken(admin_client, "photo.jpg", picture(xmp=xmp.encode()))

    assert found["credit"] == "Ada Núñez" + 191 * "x"


def test_what_someone_typed_stands(admin_client):
    own = {
        "credit": "Carla",
        "copyright_notice": "© Carla",
        "licence": "cc0_1",
        "digital_source_type": "digitalCapture",
    }
    image = factories.image()
    file = BytesIO(picture(xmp=XMP.encode()))
    file.name = "photo.jpg"

    sent = {"title": "New", "collection": 1, "tags": "", "file": file, **own}
    response = admin_client.post(reverse("wagtailimages:edit", args=[image.pk]), sent)

    assert response.status_code == 302
    image.refresh_from_db()
    assert {name: getattr(image, name) for name in own} == own


def properties(xmp: bytes | str) -> dict[str, str]:
    """Names without their spaces, and what they say."""
    found = {}
    for element in defusedxml.ElementTree.fromstring(xmp).iter():
        name = element.tag.rpartition("}")[2]
        said = "".join(element.itertext()).strip()
        resource = [value for key, value in element.items() if key.endswith("}resource")]
        found[name] = said or "".join(resource)
    return found


@pytest.mark.parametrize("transparent", [False, True], ids=["JPEG", "PNG"])
def test_every_file_of_every_preset_says_it(client, admin_client, transparent):
    content = picture(size=(900, 600), xmp=XMP.encode())
    if transparent:
        drawn = Picture.new("RGBA", (900, 600), (9, 9, 9, 9))
        content = written("PNG", drawn, pnginfo=png_notes())
    assert taken(admin_client, "photo.png" if transparent else "photo.jpg", content) == FOUND
    image = Image.objects.latest("pk")
    work_off()

    kept = list(image.preset_renditions.all())

    assert {each.preset for each in kept} == {*presets()}
    formats = set()
    for file in (file for each in kept for file in each.files):
        with storage().open(file["name"]) as opened:
            made = opened.read()
        assert PLACE not in made
        with Picture.open(BytesIO(made)) as drawn:
            formats.add(drawn.format)
            said = properties(drawn.info["xmp"])
        assert said["creator"] == said["Credit"] == "Ada Núñez, Bo Ek"
        assert said["rights"] == "© Ada & Bo"
        assert said["UsageTerms"] == "CC BY-SA 4.0"
        assert said["WebStatement"] == "https://creativecommons.org/licenses/by-sa/4.0/"
        assert said["license"] == said["WebStatement"]
        assert said["DigitalSourceType"] == (
            "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
        )
    assert formats == {"AVIF", "WEBP", "PNG" if transparent else "JPEG"}
    tell = """{ articles { nodes { headerImage { image {
      credit licence copyrightNotice digitalSourceType } } } } }"""
    factories.article_page(header_image=image, header_image_alt_text="A chip")
    [article] = post_graphql(client, tell).json()["data"]["articles"]["nodes"]
    assert article["headerImage"]["image"] == {
        "credit": "Ada Núñez, Bo Ek",
        "licence": "CC_BY_SA",
        "copyrightNotice": "© Ada & Bo",
        "digitalSourceType": "COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA",
    }
