"""What an administrator sets in the browser: taken as the file's values are, in force everywhere at once, and noted."""

import json
from base64 import b64decode
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise

import pytest
from argon2 import PasswordHasher
from flask import Flask
from PIL import Image, PngImagePlugin
from sqlalchemy import delete, select

from lms.config import Signatory
from lms.services.people import passphrases
from lms.services.running import in_force, logos
from lms.storage import certificates
from lms.storage.tables import audit, courses
from lms.storage.tables import settings as table
from tests.visitor import Form
from tests.web import learner
from tests.web.client import Client, words
from tests.web.conftest import Clock, signed_in, site_of
from tests.web.learner import number_of
from tests.web.statements import statements
from tests.web.test_fresh import PASSPHRASE, confirmed, with_passphrase
from tests.web.test_sent_twice import twice

PAGE = "/staff/settings"


@pytest.fixture(autouse=True)
def cheap_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def eva(app: Flask) -> Client:
    """An administrator who has just typed her passphrase."""
    return confirmed(app, signed_in(app, "eva", "administrator"))


def form_of(who: Client, part: str) -> Form:
    return who.form(f"{PAGE}/{part}", f"{PAGE}/{part}")


def change(who: Client, part: str, *, status: int = 303, **changes: object) -> str:
    """What the page says after sending that part's form with these fields changed."""
    answer = who.send(form_of(who, part), **changes)
    assert answer.status_code == status, words(answer)
    return words(answer if status != 303 else who.get(answer.headers["Location"]))


def upload(who: Client, data: bytes, **fields: str) -> object:
    form = dict(form_of(who, "logo").fields)
    sent = {**form, **fields, "logo": (BytesIO(data), "logo.png")}
    return who.browser.post(f"{PAGE}/logo", data=sent, headers={"Accept-Language": "es"})


def png(width: int = 40, height: int = 20, **text: str) -> bytes:
    out, said = BytesIO(), PngImagePlugin.PngInfo()
    for name, value in text.items():
        said.add_text(name, value)
    Image.new("RGBA", (width, height), (10, 80, 90, 100)).save(out, "PNG", pnginfo=said)
    return out.getvalue()


def lines(app: Flask) -> list[tuple[str, dict[str, object]]]:
    """Of the audit: which setting, and what is said of it."""
    with site_of(app).database.reading() as tx:
        rows = tx.execute(select(audit).where(audit.c.act == "setting-changed").order_by(audit.c.seq)).all()
    return [(row.subject, json.loads(row.data)) for row in rows]


def test_a_change_holds_in_every_process_at_once(app: Flask, make_app: Callable[..., Flask], eva: Client) -> None:
    other = Client(make_app())
    for name in ("Sendero", "Camino"):
        assert "Guardado" in change(eva, "who", name=name)
        for who in (eva, other):
            assert f"Acerca de {name}" in words(who.get("/about"))
            assert name in words(who.get("/")), "the frame of every page is kept for those who come next"
    assert site_of(app).settings.name == site_of(other.app).settings.name == "Camino"


def test_no_page_asks_the_database_for_settings_until_they_change(app: Flask, eva: Client) -> None:
    stranger = Client(app)
    stranger.browser.set_cookie("s", "x")
    with statements(app) as asked:
        stranger.get("/about")
        eva.get("/me/learning")
    assert asked
    assert not [each for each in asked if "settings" in each]
    change(eva, "who", name="Sendero")
    with statements(app) as asked:
        for who in (eva, stranger, eva):
            who.get("/about")
    assert len([each for each in asked if "settings" in each]) <= 1


