"""`lms people erase`: somebody erased at her wish."""

from pathlib import Path

from lms.config import Settings
from lms.storage import audit, people
from lms.storage.database import Database
from tests.cli.conftest import Lms


def test_it_asks_once_more_and_erases(lms: Lms, instance: Path) -> None:
    lms("init")
    lms("users", "add", "rosa", "--name", "Rosa")
    lms("users", "add", "eva", "--name", "Eva", "--role", "administrator")
    assert "Nobody has the username" in lms("people", "erase", "nadie", code=1).output
    assert "Nothing was erased" in lms("people", "erase", "rosa", typed="eva\n", code=1).output
    assert "of the staff" in lms("people", "erase", "eva", typed="eva\n", code=1).output
    assert "Erased." in lms("people", "erase", "Rosa", typed="rosa\n").output
    database = Database(Settings.load().url)
    with database.reading() as tx:
        assert people.by_username(tx, "rosa") is None and people.by_username(tx, "eva")
        assert next(audit.lines(tx)).act == "person-erased"
    database.close()
    lms("people", "compact")
