"""What a summary must be as a document: its head, its entries, its sections, its narratives.

From the profiles of the International Patient Summary 2.0.1 and FHIR R4, in our own words. A rule
yields a sentence for each fault; its name says what holds.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from tests.exports.ips.reading import Json, codes, references, resources, sections

_XHTML = "{http://www.w3.org/1999/xhtml}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_DIV, _ON_DIV = (f"{_XHTML}div",), {_LANGUAGE, "lang", "dir"}
_INSIDE = tuple(f"{_XHTML}{tag}" for tag in ("p", "ul", "li", "b"))
_UUID = re.compile(r"urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
# Problems, allergies, medicines.
REQUIRED_SECTIONS = ("11450-4", "48765-2", "10160-0")
# What each section may name; one that is not here names nothing.
SECTION_ENTRIES = {
    "104605-1": ("Flag",),
    "48765-2": ("AllergyIntolerance",),
    "11450-4": ("Condition",),
    "10160-0": ("MedicationStatement",),
    "46264-8": ("DeviceUseStatement",),
    "8716-3": ("Observation",),
    "77599-9": ("DocumentReference",),
}


def is_a_document(bundle: Json) -> Iterator[str]:
    """A bundle of the kind that is signed and kept whole."""
    if (bundle.get("resourceType"), bundle.get("type")) != ("Bundle", "document"):
        yield f"a {bundle.get('resourceType')} of type {bundle.get('type')}"


def has_an_identity(bundle: Json) -> Iterator[str]:
    """A system and a value, by which a record system knows the document again."""
    identifier = bundle.get("identifier") or {}
    yield from (f"no {part}" for part in ("system", "value") if not identifier.get(part))


def has_its_moment(bundle: Json) -> Iterator[str]:
    """When it was put together, to the second and with a time zone."""
    moment = bundle.get("timestamp", "")
    if not re.fullmatch(r"\d{4}(-\d\d){2}T\d\d(:\d\d){2}(\.\d+)?(Z|[+-]\d\d:\d\d)", moment):
        yield f"“{moment}” is no moment"


def entries_are_plain(bundle: Json) -> Iterator[str]:
    """An address and a resource each: a document is no transaction and no search."""
    for at, entry in enumerate(bundle.get("entry", ())):
        if set(entry) != {"fullUrl", "resource"}:
            yield f"entry {at} has {', '.join(sorted(entry))}"


def composition_is_first_and_alone(bundle: Json) -> Iterator[str]:
    """It heads the document, and a second one would be another document."""
    kinds = [each.get("resourceType") for each in resources(bundle)]
    if kinds[:1] != ["Composition"]:
        yield f"first: {kinds[:1]}"
    if "Composition" in kinds[1:]:
        yield "a second one"


def patient_is_one(bundle: Json) -> Iterator[str]:
    """One person, who is the document's subject and everybody else's."""
    people = resources(bundle, "Patient")
    if len(people) != 1:
        yield f"{len(people)} of them"
    addresses = [
        entry.get("fullUrl") for entry in bundle.get("entry", ()) if entry.get("resource") in people
    ]
    for each in resources(bundle):
        for name in ("subject", "patient"):
            if name in each and each[name].get("reference") not in addresses:
                yield f"the {name} of a {each.get('resourceType')} is somebody else"


def addresses_are_unique(bundle: Json) -> Iterator[str]:
    """No two entries answer to one address."""
    addresses = [entry.get("fullUrl") for entry in bundle.get("entry", ())]
    yield from sorted({f"{each} twice" for each in addresses if addresses.count(each) > 1})


def addresses_are_those_of_the_ids(bundle: Json) -> Iterator[str]:
    """A UUID, which the resource bears as its id."""
    for entry in bundle.get("entry", ()):
        match = _UUID.fullmatch(entry.get("fullUrl", ""))
        if not match or entry.get("resource", {}).get("id") != match[1]:
            yield f"{entry.get('fullUrl')}"


def references_lead_into_the_document(bundle: Json) -> Iterator[str]:
    """Nothing is to be fetched: a reader of the file has the file alone."""
    addresses = {entry.get("fullUrl") for entry in bundle.get("entry", ())}
    for path, reference in references(bundle.get("entry", [])):
        if reference not in addresses:
            yield f"{path}: {reference}"


def every_entry_is_reached(bundle: Json) -> Iterator[str]:
    """From the composition, over references: else nobody would show it."""
    by_address = {each.get("fullUrl"): each.get("resource") for each in bundle.get("entry", ())}
    reached, coming = set(), [*by_address][:1]
    while coming:
        address = coming.pop()
        if address not in reached:
            reached.add(address)
            coming += [each for _, each in references(by_address.get(address) or {})]
    yield from (f"{each}" for each in by_address if each not in reached)


def composition_is_a_patient_summary(bundle: Json) -> Iterator[str]:
    """Its type, and what a document must say of itself."""
    for each in resources(bundle, "Composition"):
        if "60591-5" not in codes(each.get("type", {})):
            yield "of another type"
        if each.get("status") not in ("preliminary", "final", "amended"):
            yield f"status {each.get('status')}"
        yield from (
            f"no {name}" for name in ("subject", "date", "author", "title") if not each.get(name)
        )
        if each.get("confidentiality", "N") not in ("U", "L", "M", "N", "R", "V"):
            yield f"confidentiality {each['confidentiality']}"
        modes = ("personal", "professional", "legal", "official")
        if any(attester.get("mode") not in modes for attester in each.get("attester", ())):
            yield "an attester of no mode"


def required_sections_are_there_once(bundle: Json) -> Iterator[str]:
    """Problems, allergies and medicines; no section twice."""
    found = [code for each in sections(bundle) for code in codes(each.get("code", {}))]
    for code in {*REQUIRED_SECTIONS, *found}:
        if found.count(code) != 1:
            yield f"{code}: {found.count(code)}"


def sections_have_title_code_and_text(bundle: Json) -> Iterator[str]:
    """For people, for machines, and for people whose machine shows no entries."""
    for at, each in enumerate(sections(bundle)):
        yield from (
            f"section {at}: no {name}" for name in ("title", "code", "text") if not each.get(name)
        )
        if each.get("section"):
            yield f"section {at} has sections of its own"


def required_sections_say_why_they_are_empty(bundle: Json) -> Iterator[str]:
    """Entries, or the reason why there are none."""
    for each in sections(bundle):
        required = set(codes(each.get("code", {}))) & set(REQUIRED_SECTIONS)
        if required and not each.get("entry") and not each.get("emptyReason"):
            yield f"{required}"


def no_section_with_entries_says_that_it_is_empty(bundle: Json) -> Iterator[str]:
    """One or the other."""
    for each in sections(bundle):
        if each.get("entry") and each.get("emptyReason"):
            yield f"{codes(each.get('code', {}))}"


def sections_name_what_belongs_there(bundle: Json) -> Iterator[str]:
    """A flag among the alerts, a statement among the medicines."""
    kinds = {
        entry.get("fullUrl"): entry.get("resource", {}).get("resourceType")
        for entry in bundle.get("entry", ())
    }
    for each in sections(bundle):
        code = next(iter(codes(each.get("code", {}))), "")
        for entry in each.get("entry", ()):
            kind = kinds.get(entry.get("reference"))
            if kind and kind not in SECTION_ENTRIES.get(code, ()):
                yield f"{code}: a {kind}"


def narratives_are_simple_xhtml(bundle: Json) -> Iterator[str]:
    """Paragraphs, lists and bold words in one ``div``: no script, no style, no link, no picture."""
    for code, root in _narratives(bundle):
        if root is None:
            yield f"{code}: no div that can be read"
            continue
        for each in root.iter():
            is_root = each is root
            attributes = set(each.attrib) - (_ON_DIV if is_root else set())
            if each.tag not in (_DIV if is_root else _INSIDE) or attributes:
                yield f"{code}: {each.tag} {attributes or ''}"


def narratives_say_something(bundle: Json) -> Iterator[str]:
    """Words, marked as made from the entries or beyond them."""
    for each in sections(bundle):
        status = each.get("text", {}).get("status")
        if status not in ("generated", "extensions", "additional"):
            yield f"status {status}"
    for code, root in _narratives(bundle):
        if root is not None and not "".join(root.itertext()).strip():
            yield f"{code}: nothing"


def narratives_say_their_language(bundle: Json) -> Iterator[str]:
    """The document's, in both attributes that programs look for."""
    for code, root in _narratives(bundle):
        if root is not None and {root.get(_LANGUAGE), root.get("lang")} != {bundle.get("language")}:
            yield f"{code}: {root.get('lang')}"


def _narratives(bundle: Json) -> Iterator[tuple[str, ElementTree.Element | None]]:
    """The code of each section, and its narrative as far as it can be read."""
    for each in sections(bundle):
        code = next(iter(codes(each.get("code", {}))), "?")
        try:
            root = ElementTree.fromstring(each.get("text", {}).get("div", ""))
        except ElementTree.ParseError:
            yield code, None
        else:
            yield code, root if root.tag == f"{_XHTML}div" else None


RULES = (
    is_a_document,
    has_an_identity,
    has_its_moment,
    entries_are_plain,
    composition_is_first_and_alone,
    patient_is_one,
    addresses_are_unique,
    addresses_are_those_of_the_ids,
    references_lead_into_the_document,
    every_entry_is_reached,
    composition_is_a_patient_summary,
    required_sections_are_there_once,
    sections_have_title_code_and_text,
    required_sections_say_why_they_are_empty,
    no_section_with_entries_says_that_it_is_empty,
    sections_name_what_belongs_there,
    narratives_are_simple_xhtml,
    narratives_say_something,
    narratives_say_their_language,
)
