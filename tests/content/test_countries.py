"""The file of countries: what it says, what is wrong with it at its line, and what nobody may be told."""

from datetime import date
from pathlib import Path

import pytest

from lms.content.countries import TOPICS, Country, Entry, decode, encode, read_countries
from lms.content.diagnostics import Diagnostic
from lms.content.report import Report

TODAY = date(2026, 11, 24)
OURS = Path(__file__).parents[2] / "courses_content/countries.yml"
WHOLE = """format: 1
countries:
  - code: CR
    emergency_number:
      text: {es: "000", en: "000"}
      verified_on: 2026-03-03
      verified_by: Eva, Institución
      source_url: https://example.org/a?b=c
    gbv_line:
    trafficking_law:
      text: {es: Ley 1}
      looked_up: yes
  - code: BZ
"""


def read(folder: Path, text: str) -> tuple[tuple[Country, ...], list[Diagnostic]]:
    file = folder / "countries.yml"
    file.write_text(text, "utf-8")
    report = Report(file.name)
    return read_countries(file, report, today=TODAY), report.found


def test_a_country_has_what_is_written_and_nothing_else(tmp_path: Path) -> None:
    number = Entry(
        text={"es": "000", "en": "000"},
        verified_on=date(2026, 3, 3),
        verified_by="Eva, Institución",
        source_url="https://example.org/a?b=c",
    )
    law = Entry(text={"es": "Ley 1"}, looked_up=True)
    found, wrong = read(tmp_path, WHOLE)
    assert wrong == []
    assert found == (Country("CR", {"emergency_number": number, "trafficking_law": law}), Country("BZ", {}))
    assert [decode(each.code, encode(each)) for each in found] == list(found)


@pytest.mark.parametrize(
    ("old", "new", "line", "part"),
    [
        ("format: 1", "format: 2", 1, "1 to 1"),
        ("code: CR", "code: cr", 3, "two capital letters"),
        ("code: CR", "kode: CR", 3, "code"),
        ("code: BZ", "code: CR", 13, "named twice"),
        ("    gbv_line:", "    gbv_lines:", 9, "Did you mean “gbv_line”?"),
        ("    gbv_line:", "    gbv_line: 000", 9, "has a line “text: {es: …}” below it"),
        ("    gbv_line:", "    gbv_line: {looked_up: yes}", 9, "says something in one language"),
        ('{es: "000", en: "000"}', '"000"', 5, "holds values by name"),
        ('{es: "000", en: "000"}', '{es: "", en: ""}', 5, "says something in one language"),
        ('{es: "000", en: "000"}', '{español: "000"}', 5, "“español”: a language is a code"),
        ('"000", en', f'"{"x" * 601}", en', 5, "600 characters at most"),
        ("2026-03-03", "3 de marzo", 6, "a date such as"),
        ("2026-03-03", "2026-02-30", 6, "a date such as"),
        ("2026-03-03", "2026-3-3", 6, "a date such as"),
        ("2026-03-03", "2026-11-25", 6, "a day to come (today is 2026-11-24)"),
        ("      verified_on: 2026-03-03\n", "", 6, "both when and who"),
        ("      verified_by: Eva, Institución\n", "", 6, "both when and who"),
        ("Eva, Institución", "E" * 121, 7, "120 characters at most"),
        ("https://example", "http://example", 8, "begins with https://"),
        ("https://example.org/a?b=c", "javascript:alert(1)", 8, "begins with https://"),
        ("https://example.org", "https://eva@example.org", 8, "begins with https://"),
        ("looked_up: yes", "looked_up: perhaps", 12, "“yes” or “no”"),
        ("looked_up: yes", "lookedup: yes", 12, "Did you mean “looked_up”?"),
        ("  - code: BZ", "  - BZ", 2, "list of entries"),
        ("text: {es: Ley 1}", "text: &a {es: Ley 1}", 11, "Anchors"),
    ],
)
def test_a_slip_is_told_at_its_line(tmp_path: Path, old: str, new: str, line: int, part: str) -> None:
    assert old in WHOLE
    _, wrong = read(tmp_path, WHOLE.replace(old, new, 1))
    assert any(each.line == line and part in each.sentence(str) for each in wrong), wrong
    assert {each.severity for each in wrong} == {"error"}


def test_today_is_no_day_to_come(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE.replace("2026-03-03", "2026-11-24"))[1] == []


@pytest.mark.parametrize(
    ("on", "today", "stale"),
    [
        (date(2025, 11, 24), TODAY, False),
        (date(2025, 11, 23), TODAY, True),
        (date(2024, 2, 29), date(2025, 2, 28), False),
        (date(2024, 2, 29), date(2025, 3, 1), True),
        (None, TODAY, False),
    ],
)
def test_after_twelve_months_it_is_to_be_checked_again(on: date | None, today: date, stale: bool) -> None:
    assert Entry(text={"es": "x"}, verified_on=on).is_stale(today) is stale


def test_a_text_is_said_in_the_first_language_that_it_has() -> None:
    entry = Entry(text={"en": "Act", "es": "Ley"})
    assert (entry.said_in("es", "en"), entry.said_in("mam", "es"), entry.said_in("fr")) == ("es", "es", "en")


def test_a_file_with_every_topic_filled_in_everywhere_is_not_too_long(tmp_path: Path) -> None:
    entry = (
        f'      text: {{es: "{"x" * 300}", en: "{"y" * 300}"}}\n      verified_on: 2026-03-03\n      verified_by: Eva\n'
    )
    country = "".join(f"    {topic}:\n{entry}" for topic in TOPICS)
    whole = "".join(f"  - code: {code}\n{country}" for code in ("BZ", "CR", "DO", "GT", "HN", "MX", "NI", "PA", "SV"))
    found, wrong = read(tmp_path, f"format: 1\ncountries:\n{whole}")
    assert wrong == []
    assert len(found) == 9


def test_our_own_file_has_no_slip_and_claims_nothing_that_nobody_checked() -> None:
    report = Report("countries.yml")
    found = read_countries(OURS, report, today=TODAY)
    assert report.found == []
    assert [each.code for each in found] == ["BZ", "CR", "SV", "GT", "HN", "MX", "NI", "PA", "DO"]
    known = {"trafficking_law", "trafficking_body", "refugee_authority"}
    assert {topic for each in found for topic in each.entries} == known
    entries = [(each.code, topic, entry) for each in found for topic, entry in each.entries.items()]
    looked_up = [(code, topic) for code, topic, entry in entries if entry.looked_up]
    assert sorted(looked_up) == [
        (code, topic) for code in ("CR", "DO") for topic in ("trafficking_body", "trafficking_law")
    ]
    assert not any(entry.verified_on or entry.verified_by for _, _, entry in entries)