def test_it_is_read_again_each_minute_where_nobody_could_tell(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    site, moment = site_of(app), [0.0]
    found = in_force.InForce(site.own, site.database, clock=lambda: moment[0])
    monkeypatch.setattr(in_force, "tell", lambda _: None)
    assert found().name == "Vereda"
    change(confirmed(app, signed_in(app, "eva", "administrator")), "who", name="Sendero")
    moment[0] = 59
    assert found().name == "Vereda"
    moment[0] = 61
    assert found().name == "Sendero"


def test_what_the_file_sets_is_shown_as_fixed_and_stays(make_app: Callable[..., Flask]) -> None:
    app = make_app(fixed={"name": "file", "verify_base": "handed-down"}, name="Sendero", verify_base="https://x.test")
    eva = confirmed(app, signed_in(app, "eva", "administrator"))
    shown = eva.get(f"{PAGE}/who")
    assert 'name="name"' not in shown.get_data(as_text=True)
    assert "settings.toml" in words(shown)
    assert "Llegó con la clave" in words(eva.get(PAGE))
    change(eva, "who", name="Otro", issuer="Otra institución")
    assert (site_of(app).settings.name, site_of(app).settings.issuer) == ("Sendero", "Otra institución")
    change(eva, "certificates", verify_base="https://y.test")
    assert site_of(app).settings.verify_base == "https://x.test"
    assert [name for name, _ in lines(app)] == ["issuer"]


@pytest.mark.parametrize(
    ("part", "typed", "says"),
    [
        ("who", {"name": "  "}, "80 letras como máximo"),
        ("who", {"issuer": "x" * 161}, "160 letras como máximo"),
        ("certificates", {"accent": "#C0FFEE"}, "demasiado claro"),
        ("certificates", {"verify_base": "cursos.example.org"}, "https://cursos.example.org"),
        ("people", {"idle_minutes": "2"}, "entero de 3 a 1440"),
        ("people", {"idle_minutes": "pronto"}, "entero de 3 a 1440"),
        ("people", {"registration": "maybe"}, "open, code o closed"),
        ("languages", {"timezone": "Marte/Norte"}, "No hay una zona horaria «Marte/Norte»"),
        ("languages", {"first": "xx"}, "No hay catálogo para el idioma «xx»"),
        ("signatories", {"signatory": ["Carla", "", ""], "position": ["", "", ""]}, "el nombre y el cargo"),
    ],
)
def test_what_can_not_be_used_is_said_beside_its_field_and_nothing_typed_is_lost(
    app: Flask, eva: Client, part: str, typed: dict[str, str], says: str
) -> None:
    before = site_of(app).settings
    form = form_of(eva, part)
    answer = eva.send(form, **typed)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert says in words(answer), words(answer)
    (name,) = (
        key
        for key in (
            "name",
            "issuer",
            "accent",
            "verify_base",
            "idle_minutes",
            "registration",
            "timezone",
            "languages",
            "signatories",
        )
        if f'id="error-{key}"' in html
    )
    assert f'href="#field-{name}"' in html
    text = next(iter(typed.values()))
    if part not in ("languages", "signatories") and text not in ("maybe",):
        assert f'value="{text}"' in html
    assert site_of(app).settings == before
    assert lines(app) == []


def test_a_change_asks_for_the_passphrase_in_its_own_form(app: Flask, clock: Clock) -> None:
    eva = with_passphrase(app, signed_in(app, "eva", "administrator"))
    said = change(eva, "who", status=401, name="Sendero", passphrase="no es la mía")
    assert "No es su contraseña" in said or "contraseña" in said
    answer = eva.send(form_of(eva, "who"), name="Sendero", passphrase="no es la mía")
    assert 'value="Sendero"' in answer.get_data(as_text=True)
    assert site_of(app).settings.name == "Vereda"
    first, second = twice(eva, form_of(eva, "who"), name="Sendero", passphrase=PASSPHRASE)
    assert first.status_code == second.status_code == 303  # type: ignore[attr-defined]
    assert site_of(app).settings.name == "Sendero"
    assert len(lines(app)) == 1
    assert 'name="passphrase"' not in eva.get(f"{PAGE}/who").get_data(as_text=True)
    clock.pass_(minutes=6)
    assert 'name="passphrase"' in eva.get(f"{PAGE}/who").get_data(as_text=True)


def test_signatories_are_added_and_taken_out(app: Flask, eva: Client) -> None:
    change(
        eva, "signatories", signatory=["Carla Méndez", " Diego  Ruiz ", ""], position=["Coordinadora", "Director", ""]
    )
    two = (Signatory("Carla Méndez", "Coordinadora"), Signatory("Diego Ruiz", "Director"))
    assert site_of(app).settings.signatories == two
    assert "Carla Méndez, Coordinadora" in words(eva.get(PAGE))
    form = form_of(eva, "signatories")
    assert [value for name, value in form.fields if name == "signatory"] == ["Carla Méndez", "Diego Ruiz", ""]
    assert eva.send(form, out="0").status_code == 303
    assert site_of(app).settings.signatories == two[1:]
    change(eva, "signatories", signatory=["", "", ""], position=["", "", ""])
    assert site_of(app).settings.signatories == ()
    many = change(eva, "signatories", status=400, signatory=list("abcd"), position=list("abcd"))
    assert "3" in many
    assert "Carla" not in str(lines(app)), "the audit has no names"


def test_languages_are_chosen_with_the_one_that_comes_first(app: Flask, eva: Client, anybody: Client) -> None:
    change(eva, "languages", first="en", languages=["en"])
    assert site_of(app).settings.languages == ("en",)
    assert "About Vereda" in words(anybody.get("/about"))
    assert 'name="language"' not in anybody.get("/about").get_data(as_text=True)
    eva.send(form_of(eva, "languages"), first="es", languages=["en"])
    assert site_of(app).settings.languages == ("es", "en")


def test_registration_and_sessions_are_as_set(app: Flask, eva: Client, anybody: Client, clock: Clock) -> None:
    form = form_of(eva, "people")
    without = [(name, value) for name, value in form.fields if name != "shared_devices"]
    assert ("shared_devices", "yes") in form.fields
    form.fields = without
    assert eva.send(form, registration="closed", idle_minutes="5").status_code == 303
    assert site_of(app).settings.registration == "closed"
    assert not site_of(app).settings.shared_devices
    assert "solo la persona encargada abre cuentas" in words(anybody.get("/register"))
    clock.pass_(minutes=5)
    assert eva.get("/me/learning").status_code == 303
    assert dict(lines(app))["registration"] == {"old": "open", "new": "closed"}
    assert dict(lines(app))["idle_minutes"] == {"old": 15, "new": 5}


def test_certificates_are_as_set_and_those_there_are_keep_their_bytes(
    app: Flask, eva: Client, ana: Client, work: Callable[[], int]
) -> None:
    def file(who: Client) -> bytes:
        with site_of(app).database.reading() as tx:
            return certificates.file(tx, number_of(app, who), "pdf") or b""

    learner.complete(app, ana)
    assert work() == 1
    first = file(ana)
    change(eva, "who", name="Sendero", issuer="Red Mesoamericana", demonstration=[])
    change(eva, "certificates", accent="#502060")
    assert upload(eva, png()).status_code == 303  # type: ignore[attr-defined]
    berta = signed_in(app, "berta")
    learner.complete(app, berta)
    assert work() == 1
    with site_of(app).database.reading() as tx:
        found = certificates.by_number(tx, number_of(app, berta))
    assert found
    assert (found.credential.program, found.credential.issuer) == ("Sendero", "Red Mesoamericana")
    assert not found.credential.demonstration
    assert file(ana) == first


def test_a_logo_is_drawn_anew_shown_and_taken_away(app: Flask, eva: Client) -> None:
    assert eva.get(f"{PAGE}/logo.png").status_code == 404
    assert upload(eva, png(3000, 1000, Comment="secreto")).status_code == 303  # type: ignore[attr-defined]
    shown = eva.get(f"{PAGE}/logo.png")
    assert shown.headers["Content-Type"] == "image/png"
    assert shown.headers["Cache-Control"] == "no-store"
    kept = Image.open(BytesIO(shown.get_data()))
    assert (kept.size, kept.info) == ((1250, 417), {})
    assert kept.mode == "RGBA"
    assert b"secreto" not in shown.get_data()
    with site_of(app).database.reading() as tx:
        row = tx.execute(select(table.c.value).where(table.c.name == "logo")).scalar_one()
    assert b64decode(json.loads(row)) == site_of(app).settings.logo
    assert f'src="{PAGE}/logo.png"' in eva.get(PAGE).get_data(as_text=True)
    change(eva, "logo", out="yes")
    assert site_of(app).settings.logo is None
    assert [set(said) for _, said in lines(app)] == [{"sha256"}, {"sha256"}]


def damaged() -> bytes:
    return png()[:-30]


def huge() -> bytes:
    return png(4000, 2001)


def animated_gif() -> bytes:
    out = BytesIO()
    Image.new("P", (9, 9)).save(out, "GIF")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "Elija antes un archivo"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "no es una imagen PNG ni JPEG"),
        (animated_gif(), "no es una imagen PNG ni JPEG"),
        (b"\x89PNG\r\n\x1a\n and so on", "dañada"),
        (b"\xff\xd8\xff and so on", "dañada"),
        (damaged(), "dañada"),
        (huge(), "demasiados puntos"),
        (png() + b"x" * logos.MAX_BYTES, "demasiado grande"),
    ],
)
def test_what_is_no_usable_picture_is_refused(app: Flask, eva: Client, data: bytes, says: str) -> None:
    answer = upload(eva, data)
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert says in words(answer)  # type: ignore[arg-type]
    assert site_of(app).settings.logo is None


