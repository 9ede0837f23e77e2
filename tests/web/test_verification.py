"""`/verify`: each thing that may have become of a certificate, by its file and by its number, and what the page says of it."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from lms.certificates import badge, delegation, keys, lists, number, pades, pdf
from lms.certificates.credential import Credential
from lms.certificates.keys import Issuer, load_issuer
from lms.certificates.shelf import Shelf
from lms.certificates.trust import Entry, Withdrawal, digest
from lms.cli import worker
from lms.i18n import Reader
from lms.services.certifying import issuing
from lms.services.common.registers import shelf_of
from lms.storage import certificates
from lms.storage.certificates import Kind
from tests.conftest import NOW
from tests.web.client import Client, words
from tests.web.conftest import Clock, site_of

NAME, TITLE = "Ana Lucía K'oj", "Curso de protección 2"
TODAY, DAY = NOW.date(), "24 de noviembre de 2026"
GENUINE, REVOKED, REPLACED = (
    "Este certificado es auténtico",
    "Este certificado fue revocado",
    "Este certificado fue reemplazado por uno más nuevo",
)
FILES: tuple[Kind, ...] = ("pdf", "paper", "badge")


@dataclass
class Office:
    """Who issues here, and what the lists say."""

    app: Flask
    learner: str

    @property
    def issuer(self) -> Issuer:
        return load_issuer(site_of(self.app).settings.keys)

    @property
    def shelf(self) -> Shelf:
        return shelf_of(site_of(self.app).settings)

    @property
    def entry(self) -> Entry:
        found = self.shelf.load().issuer(self.issuer.kid)
        assert found
        return found

    def issue(self, major: int = 1, code: str = "") -> str:
        """The number of a certificate of Ana's."""
        site = site_of(self.app)
        facts = credential(number.new(code or site.pen.store.id))
        with site.database.writing() as tx:
            certificates.request(tx, learner=self.learner, course="c", major=major, credential=facts, now=NOW)
        issuing.finish(site.database, site.pen, self.issuer, site.settings, number=facts.number, now=NOW)
        return facts.number

    def file(self, of: str, kind: Kind) -> bytes:
        """A file of it."""
        with site_of(self.app).database.reading() as tx:
            found = certificates.file(tx, of, kind)
        assert found
        return found

    def end(self, of: str, state: str) -> None:
        """What the register says of it from now on."""
        with site_of(self.app).database.writing() as tx:
            assert certificates.end(tx, of, state, on=TODAY)  # type: ignore[arg-type]

    def list_keys(self, *entries: Entry, version: int = 2) -> None:
        """The root's next list."""
        root = keys.load_authority(site_of(self.app).settings.keys)
        made = lists.sign_keys(entries, root.key, root.certificate, root.badge_key, version=version, now=NOW)
        self.shelf.take(made.raw)

    def list_numbers(self, entry: Entry, issuer: Issuer, **ended: dict[str, object]) -> None:
        """The issuer's list of numbers."""
        said = {"revoked": {}, "replaced": {}, **ended}
        self.shelf.take(lists.sign_numbers(entry, issuer.key, version=1, now=NOW, **said).raw)  # type: ignore[arg-type]


def credential(number_: str) -> Credential:
    return Credential(
        number=number_, name=NAME, title=TITLE, code="K7Q2", hours=2, issued_on=TODAY, language="es",
        program="Vereda", issuer="Vereda (demo)", demonstration=True,
    )  # fmt: skip


