"""`countries.yml`: what applies in each country, written by hand, each entry with the day on which somebody checked it.

Nothing in it is ever guessed: an entry that is not known is left empty, and pages say whom to ask instead.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lms.content.course_file import LANGUAGE
from lms.content.dates import day
from lms.content.fields import Fields
from lms.content.report import Report
from lms.content.source import MAX_FILE, read_text, read_yaml
from lms.i18n import N_

COUNTRIES_FILE = "countries.yml"
FORMAT = 1
TOPICS = (
    "emergency_number",
    "gbv_line",
    "health_services",
    "child_protection",
    "womens_institution",
    "human_rights",
    "refugee_authority",
    "migration_authority",
    "trafficking_body",
    "labour_register",
    "consular_contact",
    "lgbti_services",
    "trafficking_law",
    "mandatory_reporting",
    "emergency_contraception",
    "treaties",
)
"""What a country may have an entry for, in the order in which it is needed."""
MAX_TEXT, MAX_NAME = 600, 120
_CODE = re.compile(r"[A-Z]{2}")
_ADDRESS = re.compile(r"https://[\w-]+(\.[\w-]+)+(:\d+)?([/?#]\S*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of one topic: `text` by language, who checked it (empty: nobody yet), and where it can be read."""

    text: Mapping[str, str]
    looked_up: bool = False
    """Whether the authors looked it up and kept neither the day nor their name."""
    verified_on: date | None = None
    verified_by: str = ""
    source_url: str = ""

    def said_in(self, *languages: str) -> str:
        """The first of these languages that it is written in, else the one that its author put first."""
        return next((each for each in languages if each in self.text), next(iter(self.text)))

    def is_stale(self, today: date) -> bool:
        """Whether more than twelve months have passed since somebody checked it."""
        on = self.verified_on
        return on is not None and (on.year + 1, on.month, on.day) < (today.year, today.month, today.day)


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its code (ISO 3166-1 alpha-2), with the entries that it has, by topic."""

    code: str
    entries: Mapping[str, Entry]


def read_countries(path: Path, report: Report, *, today: date) -> tuple[Country, ...]:
    """The countries in the file, in its order; what is wrong is reported."""
    text = read_text(path, report)
    node = read_yaml(text, report, most=MAX_FILE) if text is not None else None
    if node is None:
        return ()
    fields = Fields(node, report)
    fields.whole("format", FORMAT, 1, FORMAT, required=True)
    found: dict[str, Country] = {}
    for row in fields.rows("countries"):
        country = _country(row, found, today)
        row.end()
        found[country.code] = country
    fields.end()
    return tuple(found.values())


def encode(country: Country) -> str:
    """The country's entries as JSON; equal countries give equal texts."""
    return json.dumps({topic: _plain(entry) for topic, entry in country.entries.items()}, ensure_ascii=False)


def decode(code: str, body: str) -> Country:
    """The country with that code and such JSON."""
    return Country(code, {topic: _read(values) for topic, values in json.loads(body).items() if topic in TOPICS})


def _plain(entry: Entry) -> dict[str, object]:
    return {**asdict(entry), "verified_on": entry.verified_on.isoformat() if entry.verified_on else None}


def _read(values: dict[str, Any]) -> Entry:
    on = values["verified_on"]
    return Entry(**{**values, "verified_on": date.fromisoformat(on) if on else None})


def _country(row: Fields, known: Collection[str], today: date) -> Country:
    code = row.text("code", required=True)
    if code and not _CODE.fullmatch(code):
        row.error("code", N_("“%(name)s” is a country's code of two capital letters, such as GT."))
    if code in known:
        row.error("code", N_("“%(id)s” is named twice."), id=code)
    written = [topic for topic in TOPICS if not row.is_empty(topic)]
    entries = {topic: entry for topic in written if (entry := _entry(row, topic, today))}
    return Country(code, entries)


def _entry(row: Fields, topic: str, today: date) -> Entry | None:
    if not row.is_mapping(topic):
        message = N_("“%(name)s” is empty, or has a line “text: {es: …}” below it, indented.")
        row.error(topic, message)
        return None
    inner = row.inner(topic)
    entry = Entry(
        text=_text(inner),
        looked_up=inner.flag("looked_up", False),
        verified_on=_day(inner, today),
        verified_by=_name(inner),
        source_url=_address(inner),
    )
    inner.end()
    return entry


def _text(inner: Fields) -> dict[str, str]:
    texts = {language: text for language, text in inner.mapping("text").items() if text}
    if not texts:
        inner.error("text", N_("An entry says something in one language at least: “text: {es: …}”."))
    for language, text in texts.items():
        if not LANGUAGE.fullmatch(language):
            inner.error("text", N_("“%(id)s”: a language is a code such as es or en."), id=language)
        if len(text) > MAX_TEXT:
            inner.error("text", N_("“%(name)s” has %(most)s characters at most."), most=MAX_TEXT)
    return texts


def _day(inner: Fields, today: date) -> date | None:
    text = inner.text("verified_on")
    if not text:
        return None
    on = day(text)
    if on is None:
        inner.error("verified_on", N_("“%(name)s” is a date such as 2026-11-24."))
    elif on > today:
        message = N_("“%(name)s” is a day to come (today is %(today)s). Write the day on which somebody checked it.")
        inner.error("verified_on", message, today=today.isoformat())
    return on


def _name(inner: Fields) -> str:
    name = inner.text("verified_by")
    if bool(name) != bool(inner.text("verified_on")):
        message = N_("What somebody checked says both when and who: “verified_on” and “verified_by”.")
        inner.error("verified_by" if name else "verified_on", message)
    if len(name) > MAX_NAME:
        inner.error("verified_by", N_("“%(name)s” has %(most)s characters at most."), most=MAX_NAME)
    return name


def _address(inner: Fields) -> str:
    address = inner.text("source_url")
    if address and not _ADDRESS.fullmatch(address):
        inner.error("source_url", N_("“%(name)s” is an address that begins with https://."))
    return address