def test_a_photograph_is_turned_upright(app: Flask, eva: Client) -> None:
    out, exif = BytesIO(), Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "secreto"
    Image.new("RGB", (40, 20), (200, 0, 0)).save(out, "JPEG", exif=exif)
    assert upload(eva, out.getvalue()).status_code == 303  # type: ignore[attr-defined]
    data = eva.get(f"{PAGE}/logo.png").get_data()
    assert Image.open(BytesIO(data)).size == (20, 40)
    assert b"secreto" not in data


def test_an_issuer_that_the_root_elsewhere_does_not_name_is_refused(app: Flask, eva: Client) -> None:
    change(eva, "who", issuer="Red Mesoamericana")  # the root lies here: it can be made anew
    (site_of(app).own.keys / "root.key").unlink()
    said = change(eva, "who", status=400, issuer="Ministerio de Otra Cosa")
    assert "«Vereda (demo)»" in said
    change(eva, "who", issuer="Vereda (demo) · Tapachula")
    change(eva, "who", name="Sendero")
    assert site_of(app).settings.issuer == "Vereda (demo) · Tapachula"


def test_what_can_not_be_used_any_more_is_left_out_and_said(app: Flask, eva: Client) -> None:
    with site_of(app).database.writing() as tx:
        rows = [("languages", '["mam"]'), ("logo", '"bm8="'), ("port", "1"), ("nothing", "1"), ("name", '"Sendero"')]
        tx.execute(
            table.insert(), [{"name": name, "value": value, "changed_at": site_of(app).clock()} for name, value in rows]
        )
    in_force.tell(site_of(app).own)
    now = site_of(app).settings
    assert (now.languages, now.logo, now.port, now.name) == (("es", "en"), None, 8000, "Sendero")
    assert "no se puede usar" in words(eva.get(PAGE))
    change(eva, "languages")  # those that the program has by itself, which are chosen now
    assert words(eva.get(PAGE)).count("no se puede usar") == 1, "the logo"
    assert site_of(app).settings.languages == ("es", "en")
    change(eva, "logo", out="yes")
    assert "no se puede usar" not in words(eva.get(PAGE))


