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


def test_two_accounts_count_as_one_and_as_two_again(lms: Lms, instance: Path) -> None:
    lms("init")
    for name in ("rosa", "rosa.p"):
        lms("users", "add", name, "--name", "Rosa")
    assert "rosa and rosa.p count as one person" in lms("people", "link", "Rosa", "rosa.p").output
    assert "already" in lms("people", "link", "rosa.p", "rosa", code=1).output
    assert "rosa counts by itself" in lms("people", "unlink", "rosa").output
    assert "linked to no other" in lms("people", "unlink", "rosa", code=1).output
