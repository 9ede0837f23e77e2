"""Each number of the indicators opens as many people, or certificates, as it says."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import insert, update

from lms.storage import preferences
from lms.storage.tables import (
    certificates,
    cohort_coordinators,
    cohort_courses,
    cohorts,
    enrolments,
    links,
    people,
    progress,
)
from tests.conftest import NOW
from tests.web.client import Client
from tests.web.conftest import add_person, signed_in, site_of

PAGE = "/staff/indicators"
TOTAL = re.compile(r'<li class="card"><span class="big">(\d+)</span>[^<]*(?:<br><a class="way" href="([^"]+)")?')
IN_A_ROW = re.compile(r'<a id="of-(people|certificates)-[^>]*href="([^"]+)">(\d+)</a>')
LINE = re.compile(r'<tr><th scope="row">([^<]*)</th><td>([^<]*)</td><td>([^<]*)</td></tr>')
SAME = {"ana2": "ana"}
"""The other account of somebody."""
PLACES = {
    "ana": ("GT", "health"),
    "ana2": ("HN", "police"),
    "beto": ("", ""),
    "celia": ("", "health"),
    "dora": ("", ""),
}
DONE = (
    # who, course, group, month in which it was completed
    ("ana", "demo-course", "north", 2),
    ("ana", "b", "south", 5),
    ("ana2", "demo-course", "north", 8),
    ("beto", "demo-course", "south", 8),
    ("beto", "b", "", 11),
    ("celia", "demo-course", "far", 11),
    ("celia", "b", "north", None),
    ("dora", "b", "", 5),
)
HELD = (
    # who, course, major, edition, state, month in which it was issued
    ("ana", "demo-course", 1, 1, "replaced", 2),
    ("ana", "demo-course", 1, 2, "issued", 5),
    ("ana", "demo-course", 2, 1, "issued", 11),
    ("ana2", "demo-course", 1, 1, "issued", 8),
    ("beto", "demo-course", 1, 1, "revoked", 8),
    ("beto", "b", 1, 1, "issued", 11),
    ("celia", "demo-course", 1, 1, "issued", 11),
    ("celia", "b", 1, 1, "issued", 11),  # the course asks for more since: completed no longer, certified still
    ("dora", "b", 1, 1, "requested", None),
)


def in_month(month: int | None) -> datetime | None:
    return datetime(2026, month, 15, 12, tzinfo=UTC) if month else None


def number(who: str, course: str, major: int, edition: int) -> str:
    return f"{who}-{course}-{major}-{edition}"


@pytest.fixture
def programme(app: Flask) -> dict[str, Client]:
    """People in three groups and in none; Carla looks after two of the groups, Eva sees everybody."""
    ids = {name: add_person(app, name).id for name in PLACES}
    staff = {"carla": signed_in(app, "carla", "coordinator"), "eva": signed_in(app, "eva", "administrator")}
    with site_of(app).database.writing() as tx:
        for name, (country, kind) in PLACES.items():
            place = {"country": country, "institution_type": kind}
            tx.execute(update(people).where(people.c.id == ids[name]).values(**place))
        for name, country, kind in (("north", "HN", "shelters"), ("south", "SV", ""), ("far", "CR", "police")):
            group = {"id": name, "name": name, "code": name, "cap": 9, "expires_at": NOW, "created_at": NOW}
            tx.execute(insert(cohorts).values(**group, country=country, institution_type=kind))
            for course in ("demo-course", "b"):
                tx.execute(insert(cohort_courses).values(cohort=name, course=course))
        for who, course, cohort, month in DONE:
            done = {"body": "{}", "started_at": NOW, "completed_at": in_month(month)}
            tx.execute(insert(progress).values(learner=ids[who], course=course, **done))
            tx.execute(insert(enrolments).values(person=ids[who], course=course, cohort=cohort, created_at=NOW))
        for who, course, major, edition, state, month in HELD:
            made = {"credential": "{}", "requested_at": NOW, "issued_at": in_month(month), "state": state}
            made |= {"number": number(who, course, major, edition), "major": major, "edition": edition}
            tx.execute(insert(certificates).values(**made, learner=ids[who], course=course))
        for one, other in SAME.items():
            tx.execute(insert(links).values(person=ids[one], same_as=ids[other], linked_at=NOW))
        for client in staff.values():
            assert client.person
            preferences.change(tx, client.person.id, roster_columns=["id", "course", "certificate"])
        for name in ("north", "south"):
            tx.execute(insert(cohort_coordinators).values(cohort=name, person=staff["carla"].person.id))  # type: ignore[union-attr]
    return staff


def behind(client: Client, measure: str, address: str) -> int:
    """How many different people, or certificates, are in the list at that address."""
    rows = LINE.findall(client.get(unescape(address)).get_data(as_text=True))
    if measure == "people":
        return len({SAME.get(who, who) for who, _course, _number in rows})
    majors = {number(*held[:4]): held[2] for held in HELD}
    return len({(SAME.get(who, who), course, majors[held]) for who, course, held in rows})


@pytest.mark.parametrize("who", ["carla", "eva"])
@pytest.mark.parametrize(
    "query",
    [
        "from=&to=",
        "from=2026-05-01&to=2026-11-30",
        "course=demo-course",
        "cohort=north",
        "cohort=south",
        "country=GT",
        "country=none",
        "type=none",
        "type=health&country=HN&from=2026-07-01&to=",
    ],
)
def test_each_number_opens_as_many_as_it_says(programme: dict[str, Client], who: str, query: str) -> None:
    client = programme[who]
    text = client.get(f"{PAGE}?{query}").get_data(as_text=True)
    said = [
        *zip(("people", "certificates"), TOTAL.findall(text), strict=True),
        *((measure, (n, address)) for measure, address, n in IN_A_ROW.findall(text)),
    ]
    for measure, (n, address) in said:
        assert (behind(client, measure, address) if address else 0) == int(n), (measure, address)


def test_there_is_something_to_agree_on(programme: dict[str, Client]) -> None:
    found = {who: TOTAL.findall(client.get(PAGE).get_data(as_text=True)) for who, client in programme.items()}
    assert {who: [n for n, _ in numbers] for who, numbers in found.items()} == {"carla": ["2", "3"], "eva": ["4", "5"]}
    rows = IN_A_ROW.findall(programme["eva"].get(PAGE).get_data(as_text=True))
    assert len(rows) > 20 and any("country=none" in address for _measure, address, _n in rows)