def test_the_page_says_since_when_and_what_only_the_computer_sets(make_app: Callable[..., Flask]) -> None:
    app = make_app(database_url="")
    eva = confirmed(app, signed_in(app, "eva", "administrator"))
    change(eva, "who", name="Sendero")
    said = words(eva.get(PAGE))
    assert "Elegido aquí el 24 de noviembre de 2026" in said
    assert "database_url" in said
    assert "https" in said
    place = site_of(app)
    for url in ("postgresql://u:geheim@h/x", "postgresql://u@h/x?password=geheim&sslpassword=geheim"):
        object.__setattr__(place, "own", type(place.own)(instance=place.own.instance, database_url=url))
        said = words(eva.get(PAGE))
        assert "h/x" in said
        assert "geheim" not in said


def test_the_marks_that_tell_of_changes_differ(app: Flask) -> None:
    own, path = site_of(app).own, site_of(app).own.instance / in_force.MARK
    seen = []
    for _ in range(20):
        in_force.tell(own)
        seen.append(path.stat().st_mtime_ns)
    assert all(one != other for one, other in pairwise(seen))
    assert path.stat().st_mode & 0o077 == 0


def test_courses_are_asked_for_only_where_there_are_none(app: Flask, eva: Client) -> None:
    assert "lms publish" not in words(eva.get(f"{PAGE}?done=first"))
    with site_of(app).database.writing() as tx:
        tx.execute(delete(courses))
    assert "lms publish" in words(eva.get(f"{PAGE}?done=first"))


def test_keys_that_name_another_issuer_are_told_of_after_the_first_settings(app: Flask, eva: Client) -> None:
    change(eva, "who", issuer="Red Mesoamericana")
    assert "Vea qué hay que hacer con las llaves" in words(eva.get(f"{PAGE}?done=first"))
    assert "las llaves" not in words(eva.get(f"{PAGE}?done=who"))
