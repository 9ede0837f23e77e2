"""`lms keys`: a root on a stick, central and a hub, from the first request to a theft."""

import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner

from lms.certificates import badge, delegation, keys, number, pades, pdf, protection, qr
from lms.certificates.credential import Credential
from lms.certificates.protection import Lock
from lms.certificates.trust import Trust
from lms.cli import main, worker
from lms.cli.place import open_database
from lms.cli.worker import Keys, Told
from lms.config import HANDED_DOWN, Settings
from lms.i18n import Reader
from lms.services.common import registers
from tests.conftest import NOW

ROOT = Path(__file__).parents[2]
Run = Callable[..., str]
PASSPHRASE = "canto rodado bajo el puente viejo"
TWICE = f"{PASSPHRASE}\n{PASSPHRASE}\n"


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protection, "ROUNDS", 10)


class Place:
    """An installation, and what is typed in there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.environment = {"LMS_INSTANCE": str(folder / "instance"), "LC_ALL": "en_US.UTF-8"}

    def lms(self, *words: str, typed: str = "", code: int = 0, days: int = 0) -> str:
        with time_machine.travel(NOW + timedelta(days=days), tick=False):
            result = CliRunner().invoke(main, list(words), prog_name="lms", input=typed, env=self.environment)
        assert result.exit_code == code, (result.output, result.exception)
        return result.output

    @property
    def settings(self) -> Settings:
        return Settings.load(self.environment)

    @property
    def lock(self) -> Lock:
        return Lock(self.settings.secret)

    @property
    def trust(self) -> Trust:
        return registers.shelf_of(self.settings).load()

    def kid(self) -> str:
        return keys.load_issuer(self.settings.keys, self.lock).kid.hex()

    def code(self) -> str:
        return keys.load_issuer(self.settings.keys, self.lock).code

    def certificate(self, name: str, days: int = 0) -> Path:
        """A certificate that this place issued."""
        issuer = keys.load_issuer(self.settings.keys, self.lock)
        when = NOW + timedelta(days=days)
        facts = Credential(
            number=number.new(issuer.code), name="Ana", title="Curso", code="K7Q2", hours=1, issued_on=when.date(),
            language="es", program="Vereda", issuer="Vereda", demonstration=True,
        )  # fmt: skip
        reader, path = Reader("es", when.tzinfo or NOW.tzinfo), self.folder / f"{name}.pdf"  # type: ignore[arg-type]
        proof = badge.sign(facts, issuer, reader, when=when.date())
        path.write_bytes(pades.sign(pdf.draw(facts, reader, badge=proof), issuer, when=when))
        path.with_suffix(".json").write_bytes(proof)
        path.with_suffix(".txt").write_text(
            qr.address(qr.payload(facts, issuer), "https://example.org") + "\n", "utf-8"
        )
        return path


def place(folder: Path) -> Place:
    made = Place(folder)
    made.lms("init")
    return made


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


@pytest.fixture
def central(tmp_path: Path, stick: Path) -> Place:
    """Central, under a root on a stick."""
    made = place(tmp_path / "central")
    made.lms("keys", "init", "--root", str(stick), typed=TWICE)
    join(made, made, stick, "--central")
    return made


@pytest.fixture
def hub(tmp_path: Path, central: Place, stick: Path) -> Place:
    made = place(tmp_path / "hub")
    join(made, central, stick)
    return made


def fingerprint(told: str) -> str:
    found = re.findall(r"(?:SHA-256 |: )((?:[0-9A-F]{2,4}[ :]){7,31}[0-9A-F]{2,4})$", told, re.MULTILINE)
    return str(found[-1])


def join(hub: Place, central: Place, stick: Path, *more: str, days: int = 0) -> str:
    """The hub asks, whoever has the stick answers, the hub installs it; each tells the other fingerprints."""
    request, answer = (str(hub.folder / name) for name in ("request.json", "answer.json"))
    asked = fingerprint(hub.lms("keys", "request", "--out", request, days=days))
    words = ("keys", "issue", request, "--root", str(stick), "--out", answer, *more)
    issued = central.lms(*words, typed=f"{asked}\n{PASSPHRASE}\n", days=days)
    return hub.lms("keys", "install", answer, typed=fingerprint(issued) + "\n", days=days)


def test_a_hub_signs_under_the_root_of_a_stick_that_it_never_sees(hub: Place, central: Place, stick: Path) -> None:
    root = keys.load_root(stick / "root.pem")
    for each in (hub, central):
        issuer = keys.load_issuer(each.settings.keys, each.lock)
        assert issuer.root == root
        assert not (each.settings.keys / "root.key").exists()
        assert not (each.settings.keys / "next").exists()
    assert b"passphrase" in (stick / "root.key").read_bytes()[:30]
    central.lms("keys", "install", str(stick / "list.json"))
    mine, theirs = hub.certificate("mine"), central.certificate("theirs")
    for where in (hub, central):
        for file in (mine, theirs):
            assert "This certificate is genuine." in where.lms("verify", str(file))
    entry = central.trust.issuer(bytes.fromhex(central.kid()))
    assert entry and entry.countersigns
    assert hub.lms("keys", "show").count("  central\n") == 2  # and its own, of the root that it had before


def test_what_was_issued_before_joining_stays_valid_and_the_old_root_is_set_aside(
    tmp_path: Path, central: Place, stick: Path
) -> None:
    hub = place(tmp_path / "hub")
    before = hub.certificate("before")
    assert "is signed with this key" not in hub.lms("verify", str(before))
    join(hub, central, stick)
    assert "This certificate is genuine." in hub.lms("verify", str(before))
    (former,) = (hub.settings.keys / "former").iterdir()
    assert {each.name for each in former.iterdir()} == {"root.key", "root-badge.key", "list.json"}
    hub.lms("init")
    assert "Locked" in hub.lms("keys", "protect")


def test_the_address_where_certificates_are_verified_is_handed_down(
    tmp_path: Path, central: Place, stick: Path
) -> None:
    central.environment["LMS_VERIFY_BASE"] = 'https://example.org/"x"'
    hub = place(tmp_path / "hub")
    join(hub, central, stick)
    assert hub.settings.verify_base == 'https://example.org/"x"'
    assert (hub.settings.instance / HANDED_DOWN).exists()
    hub.environment["LMS_VERIFY_BASE"] = "https://own.example"
    assert hub.settings.verify_base == "https://own.example"


def test_a_wrong_fingerprint_stops_everything(tmp_path: Path, central: Place, stick: Path) -> None:
    hub = place(tmp_path / "hub")
    request, answer = str(tmp_path / "r.json"), str(tmp_path / "a.json")
    asked = fingerprint(hub.lms("keys", "request", "--out", request))
    words = ["keys", "issue", request, "--root", str(stick), "--out", answer]
    before = (stick / "list.json").read_bytes()
    for wrong in ("0000 0000 0000", asked[:4], ""):
        assert "not its fingerprint" in central.lms(*words, "--fingerprint", wrong or "-", code=1)
    assert (stick / "list.json").read_bytes() == before
    assert not Path(answer).exists()
    central.lms(*words, "--fingerprint", asked[:9].lower(), typed=f"{PASSPHRASE}\n")
    kid = hub.kid()
    assert "not its fingerprint" in hub.lms("keys", "install", answer, typed="0000 0000\n", code=1)
    assert hub.kid() == kid


def test_a_request_made_again_asks_for_the_same_keys_and_an_answer_may_be_installed_again(
    tmp_path: Path, central: Place, stick: Path
) -> None:
    hub = place(tmp_path / "hub")
    assert "waits for its answer" not in hub.lms("keys", "show")
    first, second = (str(tmp_path / name) for name in ("1.json", "2.json"))
    hub.lms("keys", "request", "--out", first)
    assert "waits for its answer" in hub.lms("keys", "show")
    asked = [delegation.read_request(Path(each).read_bytes()) for each in (first,)]
    join(hub, central, stick)
    (again,) = (delegation.read_request((hub.folder / "request.json").read_bytes()),)
    assert again.key == asked[0].key
    kid = hub.kid()
    hub.lms("keys", "install", str(hub.folder / "answer.json"))
    assert hub.kid() == kid
    hub.lms("keys", "request", "--out", second)
    assert delegation.read_request(Path(second).read_bytes()).key != asked[0].key


def test_installing_goes_on_where_it_was_stopped(
    tmp_path: Path, central: Place, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = protection.replace
    for steps in range(5):
        hub = place(tmp_path / f"hub{steps}")
        done: list[Path] = []

        def stopped(path: Path, content: bytes, done: list[Path] = done, steps: int = steps) -> None:
            if len(done) == steps:
                raise KeyboardInterrupt
            done.append(path)
            real(path, content)

        with monkeypatch.context() as patch, pytest.raises(AssertionError):
            patch.setattr(protection, "replace", stopped)
            join(hub, central, stick)
        root = keys.fingerprint(keys.load_root(stick / "root.pem"))
        hub.lms("keys", "install", str(hub.folder / "answer.json"), "--fingerprint", root)
        assert keys.load_issuer(hub.settings.keys, hub.lock).root == keys.load_root(stick / "root.pem")
        assert not (hub.settings.keys / "next").exists()


def test_every_wrong_file_is_told(tmp_path: Path, hub: Place, central: Place, stick: Path) -> None:
    pdf_file = hub.certificate("c")
    request, answer, book = hub.folder / "request.json", hub.folder / "answer.json", stick / "list.json"
    for wrong in (pdf_file, answer, book):
        assert "not a request" in central.lms("keys", "issue", str(wrong), "--root", str(stick), code=1)
    assert "not a list of keys or numbers" in hub.lms("keys", "install", str(pdf_file), code=1)
    assert "This is a request" in hub.lms("keys", "install", str(request), code=1)
    old = tmp_path / "old.json"
    old.write_bytes(delegation.read_answer((central.folder / "answer.json").read_bytes()).keys.raw)
    assert "older (version 1) than the one held here (version 2)" in hub.lms("keys", "install", str(old), code=1)
    assert "another request" in hub.lms("keys", "install", str(central.folder / "answer.json"), code=1)
    spoilt = tmp_path / "spoilt.json"
    spoilt.write_bytes(answer.read_bytes().replace(b'"certificate":"MII', b'"certificate":"MIJ'))
    assert "not an answer" in hub.lms("keys", "install", str(spoilt), code=1)
    assert "signs from" in hub.lms("keys", "install", str(answer), days=400, code=1)
    asked = str(tmp_path / "r.json")
    print_ = fingerprint(hub.lms("keys", "request", "--out", asked))
    issue = ["keys", "issue", asked, "--fingerprint", print_]
    assert "not in" in central.lms(*issue, code=1)
    assert "does not open" in central.lms(*issue, "--root", str(stick), typed="wrong passphrase, sorry\n", code=1)
    assert "set the clock first" in central.lms(*issue, "--root", str(stick), typed=PASSPHRASE + "\n", days=-1, code=1)
    assert "set the clock first" in central.lms(
        *issue, "--root", str(stick), typed=PASSPHRASE + "\n", days=-20000, code=1
    )
    (stick / "list.json").write_bytes(old.read_bytes())
    assert "an old copy of" in central.lms(*issue, "--root", str(stick), typed=PASSPHRASE + "\n", code=1)


def test_an_answer_that_comes_after_a_newer_list_is_good_unless_its_key_was_withdrawn(
    tmp_path: Path, hub: Place, central: Place, stick: Path
) -> None:
    answer = tmp_path / "answer.json"
    asked = fingerprint(hub.lms("keys", "request", "--out", str(tmp_path / "r.json")))
    words = ["keys", "issue", str(tmp_path / "r.json"), "--root", str(stick), "--out", str(answer)]
    central.lms(*words, "--fingerprint", asked, typed=PASSPHRASE + "\n")
    kids = [hub.kid(), delegation.read_answer(answer.read_bytes()).entry.kid.hex()]
    for kid, code in zip(kids, (0, 1), strict=True):
        revoke = ["keys", "revoke", kid, "--reason", "retired", "--root", str(stick)]
        central.lms(*revoke, typed=PASSPHRASE + "\n")
        hub.lms("keys", "install", str(stick / "list.json"))
        assert ("older (version" in hub.lms("keys", "install", str(answer), code=code)) is bool(code)


def test_a_root_may_be_made_where_there_is_no_installation(tmp_path: Path, stick: Path) -> None:
    laptop = Place(tmp_path / "laptop")
    laptop.lms("keys", "init", "--root", str(stick), typed=TWICE)
    before = {path.name: path.read_bytes() for path in stick.iterdir()}
    assert set(before) == {"root.key", "root-badge.key", "root.pem"}
    laptop.lms("keys", "init", "--root", str(stick), typed=PASSPHRASE + "\n")
    assert {path.name: path.read_bytes() for path in stick.iterdir()} == before
    hub = place(tmp_path / "hub")
    join(hub, laptop, stick)
    assert hub.trust.issuer(bytes.fromhex(hub.kid()))


def test_before_init_there_are_no_keys_to_show_or_to_ask_for(tmp_path: Path) -> None:
    empty = Place(tmp_path / "empty")
    for words in (["show"], ["request"], ["rotate"]):
        assert "run `lms init` first" in empty.lms("keys", *words, code=1)


def test_a_key_is_renewed_where_the_root_is_and_what_the_old_one_signed_stays_valid(tmp_path: Path) -> None:
    alone = place(tmp_path / "alone")
    old, kid = alone.certificate("old"), alone.kid()
    assert "run `lms keys rotate`" not in alone.lms("keys", "show", days=300)
    assert "ends soon: run `lms keys rotate`" in alone.lms("keys", "show", days=340)
    assert "certificates wait: run `lms keys rotate` now" in alone.lms("keys", "show", days=397)
    alone.lms("keys", "rotate", days=340)
    assert alone.kid() != kid
    assert "certificate is genuine" in alone.lms("verify", str(old), days=500)
    assert "certificate is genuine" in alone.lms("verify", str(alone.certificate("new", days=500)), days=500)
    entries = [alone.trust.issuer(bytes.fromhex(each)) for each in (kid, alone.kid())]
    assert entries[0] and entries[1] and entries[0].issuer == entries[1].issuer
    assert entries[1].countersigns


def test_a_hub_renews_its_key_by_a_request_and_stays_the_same_issuer(hub: Place, central: Place, stick: Path) -> None:
    kid, asked = hub.kid(), str(hub.folder / "again.json")
    assert "Send it to whoever has the root" in hub.lms("keys", "rotate", "--out", asked, days=340)
    assert hub.kid() == kid
    join(hub, central, stick, days=340)
    entry = hub.trust.issuer(bytes.fromhex(hub.kid()))
    assert entry and entry.issuer.hex() == kid and not entry.countersigns


def test_a_theft_leaves_valid_only_what_central_had_registered(
    tmp_path: Path, hub: Place, central: Place, stick: Path
) -> None:
    registered, other, kid = hub.certificate("registered"), hub.certificate("other"), hub.kid()
    told = central.lms("keys", "countersign", str(registered), days=1)
    assert "Registered: version" in told
    assert "Registered: version" in central.lms("keys", "countersign", str(registered), str(registered), days=2)
    shelf = central.settings.trust
    (list_of_received,) = shelf.glob("received-*")
    words = ["keys", "revoke", kid[:8], "--reason", "stolen", "--on", str((NOW + timedelta(days=2)).date())]
    told = central.lms(*words, "--root", str(stick), typed=PASSPHRASE + "\n", days=5)
    assert str(stick / "list.json") in told
    hub.lms("keys", "install", str(stick / "list.json"), days=5)
    assert "issued by a compromised key" in hub.lms("verify", str(registered), days=5, code=1)
    hub.lms("keys", "install", str(list_of_received), days=5)
    assert "registered on 2026-11-25" in hub.lms("verify", str(registered), days=5)
    assert "issued by a compromised key" in hub.lms("verify", str(other), days=5, code=1)
    assert "withdrawn on 2026-11-26: ask for a new one with `lms keys request --new`" in hub.lms("keys", "show", days=5)
    assert "stolen" in hub.lms("keys", "show", days=5)
    assert "was withdrawn" in central.lms("keys", "countersign", str(registered), days=5, code=1)
    thief = fingerprint(hub.lms("keys", "request", "--out", str(tmp_path / "r.json"), days=6))
    issue = ["keys", "issue", str(tmp_path / "r.json"), "--root", str(stick), "--out", str(tmp_path / "a.json")]
    refused = central.lms(*issue, "--fingerprint", thief, typed=PASSPHRASE + "\n", days=6, code=1)
    assert "withdrawn for theft" in refused
    anew = fingerprint(hub.lms("keys", "request", "--new", "--out", str(tmp_path / "r.json"), days=6))
    central.lms(*issue, "--fingerprint", anew, "--continues", kid[:8], typed=PASSPHRASE + "\n", days=6)
    hub.lms("keys", "install", str(tmp_path / "a.json"), days=6)
    entry = hub.trust.issuer(bytes.fromhex(hub.kid()))
    assert entry and entry.issuer.hex() == kid
    assert "certificate is genuine" in hub.lms("verify", str(hub.certificate("after", days=6)), days=6)


def test_central_registers_badges_and_codes_too_and_the_badge_in_a_pdf(
    tmp_path: Path, hub: Place, central: Place, stick: Path
) -> None:
    whole, parts, none = (hub.certificate(name) for name in ("whole", "parts", "none"))
    codes = tmp_path / "codes.txt"
    codes.write_text(parts.with_suffix(".txt").read_text("utf-8") + "\n  \n", "utf-8")
    address = whole.with_suffix(".txt").read_text("utf-8").strip()
    received = [str(whole), str(parts.with_suffix(".json")), str(codes), address]
    central.lms("keys", "countersign", *received, days=1)
    words = ["keys", "revoke", hub.kid(), "--reason", "stolen", "--on", str((NOW + timedelta(days=2)).date())]
    central.lms(*words, "--root", str(stick), typed=PASSPHRASE + "\n", days=5)
    central.lms("keys", "install", str(stick / "list.json"), days=5)
    good = (whole, whole.with_suffix(".json"), parts.with_suffix(".json"))
    for each in (*map(str, good), address, codes.read_text("utf-8").strip()):
        assert "registered on 2026-11-25" in central.lms("verify", each, days=5)
    code = none.with_suffix(".txt").read_text("utf-8").strip()
    for each in (str(parts), str(none), str(none.with_suffix(".json")), code):
        assert "issued by a compromised key" in central.lms("verify", each, days=5, code=1)


def test_of_several_of_which_one_is_no_certificate_none_is_registered(
    tmp_path: Path, hub: Place, central: Place
) -> None:
    good, empty, lines = hub.certificate("good"), tmp_path / "empty", tmp_path / "lines.txt"
    empty.write_bytes(b"")
    lines.write_text(good.with_suffix(".txt").read_text("utf-8") + "hello\n", "utf-8")
    for wrong in (str(empty), str(lines), str(tmp_path / "nothing"), "123", "x" * 300):
        told = central.lms("keys", "countersign", str(good), wrong, code=1)
        assert "is not a genuine certificate: nothing was registered" in told
    assert not list(central.settings.trust.glob("received-*"))


def test_a_key_is_withdrawn_once_and_theft_is_the_last_word(hub: Place, central: Place, stick: Path) -> None:
    kid = hub.kid()

    def revoke(*words: str, code: int = 0) -> str:
        full = ["keys", "revoke", *words, "--root", str(stick)]
        return central.lms(*full, typed=PASSPHRASE + "\n", days=5, code=code)

    assert "has no key 0000" in revoke("0000", "--reason", "retired", code=1)
    assert "has no key" in revoke(kid[:2], "--reason", "retired", code=1)
    for day in ("2026-11-01", "2026-12-01"):
        assert "choose a day between them" in revoke(kid, "--reason", "retired", "--on", day, code=1)
    revoke(kid, "--reason", "retired")
    assert "was withdrawn before, on 2026-11-29" in revoke(kid, "--reason", "retired", code=1)
    revoke(kid, "--reason", "stolen", "--on", "2026-11-25")
    for reason in ("stolen", "retired"):
        assert "was withdrawn before, on 2026-11-25" in revoke(kid, "--reason", reason, code=1)


def test_only_central_registers_and_only_what_is_genuine(tmp_path: Path, hub: Place, central: Place) -> None:
    file = hub.certificate("c")
    assert "that is central's" in hub.lms("keys", "countersign", str(file), code=1)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(file.read_bytes()[:-1])
    assert "nothing was registered" in central.lms("keys", "countersign", str(file), str(broken), code=1)
    assert not list(central.settings.trust.glob("received-*"))


def test_what_is_not_in_the_list_can_not_be_registered(hub: Place, central: Place) -> None:
    issuer = keys.load_issuer(central.settings.keys, central.lock)
    with pytest.raises(delegation.NoSuchKey):
        registers.countersign(central.settings, issuer, of=b"nobody's", digests=[], now=NOW)


def test_two_issuers_may_have_one_code(tmp_path: Path, central: Place, stick: Path) -> None:
    hub = place(tmp_path / "hub")
    book = keys.load_authority(stick, Lock(ask=lambda _: PASSPHRASE))
    assert book.book
    kept = keys.keep_book(stick, book, tuple(each for each in book.book.entries), now=NOW)
    assert kept.version == 2
    request = str(tmp_path / "r.json")
    twin = keys.load_issuer(hub.settings.keys, hub.lock)
    Path(request).write_bytes(delegation.make_request(central.code(), twin.key, twin.badge_key))
    asked = delegation.fingerprint(Path(request).read_bytes())
    words = ["keys", "issue", request, "--root", str(stick), "--fingerprint", asked, "--out", str(tmp_path / "a.json")]
    assert "has this code too" in central.lms(*words, typed=PASSPHRASE + "\n")


def test_keys_that_lie_open_are_locked(tmp_path: Path) -> None:
    alone = place(tmp_path / "alone")
    lock = alone.lock
    for path in alone.settings.keys.glob("*.key"):
        path.write_bytes(Lock().locked(lock.unlock(path), "open"))  # type: ignore[arg-type]
    alone.settings.secret.unlink()
    kid = keys.load_issuer(alone.settings.keys).kid
    assert "Keys lie open: lock them" in alone.lms("keys", "show")
    assert str(alone.settings.secret) in alone.lms("keys", "protect")
    assert "Keys lie open" not in alone.lms("keys", "show")
    assert keys.load_issuer(alone.settings.keys, alone.lock).kid == kid
    assert {protection.protection_of(path) for path in alone.settings.keys.glob("*.key")} == {"secret"}
    alone.settings.secret.rename(tmp_path / "elsewhere")
    for words in (["keys", "protect"], ["worker", "--once"], ["init"]):
        assert "the secret that opens them is not in" in alone.lms(*words, code=1)
    alone.environment["LMS_KEY_SECRET"] = str(tmp_path / "elsewhere")
    alone.lms("worker", "--once")


def test_how_the_secret_is_kept_is_shown_and_that_it_is_missing(tmp_path: Path) -> None:
    alone = place(tmp_path / "alone")
    secret, told = alone.settings.secret, alone.lms("keys", "show")
    assert f"The secret that opens them: {secret}: only the account that made it can read it" in told
    assert "not in" not in told
    secret.write_text(secret.read_text("utf-8").lower().replace("-", "-  "), "utf-8")
    secret.chmod(0o644)
    alone.lms("worker", "--once")
    told = alone.lms("keys", "show")
    assert "others can read it too" in told
    assert f"Others on this computer can read the secret in {secret}" in told
    inside = alone.settings.instance / "secret"
    secret.rename(inside)
    told = alone.lms("keys", "show")
    assert f"{secret}: MISSING" in told
    assert "“If the secret is lost”" in told
    assert "## If the secret is lost" in (ROOT / "docs/operating.md").read_text("utf-8")
    alone.environment["LMS_KEY_SECRET"] = str(inside)
    assert "lies within the instance folder" in alone.lms("keys", "show")
    inside.write_text("cut short")
    assert f"{inside}: MISSING" in alone.lms("keys", "show")


def test_what_is_left_when_the_secret_is_lost_for_good(tmp_path: Path, hub: Place, central: Place, stick: Path) -> None:
    before, kid, folder = hub.certificate("before"), hub.kid(), hub.settings.keys
    hub.settings.secret.unlink()
    assert "the secret that opens them is not in" in hub.lms("init", code=1)
    folder.rename(tmp_path / "keys.lost")  # what docs/operating.md says
    hub.lms("init")
    join_anew(hub, central, stick, kid)
    assert "This certificate is genuine." in hub.lms("verify", str(before))
    after = hub.certificate("after")
    assert "This certificate is genuine." in central.lms("verify", str(after))
    entry = hub.trust.issuer(bytes.fromhex(hub.kid()))
    assert entry and entry.issuer.hex() == kid
    hub.lms("worker", "--once")


def test_where_the_root_is_lost_with_it_older_certificates_are_still_known(tmp_path: Path) -> None:
    alone = place(tmp_path / "alone")
    before = alone.certificate("before")
    alone.settings.secret.unlink()
    alone.settings.keys.rename(tmp_path / "keys.lost")
    alone.lms("init")
    assert "It can't be told" in alone.lms("verify", str(before), code=2)
    shutil.copy(tmp_path / "keys.lost" / "root.pem", alone.settings.trust / "former.pem")
    for file in (before, alone.certificate("after")):
        assert "This certificate is genuine." in alone.lms("verify", str(file))


def join_anew(hub: Place, central: Place, stick: Path, kid: str) -> None:
    """The hub, whose keys are lost, asks for others and stays the issuer that it was."""
    request, answer = str(hub.folder / "again.json"), str(hub.folder / "answer.json")
    asked = fingerprint(hub.lms("keys", "request", "--new", "--out", request))
    words = ["keys", "issue", request, "--root", str(stick), "--out", answer, "--continues", kid]
    issued = central.lms(*words, "--fingerprint", asked, typed=f"{PASSPHRASE}\n")
    hub.lms("keys", "install", answer, typed=fingerprint(issued) + "\n")
    central.lms("keys", "install", str(stick / "list.json"))


def test_keys_under_a_passphrase_ask_for_it_and_web_processes_need_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = place(tmp_path / "alone")
    assert "at least 20 characters" in alone.lms("keys", "protect", "--passphrase", typed="short\nshort\n", code=1)
    alone.lms("keys", "protect", "--passphrase", typed=TWICE)
    locks = {path.name: protection.protection_of(path) for path in alone.settings.keys.glob("*.key")}
    assert set(locks.values()) == {"secret", "passphrase"} and locks["store.key"] == "secret"
    keys.load_store_signer(alone.settings.keys, alone.lock)
    alone.lms("init")
    assert "start this command in a terminal" in alone.lms("worker", "--once", code=1)
    alone.lms("keys", "rotate", typed=PASSPHRASE + "\n", days=1)
    assert protection.protection_of(alone.settings.keys / "issuer.key") == "passphrase"
    alone.lms("keys", "protect", typed=PASSPHRASE + "\n", days=1)
    alone.lms("worker", "--once", days=1)


def test_the_roots_key_moves_to_a_stick(tmp_path: Path) -> None:
    alone, stick = place(tmp_path / "alone"), tmp_path / "stick"
    alone.environment["LMS_DEMONSTRATION"] = "false"
    assert "The root's key is on this computer" in alone.lms("keys", "show")
    stick.mkdir()
    for name in ("root.key", "root-badge.key", "root.pem", "list.json"):
        shutil.copy(alone.settings.keys / name, stick / name)
    assert "Locked: root-badge.key, root.key" in alone.lms("keys", "protect", "--root", str(stick), typed=TWICE)
    for name in ("root.key", "root-badge.key"):
        (alone.settings.keys / name).unlink()
    assert "The root's key is on this computer" not in alone.lms("keys", "show")
    kid = alone.kid()
    alone.lms("keys", "rotate", "--root", str(stick), typed=PASSPHRASE + "\n", days=1)
    assert alone.kid() != kid
    alone.lms("init", days=1)
    (stick / "other.key").write_bytes(b"")
    told = alone.lms("keys", "protect", "--root", str(stick), typed=TWICE + PASSPHRASE + "\n", days=1, code=1)
    assert "other.key is missing or can't be used" in told


def test_a_root_in_a_drawer_gives_keys_of_an_earlier_version_what_they_lack(tmp_path: Path) -> None:
    alone, drawer = place(tmp_path / "alone"), tmp_path / "drawer"
    folder = alone.settings.keys
    drawer.mkdir()
    for name in ("root-badge.key", "list.json", "issuer-badge.key", "endorsement.json"):
        (folder / name).unlink()
    shutil.rmtree(alone.settings.trust)
    (folder / "root.key").rename(drawer / "root.key")
    shutil.copy(folder / "root.pem", drawer / "root.pem")
    alone.lms("worker", "--once")
    assert "The root has not listed this key yet" in alone.lms("keys", "show")
    assert registers.publish_numbers(
        alone.settings, keys.load_issuer(folder, alone.lock), revoked={}, replaced={}, now=NOW
    ) is None  # fmt: skip
    assert "Root: CN=Root" in alone.lms("keys", "init", "--root", str(drawer), typed=TWICE)
    assert "The root has not listed this key yet" not in alone.lms("keys", "show")


def test_the_worker_keeps_the_list_of_numbers_fresh_and_takes_up_new_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = place(tmp_path / "alone")
    opened, told = Keys(alone.settings), Told(alone.settings, open_database(alone.settings))
    monkeypatch.setattr(worker, "now", lambda: NOW)
    first = opened.issuer()
    told.keep(first)
    (held,) = alone.trust.numbers
    assert opened.issuer() is first
    monkeypatch.setattr(worker, "now", lambda: NOW + timedelta(days=29))
    told.keep(opened.issuer())
    assert alone.trust.numbers == (held,)
    monkeypatch.setattr(worker, "now", lambda: NOW + timedelta(days=30))
    told.keep(opened.issuer())
    (newer,) = alone.trust.numbers
    assert newer.version > held.version and newer.issued == (NOW + timedelta(days=30)).date()
    alone.lms("keys", "rotate", days=30)
    second = opened.issuer()
    told.keep(second)
    assert second.kid != first.kid
    assert alone.trust.numbers[0].kid == second.kid
    assert "out of date: bring a newer one" in alone.lms("keys", "show", days=300)
    assert "out of date" not in alone.lms("keys", "show", days=200)


def test_a_certificate_is_checked_with_only_the_root_and_lists_by_hand(tmp_path: Path, hub: Place, stick: Path) -> None:
    file, nobody = hub.certificate("c"), Place(tmp_path / "nobody")
    root = ["--root", str(stick / "root.pem")]
    assert "genuine" in nobody.lms("verify", str(file), *root)
    told = nobody.lms("verify", str(file), *root, "--trust-list", str(stick / "list.json"))
    assert "! There is no list here that could say whether it was revoked." in told
    hub.lms("worker", "--once")
    (numbers,) = hub.settings.trust.glob("numbers-*")
    lists = ["--trust-list", str(stick / "list.json"), "--trust-list", str(numbers)]
    assert "neither revoked nor replaced it, as of 2026-11-24" in nobody.lms("verify", str(file), *root, *lists)
    assert "not signed by anybody" in nobody.lms("verify", str(file), *root, "--trust-list", str(numbers), code=1)
    assert "not a list" in nobody.lms("verify", str(file), *root, "--trust-list", str(file), code=1)
