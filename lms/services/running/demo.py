"""People to try the program with: random passphrases, nobody by default; and the programme's goal."""

from datetime import datetime

from lms.ids import uuid7
from lms.services.common.record import Pen
from lms.services.people import accounts, passphrases
from lms.services.reporting.goals import PROGRAMME
from lms.storage import goals, people
from lms.storage.database import Database
from lms.storage.goals import Goal
from lms.storage.people import Secrets

CAST = (
    ("ana", "Ana Lucía Pérez", "learner"),
    ("carla", "Carla Méndez", "coordinator"),
    ("diego", "Diego Ruiz", "author"),
    ("eva", "Eva Solís", "administrator"),
)


def demo_people(database: Database, pen: Pen, *, now: datetime) -> list[tuple[str, str, str]]:
    """(username, passphrase, role) of each person added; whoever is there already is left alone."""
    with database.reading() as tx:
        missing = [each for each in CAST if people.by_username(tx, each[0]) is None]
    secrets = {username: passphrases.propose() for username, _, _ in missing}
    hashes = {username: passphrases.hash_(secret) for username, secret in secrets.items()}
    with database.writing() as tx:
        for username, name, role in missing:
            accounts.add(
                tx,
                pen,
                username=username,
                display_name=name,
                secrets=Secrets(hashes[username], None),
                roles=frozenset({role}),
                now=now,
            )
        if not goals.every(tx):
            goals.save(tx, Goal(id=uuid7(), measure="people", year=now.year, target=PROGRAMME))
    return [(username, secrets[username], role) for username, _, role in missing]
