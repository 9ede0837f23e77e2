"""An issuer's key under a passphrase, and nobody there who could type it in: pages go on, certificates wait for somebody."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lms.certificates import number, protection
from lms.certificates.credential import Credential
from lms.certificates.protection import Lock
from lms.cli.place import now, open_pen
from lms.cli.serve import PATIENCE
from lms.services.certifying import custody
from lms.services.people import accounts
from lms.storage import certificates
from lms.storage.people import Secrets
from tests.installation import Installation, install
from tests.visitor import Visitor

PASSPHRASE = "canto rodado bajo el puente viejo"
pytestmark = [pytest.mark.xdist_group("faults")]


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not what():
        assert time.monotonic() < until
        time.sleep(0.1)


def request(place: Installation) -> str:
    """The number of a certificate that was asked for."""
    database = place.database()
    pen = open_pen(place.settings, database)
    facts = Credential(
        number=number.new(pen.store.id), name="Ana", title="Curso", code="K7Q2", hours=1, issued_on=now().date(),
        language="es", program="Vereda", issuer="Vereda", demonstration=True,
    )  # fmt: skip
    with database.writing() as tx:
        ana = accounts.add(
            tx, pen, username="ana", display_name="Ana", secrets=Secrets("no hash", None),
            roles=frozenset({"learner"}), must_change=False, now=now(),
        )  # fmt: skip
        certificates.request(tx, learner=ana.id, course="c", major=1, credential=facts, now=now())
    database.close()
    return facts.number


def test_it_is_told_once_and_goes_on_when_the_key_is_locked_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protection, "ROUNDS", 10)
    place = install(tmp_path)
    lock = Lock(place.settings.secret, lambda _: PASSPHRASE)
    lock.choose(PASSPHRASE)
    custody.protect(place.settings.keys, lock, how="passphrase")
    asked = request(place)
    log = place.folder / "serve.log"

    def told() -> str:
        return log.read_text("utf-8", "replace")

    def issued() -> bool:
        database = place.database()
        with database.reading() as tx:
            found = certificates.by_number(tx, asked)
        database.close()
        return found is not None and found.issued

    with place.serving():
        wait_for(lambda: "NobodyToAsk" in told())
        (place.settings.keys / "note.txt").write_text("something changed")
        time.sleep(PATIENCE + 1)  # as long as it would take to be started again
        assert Visitor(place.url).get("/").status == 200
        assert not issued()
        custody.protect(place.settings.keys, lock, how="secret")
        wait_for(issued)
    assert told().count("NobodyToAsk") == 1
    assert told().count("lms keys protect") == 2  # in the log, and for whoever started it
    assert told().count("lms worker") == 2
