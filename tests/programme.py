"""A programme with people in it, made up from nothing but figures: for looking at lists and plots."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert

from lms.services import evaluation
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


def fill(tx: Connection, n: int = 480) -> None:
    """So many people, most of whom have completed a course or two in the last year, and the sexes of a year that is over."""
    numbers = range(n)
    who = {"passphrase_hash": "none", "created_at": BEGIN}
    rows = [
        (f"person-{number}", COURSES[(number * number + more) % 5], BEGIN + timedelta(days=number * 7919 % 415))
        for number in numbers
        for more in range(1 + (number % 4 == 0))
    ]
    tx.execute(
        insert(people),
        [
            {
                **who,
                "id": f"person-{number}",
                "username": f"person-{number}",
                "display_name": f"Persona {number}",
                "country": COUNTRIES[number % len(COUNTRIES)],
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
    sexes(tx, 2025)
    opinions(tx)


def sexes(tx: Connection, year: int) -> None:
    """What was said in that year, as counters."""
    places = {
        ("", f"sex:{year}:quarter:"): {"1": (30, 21), "2": (44, 19), "3": (61, 40), "4": (25, 20)},
        ("", f"sex:{year}:country:"): {"GT": (90, 52), "HN": (41, 30), "SV": (20, 12), "CR": (9, 6)},
        ("", f"sex:{year}:type:"): {"migration": (80, 61), "police": (30, 37), "ngos": (50, 2)},
    }
    counted = {
        (course, f"{poll}{key}"): cells for (course, poll), keys in places.items() for key, cells in keys.items()
    }
    counted |= {
        (course, f"sex:{year}:course:"): cells for course, cells in zip(COURSES, ((90, 40), (70, 60)), strict=False)
    }
    polls.add_all(
        tx,
        {
            (*place, name): n
            for place, cells in counted.items()
            for name, n in zip(("woman", "man"), cells, strict=True)
        },
    )


def opinions(tx: Connection) -> None:
    """What was said of two of the courses by enough people, and of another by too few."""
    for course, n in zip(COURSES, (38, 24, 4), strict=False):
        for question, options in evaluation.QUESTIONS.items():
            counted = {
                (f"evaluation:1:{question}", option): n * (place + 1) // 8 for place, option in enumerate(options)
            }
            polls.add(tx, course, counted)
        polls.add(tx, course, {("evaluation:1", "sent"): n})
