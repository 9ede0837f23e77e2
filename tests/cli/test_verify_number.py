"""`lms verify NUMBER`: by the register of the installation, where there is one, and by lists."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from lms.certificates import keys, lists, number
from lms.certificates.credential import Credential
from lms.certificates.protection import Lock
from lms.cli import place
from lms.config import Settings
from lms.services.certifying import issuing
from lms.services.common.registers import shelf_of
from lms.services.people import accounts
from lms.storage import certificates
from lms.storage.people import Secrets
from tests.cli.conftest import Lms
from tests.conftest import NOW


@pytest.fixture
def issued(lms: Lms, instance: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The number of a certificate that this installation issued."""
    lms("init")
    settings = Settings(instance=instance)
    database = place.open_database(settings)
    pen = place.open_pen(settings, database)
    now = place.now()
    facts = Credential(
        number=number.new(pen.store.id), name="Ana", title="Curso", code="K7Q2", hours=1, issued_on=now.date(),
        language="es", program="Vereda", issuer="Vereda", demonstration=True,
    )  # fmt: skip
    with database.writing() as tx:
        ana = accounts.add(
            tx, pen, username="ana", display_name="Ana", secrets=Secrets("no hash", None),
            roles=frozenset({"learner"}), must_change=False, now=now,
        )  # fmt: skip
        certificates.request(tx, learner=ana.id, course="c", major=1, credential=facts, now=now)
    issuer = keys.load_issuer(settings.keys, Lock(settings.secret))
    assert issuing.finish(database, pen, issuer, settings, number=facts.number, now=now)
    database.close()
    return facts.number


def test_one_that_was_issued_here_stands_until_it_is_revoked(lms: Lms, instance: Path, issued: str) -> None:
    for typed in (issued, issued.lower().replace("-", " ")):
        told = lms("verify", typed).output
        assert "✓ This register has it: issued on" in told
        assert "✓ It was neither revoked nor replaced." in told
        assert "was issued here, and it stands." in told
        assert "Ana" not in told
    database = place.open_database(Settings(instance=instance))
    with database.reading() as tx:
        pdf = certificates.file(tx, issued, "pdf")
    assert pdf
    (instance / "c.pdf").write_bytes(pdf)
    assert "✓ This register has it" in lms("verify", str(instance / "c.pdf")).output
    with database.writing() as tx:
        certificates.end(tx, issued, "revoked", on=NOW.date())
    told = lms("verify", issued, code=1).output
    assert f"✗ It was revoked on {NOW.date()}." in told
    assert "but it is valid no longer" in told
    told = lms("verify", str(instance / "c.pdf"), code=1).output
    assert f"✗ It was revoked on {NOW.date()}." in told
    assert "issued like this, but it is valid no longer" in told
    assert "has neither revoked nor replaced" not in told
    found = json.loads(lms("verify", issued, "--json", code=1).output)
    assert (found["outcome"], found["kind"], found["number"]) == ("invalid", "revoked", issued)


def test_a_number_that_nobody_here_knows_and_one_that_is_none(lms: Lms, issued: str) -> None:
    told = lms("verify", number.new("ZZ"), code=2).output
    assert "! This register has no certificate with this number." in told
    assert "! There is no list here that could say whether it was revoked." in told
    assert "can't be told here" in told
    wrong = issued[:-1] + ("0" if issued[-1] != "0" else "1")
    told = lms("verify", wrong, code=1).output
    assert "✗ This is not a certificate number" in told
    assert "There is no certificate with this number." in told
    assert json.loads(lms("verify", wrong, "--json", code=1).output)["checks"][0]["name"] == "number"


def test_with_the_root_and_a_list_alone_it_tells_what_became_of_a_number(lms: Lms, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    keys.create(folder, issuer_code="E2", organisation="Another", now=NOW)
    issuer, book = keys.load_issuer(folder), keys.load_authority(folder).book
    assert book
    (entry,) = book.entries
    gone, old, new, other = (number.new("E2") for _ in range(4))
    made = lists.sign_numbers(
        entry, issuer.key, revoked={gone: NOW.date()}, replaced={old: (NOW.date(), new)}, version=1,
        now=NOW - timedelta(days=1),
    )  # fmt: skip
    (folder / "numbers.json").write_bytes(made.raw)
    with_lists = ["--root", str(folder / "root.pem"), *("--trust-list", str(folder / "list.json"))]
    told = lms("verify", gone, *with_lists, code=2).output
    assert "no list here that could say" in told
    with_lists += ["--trust-list", str(folder / "numbers.json")]
    told = lms("verify", gone, *with_lists, code=1).output
    assert f"✗ It was revoked on {NOW.date()}." in told
    assert "! There is no register here that could be asked." in told
    assert f"by the certificate {new}." in lms("verify", old, *with_lists, code=1).output
    told = lms("verify", other, *with_lists, code=2).output
    assert "✓ The lists of revoked and replaced numbers that are held here do not have it." in told


def test_the_own_shelf_is_asked(lms: Lms, instance: Path, issued: str) -> None:
    settings, now = Settings(instance=instance), place.now()
    shelf, issuer = shelf_of(settings), keys.load_issuer(settings.keys, Lock(settings.secret))
    entry = shelf.load().issuer(issuer.kid)
    assert entry
    shelf.take(lists.sign_numbers(entry, issuer.key, revoked={issued: now.date()}, replaced={}, version=1, now=now).raw)
    assert f"It was revoked on {now.date()}." in lms("verify", issued, code=1).output


def test_digits_too_long_for_a_file_name_are_a_code(lms: Lms) -> None:
    lms("init")
    assert "✗ The code is" in lms("verify", "9" * 300, code=1).output
    assert "neither a certificate's number nor an address" in lms("verify", "x" * 300, code=2).output