@pytest.fixture
def office(app: Flask, ana: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Where certificates are made for Ana."""
    assert ana.person
    monkeypatch.setattr(worker, "now", clock)
    made = Office(app, ana.person.id)
    book = keys.load_authority(site_of(app).settings.keys).book
    assert book
    made.shelf.take(book.raw)
    return made


@pytest.fixture
def hub(office: Office) -> tuple[Issuer, Entry]:
    """Another issuer under the same root, in the list of keys."""
    root = keys.load_authority(site_of(office.app).settings.keys)
    key, badge_key = ec.generate_private_key(ec.SECP256R1()), Ed25519PrivateKey.generate()
    request = delegation.read_request(delegation.make_request("H7", key, badge_key))
    certificate, entry = delegation.delegate(root, request, renews=None, countersigns=False, now=NOW)
    office.list_keys(office.entry, entry)
    return Issuer(key, certificate, root.certificate, badge_key, keys.endorsed(root, entry)), entry


Check = Callable[..., str]


@pytest.fixture
def check(anybody: Client) -> Check:
    """What anybody is told of a file, or of a number."""

    def told(shown: bytes | str) -> str:
        if isinstance(shown, str):
            return words(anybody.get(f"/verify?number={shown}"))
        data = {"csrf": anybody.csrf(), "file": (io.BytesIO(shown), "c")}
        answer = anybody.browser.post("/verify", data=data, headers={"Accept-Language": "es"})
        assert answer.status_code == 200
        return words(answer)

    return told


@pytest.mark.parametrize("kind", FILES)
def test_each_file_is_genuine_and_says_whose_it_is(office: Office, check: Check, kind: Kind) -> None:
    of = office.issue()
    told = check(office.file(of, kind))
    for part in (GENUINE, NAME, TITLE, DAY, of, "Este registro lo tiene", "no tiene validez", "Lista de emisores"):
        assert part in told


def test_a_badge_that_a_wallet_wrote_anew_is_the_same(office: Office, check: Check) -> None:
    of = office.issue()
    again = json.dumps(json.loads(office.file(of, "badge")), indent=2, ensure_ascii=False).encode()
    told = check(b"\n" + again)
    assert GENUINE in told
    assert "Este registro lo tiene" in told


def test_the_form_says_that_it_takes_both(anybody: Client) -> None:
    for path in ("/verify", "/v"):
        assert "El PDF o el credential.json del certificado" in words(anybody.get(path))


@pytest.mark.parametrize("kind", [*FILES, ""])
def test_revoked_in_the_register_is_told_before_any_list_says_it(office: Office, check: Check, kind: Kind) -> None:
    of = office.issue()
    shown = office.file(of, kind) if kind else of
    office.end(of, "revoked")
    told = check(shown)
    for part in (REVOKED, f"Se revocó el {DAY}", "ya no es válido", TITLE, of):
        assert part in told
    assert NAME not in told
    assert GENUINE not in told
    assert "No se conoce" not in told


@pytest.mark.parametrize("kind", [*FILES, ""])
def test_replaced_says_by_which_to_whoever_has_it(office: Office, check: Check, kind: Kind) -> None:
    old = office.issue()
    new, site = number.new("E2"), site_of(office.app)
    shown = office.file(old, kind) if kind else old
    with site.database.writing() as tx:
        later = replace(credential(new), name="Otro Nombre")
        certificates.request(
            tx, learner=office.learner, course="c", major=1, credential=later, now=NOW, edition=2, replaces=old
        )
    office.end(old, "replaced")
    told = check(shown)
    for part in (REPLACED, f"el {DAY} por el certificado {new}", "Pida el más nuevo a quien se lo muestra"):
        assert part in told
    assert NAME not in told
    assert "Otro Nombre" not in told
    assert new not in check(number.new("E2"))


def test_what_only_a_list_says_counts_too(office: Office, check: Check) -> None:
    old, gone, new = office.issue(1), office.issue(2), number.new("E2")
    office.list_numbers(office.entry, office.issuer, revoked={gone: TODAY}, replaced={old: (TODAY, new)})
    for shown in (gone, office.file(gone, "pdf"), office.file(gone, "badge")):
        assert REVOKED in check(shown)
    for shown in (old, office.file(old, "pdf")):
        told = check(shown)
        assert REPLACED in told
        assert new in told


def test_an_erased_name_is_told_by_the_file_and_no_more_by_the_number(office: Office, check: Check) -> None:
    of = office.issue()
    files = {kind: office.file(of, kind) for kind in FILES}
    with site_of(office.app).database.writing() as tx:
        certificates.erase(tx, of)
    told = check(of)
    for part in ("Aquí se emitió un certificado con este número", "el nombre ya no se guarda aquí", TITLE, DAY, of):
        assert part in told
    assert NAME not in told
    for kind in ("pdf", "badge"):
        told = check(files[kind])
        for part in (GENUINE, NAME, TITLE, DAY):
            assert part in told, kind
    told = check(files["paper"])
    assert GENUINE in told
    assert NAME not in told
    assert "El nombre y el curso son los que muestra el archivo" in told
    office.end(of, "revoked")
    assert REVOKED in check(of)


@pytest.mark.parametrize("kind", FILES)
def test_of_an_issuer_that_nobody_knows_here_nothing_is_shown(
    office: Office, check: Check, kind: Kind, anybody: Client
) -> None:
    shown = office.file(office.issue(), kind)
    settings = site_of(office.app).settings
    folder = settings.instance / "other"
    folder.mkdir()
    keys.create(folder, issuer_code="ZZ", organisation="Another", now=NOW)
    for each in settings.trust.iterdir():
        each.unlink()
    (settings.keys / "root.pem").write_bytes((folder / "root.pem").read_bytes())
    told = check(shown)
    assert "Aquí no se conoce a quien lo emitió" in told
    assert NAME not in told
    assert "no es un certificado auténtico" not in told


def test_a_badge_that_was_changed_or_is_none_is_told(office: Office, check: Check) -> None:
    good = office.file(office.issue(), "badge")
    for broken, said in (
        (good.replace(NAME.encode(), b"Eva"), "cambió después de firmarlo"),
        (good.replace(b'{"@context"', b'{"score":"100","@context"', 1), "«score»"),
        (b'{"hello": "world"}', "no lleva una firma"),
        (b"{", "no lleva una firma"),
    ):
        told = check(broken)
        assert "Este archivo no es un certificado auténtico" in told
        assert "tal como se descargó" in told
        assert said in told, broken[:40]


@pytest.mark.parametrize("kind", ["pdf", "badge"])
def test_a_stolen_key_leaves_only_what_central_had_received(
    office: Office, hub: tuple[Issuer, Entry], check: Check, kind: Kind
) -> None:
    issuer, entry = hub
    central = Office(office.app, office.learner)
    registered, other = (files_of(issuer, number.new("H7")) for _ in range(2))
    for each in (registered, other):
        assert GENUINE in check(each[kind])
    stolen = replace(entry, withdrawn=Withdrawal(TODAY, "stolen"))
    central.list_keys(central.entry, stolen, version=3)
    days = {digest(registered[kind]): TODAY - timedelta(days=1)}
    received = lists.sign_received(central.entry, central.issuer.key, of=issuer.kid, days=days, version=1, now=NOW)
    central.shelf.take(received.raw)
    told = check(registered[kind])
    assert GENUINE in told
    assert "se había registrado antes, el 23 de noviembre" in told
    told = check(other[kind])
    assert "Se emitió con una llave comprometida" in told
    assert "puede emitirlo de nuevo" in told
    assert NAME not in told
    assert GENUINE not in told


def test_our_own_key_stolen_is_told_although_the_register_has_it(office: Office, check: Check) -> None:
    shown = office.file(office.issue(), "pdf")
    office.list_keys(replace(office.entry, withdrawn=Withdrawal(TODAY, "stolen")))
    told = check(shown)
    assert "Se emitió con una llave comprometida" in told
    assert "Este registro lo tiene" in told


def test_a_key_withdrawn_before_it_signed_makes_it_invalid(office: Office, check: Check) -> None:
    shown = office.file(office.issue(), "pdf")
    office.list_keys(replace(office.entry, withdrawn=Withdrawal(TODAY - timedelta(days=1), "retired")))
    assert "Este certificado no es válido" in check(shown)


def test_what_another_issuer_signed_is_genuine_by_its_file_and_unknown_by_its_number(
    office: Office, hub: tuple[Issuer, Entry], check: Check
) -> None:
    issuer, entry = hub
    good, gone = number.new("H7"), number.new("H7")
    files = files_of(issuer, good)
    told = check(files["pdf"])
    for part in (GENUINE, NAME, TITLE, good, "no tiene validez"):
        assert part in told
    assert "este registro no lo tiene" not in told
    assert "Aquí no se emitió ningún certificado con este número" in check(good)
    office.list_numbers(entry, issuer, revoked={gone: date(2026, 11, 20)})
    told = check(gone)
    assert REVOKED in told
    assert "Se revocó el 20 de noviembre de 2026" in told
    assert f"Lista de números revocados y reemplazados: {DAY}" in told
    assert "Aquí no se emitió ningún certificado con este número" in check(good)


def test_another_file_under_a_number_of_the_register_is_not_called_genuine(office: Office, check: Check) -> None:
    of = office.issue()
    forged = files_of(office.issuer, of)["pdf"]
    told = check(forged)
    assert "La firma de este archivo es auténtica" in told
    assert "otro archivo con este número" in told
    assert GENUINE not in told


def test_a_stale_list_is_told(office: Office, hub: tuple[Issuer, Entry], check: Check, clock: Clock) -> None:
    of = office.issue()
    office.list_numbers(office.entry, office.issuer)
    clock.pass_(days=200)
    for shown in (office.file(of, "pdf"), of):
        told = check(shown)
        assert GENUINE in told
        assert f"es del {DAY}: traiga una más reciente" in told


def files_of(issuer: Issuer, number_: str) -> dict[Kind, bytes]:
    """A certificate of Ana's that the issuer made elsewhere."""
    reader, facts = Reader("es", NOW.tzinfo), credential(number_)  # type: ignore[arg-type]
    proof = badge.sign(facts, issuer, reader, when=TODAY)
    return {"pdf": pades.sign(pdf.draw(facts, reader, badge=proof), issuer, when=NOW), "badge": proof}
