"""Who made a picture, how, and under which terms: as programs note it in files, read and written.

Read are XMP (ISO 16684) with the properties of the IPTC Photo Metadata Standard, Dublin Core and
Creative Commons, and the older IPTC-IIM; written is XMP. Nothing else of a file's notes is taken:
neither where a picture was taken nor with what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError, SubElement, register_namespace, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from PIL import IptcImagePlugin

__all__ = ["DIGITAL_SOURCE_TYPES", "Provenance", "packet", "provenance_in"]

NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "cc": "http://creativecommons.org/ns#",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
XMP = "adobe:ns:meta/"
# https://cv.iptc.org/newscodes/digitalsourcetype/
DIGITAL_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
# Numbers of IPTC-IIM, record 2: by-line, credit, copyright notice.
BY_LINE, CREDIT, COPYRIGHT = (2, 80), (2, 110), (2, 116)
LONGEST = 200


class Provenance(NamedTuple):
    """Each is empty where it is not known."""

    credit: str = ""
    copyright_notice: str = ""
    # An address, or whatever else the terms are named by.
    terms: str = ""
    # The code alone, such as ``trainedAlgorithmicMedia``.
    digital_source_type: str = ""


def named(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


# Reading


def provenance_in(picture: Any) -> Provenance:
    """Of a picture that Pillow has opened. What cannot be read counts as not there."""
    xmp = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp")
    properties = properties_in(xmp) if xmp else {}
    older = iim_of(picture)

    def first(*names: str) -> str:
        return next(filter(None, (properties.get(named(each), "") for each in names)), "")

    source_type = first("Iptc4xmpExt:DigitalSourceType").rstrip("/").rpartition("/")[2]
    return Provenance(
        first("photoshop:Credit", "dc:creator") or older.get(CREDIT) or older.get(BY_LINE) or "",
        first("dc:rights") or older.get(COPYRIGHT) or "",
        first("xmpRights:WebStatement", "cc:license", "xmpRights:UsageTerms"),
        source_type,
    )


def properties_in(xmp: bytes | str) -> dict[str, str]:
    """Several values of one are joined by commas; of several languages the first is taken."""
    try:
        root = fromstring(xmp.strip(b"\0 \n" if isinstance(xmp, bytes) else "\0 \n"))  # type: ignore[arg-type]
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return {}
    found: dict[str, str] = {}
    for description in root.iter(named("rdf:Description")):
        for name, value in (*description.attrib.items(), *elements_of(description)):
            found.setdefault(name, tidied(value))
    return found


def elements_of(description: Element) -> Iterator[tuple[str, str]]:
    for element in description:
        items = [item.text or "" for item in element.iter(named("rdf:li"))]
        if element.find(named("rdf:Alt")) is not None:
            items = items[:1]
        resource = element.get(named("rdf:resource"), "")
        yield element.tag, ", ".join(items) or resource or element.text or ""


def iim_of(picture: Any) -> dict[tuple[int, int], str]:
    try:
        noted = IptcImagePlugin.getiptcinfo(picture) or {}
    except Exception:
        # Of a block that is broken it raises whatever comes.
        return {}
    return {key: in_letters(value) for key, value in noted.items() if value}


def in_letters(value: bytes | list[bytes]) -> str:
    parts = [value] if isinstance(value, bytes) else value
    try:
        return tidied(", ".join(part.decode() for part in parts))
    except UnicodeDecodeError:
        return tidied(", ".join(part.decode("latin-1") for part in parts))


def tidied(text: str) -> str:
    """On one line, and no longer than its column."""
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", text).strip()[:LONGEST].strip()


# Writing


def packet(known: Provenance, *, usage_terms: str, all_rights_reserved: bool) -> str:
    """XMP that says it; empty if nothing is known. ``terms`` is an address here."""
    if not any(known):
        return ""
    for prefix, namespace in NAMESPACES.items():
        register_namespace(prefix, namespace)
    register_namespace("x", XMP)
    root = Element(f"{{{XMP}}}xmpmeta")
    rdf = SubElement(root, named("rdf:RDF"))
    description = SubElement(rdf, named("rdf:Description"), {named("rdf:about"): ""})
    if known.credit:
        add(description, "dc:creator", known.credit, within="rdf:Seq")
        add(description, "photoshop:Credit", known.credit)
    if known.copyright_notice:
        add(description, "dc:rights", known.copyright_notice, within="rdf:Alt")
    if usage_terms:
        add(description, "xmpRights:UsageTerms", usage_terms, within="rdf:Alt")
    if all_rights_reserved:
        add(description, "xmpRights:Marked", "True")
    if known.terms:
        add(description, "xmpRights:WebStatement", known.terms)
        SubElement(description, named("cc:license"), {named("rdf:resource"): known.terms})
    if known.digital_source_type:
        address = DIGITAL_SOURCE_TYPES + known.digital_source_type
        add(description, "Iptc4xmpExt:DigitalSourceType", address)
    return tostring(root, encoding="unicode")


def add(description: Element, name: str, text: str, *, within: str = "") -> None:
    element = SubElement(description, named(name))
    if within:
        language = {"{http://www.w3.org/XML/1998/namespace}lang": "x-default"}
        container = SubElement(element, named(within))
        element = SubElement(container, named("rdf:li"), language if within == "rdf:Alt" else {})
    element.text = text
