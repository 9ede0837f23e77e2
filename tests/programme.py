"""A programme with people in it, made up from nothing but figures: for looking at lists and plots."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert, select

from lms.services.studying import evaluation
from lms.storage import polls
from lms.storage.tables import certificates, people, progress

COURSES = (
    "trata-de-personas",
    "migracion-lgbti",
    "mujeres-en-movilidad",
    "atencion-psicosocial",
    "juventud-y-migracion-regular",
)
COUNTRIES = ("GT", "HN", "SV", "CR", "MX", "NI", "PA", "GT", "HN", "GT", "")
TYPES = ("foreign-affairs", "migration", "police", "health", "shelters", "ngos", "migration", "children", "")
BEGIN = datetime(2025, 10, 1, 12, tzinfo=UTC)


def fill(
    tx: Connection, n: int = 480, *, countries: Sequence[str] = COUNTRIES, courses: Sequence[str] = COURSES
) -> None:
    """So many people, most of whom have completed a course or two in the last year, and the sexes of a year that is over;
    once, however often this is called."""
    if tx.execute(select(people.c.id).where(people.c.id == "person-0")).first():
        return
    numbers = range(n)
    who = {"passphrase_hash": "none", "created_at": BEGIN}
    rows = [
        (
            f"person-{number}",
            courses[(number * number + more) % len(courses)],
            BEGIN + timedelta(days=number * 7919 % 415),
        )
        for number in numbers
        for more in range(1 + (number % 4 == 0 and len(courses) > 1))
    ]
    tx.execute(
        insert(people),
        [
            {
                **who,
                "id": f"person-{number}",
                "username": f"person-{number}",
                "display_name": f"Persona {number}",
                "country": countries[number % len(countries)],
                "institution_type": TYPES[number % len(TYPES)],
            }
            for number in numbers
        ],
    )
    tx.execute(
        insert(progress),
        [{"learner": name, "course": course, "body": "{}", "completed_at": at} for name, course, at in rows],
    )
    made = {"major": 1, "edition": 1, "credential": "{}"}
    tx.execute(
        insert(certificates),
        [
            {
                **made,
                "number": f"{name}-{course}"[:24],
                "learner": name,
                "course": course,
                "state": "issued",
                "requested_at": at,
                "issued_at": at,
            }
            for place, (name, course, at) in enumerate(rows)
            if place % 9
        ],
    )
    sexes(tx, 2025, countries, courses)
    opinions(tx, courses)
    learned(tx, courses)


def learned(tx: Connection, courses: Sequence[str]) -> None:
    """What people knew before and after two of the courses."""
    for course, n, before, after in zip(courses, (40, 20), (437, 583), (790, 676), strict=False):
        sums = {"people": n, "before": n * before, "after": n * after}
        polls.add(tx, course, {("gain:1", name): total for name, total in sums.items()})


def sexes(tx: Connection, year: int, countries: Sequence[str], courses: Sequence[str]) -> None:
    """What was said in that year, as counters."""
    places = {
        f"sex:{year}:quarter:": _split({"1": 30, "2": 44, "3": 61, "4": 25}),
        f"sex:{year}:country:": _split(dict(zip(dict.fromkeys(countries), (95, 41, 17, 7), strict=False))),
        f"sex:{year}:type:": _split({"migration": 80, "police": 30, "ngos": 46, "youth": 4}),
    }
    counted = {("", f"{poll}{key}"): cells for poll, keys in places.items() for key, cells in keys.items()}
    by_course = _split(dict(zip(courses, (100, 60), strict=False)))
    counted |= {(course, f"sex:{year}:course:"): cells for course, cells in by_course.items()}
    polls.add_all(
        tx, {(*at, who): n for at, cells in counted.items() for who, n in zip(("woman", "man"), cells, strict=True)}
    )


def _split(women: dict[str, int]) -> dict[str, tuple[int, int]]:
    """160 women as they are told apart, filled up if they are fewer, with 100 men in the same places."""
    first, *others = women
    women = {**women, first: 160 - sum(women[each] for each in others)}
    men = {each: women[each] * 5 // 8 for each in others}
    return {each: (women[each], men.get(each, 100 - sum(men.values()))) for each in women}


def opinions(tx: Connection, courses: Sequence[str]) -> None:
    """What was said of two of the courses by enough people, and of another by too few."""
    for course, n in zip(courses, (38, 24, 4), strict=False):
        for question, options in evaluation.QUESTIONS.items():
            counted = {(f"evaluation:1:{question}", each): n * (at + 1) // 8 for at, each in enumerate(options)}
            polls.add(tx, course, counted)
        polls.add(tx, course, {("evaluation:1", "sent"): n})
