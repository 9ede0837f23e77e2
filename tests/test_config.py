"""Settings: read once, and a bad one stops the start with a sentence."""

from pathlib import Path

import pytest

from lms.config import BadSetting, Settings, Signatory


def load(tmp_path: Path, text: str = "", **environ: str) -> Settings:
    (tmp_path / "settings.toml").write_text(text, "utf-8")
    return Settings.load({"LMS_INSTANCE": str(tmp_path), **environ})


def test_without_a_file_there_are_defaults(tmp_path: Path) -> None:
    settings = Settings.load({"LMS_INSTANCE": str(tmp_path / "none")})
    assert (settings.name, settings.languages, settings.port, settings.demonstration) == (
        "Vereda",
        ("es", "en"),
        8000,
        True,
    )
    assert settings.url == f"sqlite:///{tmp_path / 'none' / 'vereda.sqlite'}"
    assert settings.idle.total_seconds() == 15 * 60


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    text = """
        name = "Sendero"
        port = 9000
        https = true
        languages = ["es"]
        registration = "code"
        courses = "cursos"
        logo = "logo.png"
        timezone = "America/Guatemala"
        demonstration = false
        signatories = [{name = "Carla Méndez", position = "Coordinadora"}]
    """
    (tmp_path.parent / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n and so on")
    settings = load(tmp_path, text, LMS_PORT="9001", LMS_LANGUAGES="es,en", LMS_HTTPS="no", LMS_WORKERS="2")
    assert (settings.name, settings.port, settings.https, settings.workers) == ("Sendero", 9001, False, 2)
    assert (settings.languages, settings.registration) == (("es", "en"), "code")
    assert settings.courses == tmp_path.parent / "cursos"
    assert settings.logo == tmp_path.parent / "logo.png"
    assert settings.signatories == (Signatory("Carla Méndez", "Coordinadora"),)


def test_a_language_with_a_catalogue_of_the_operators_own_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / "catalogues" / "mam" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.mo").write_bytes(b"")
    text = f"catalogues = '{tmp_path / 'catalogues'}'"
    assert load(tmp_path, text, LMS_LANGUAGES="mam, en").languages == ("mam", "en")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("nombre = 'x'", "nombre: There is no such setting"),
        ("name = 3", "name: Write a text"),
        ("port = 'many'", "port: Write a whole"),
        ("port = 70000", "from 1 to 65535"),
        ("port = 80.5", "port: Write"),
        ("https = 'perhaps'", "true or false"),
        ("languages = []", "languages: Write a list"),
        ("registration = 'maybe'", "open, code or closed"),
        ("timezone = 'Mars/North'", "timezone: There is no time zone “Mars/North”"),
        ("signatories = [{name = 'x'}]", "signatories: "),
        ("signatories = 'x'", "not in the environment"),
        ("name = ", "settings.toml"),
        ("languages = ['es', 'xx']", "languages: There is no catalogue for the language “xx”. There are: en, es."),
        ("languages = ['es', 'mam']", "no catalogue for the language “mam”"),
        ("catalogues = '/no/where'\nlanguages = ['es']", "no catalogue for the language “es”"),
        ("logo = '/no/where.png'", "logo: There is no PNG or JPEG picture at /no/where.png"),
        ("logo = '/etc/passwd'", "logo: There is no PNG or JPEG picture at /etc/passwd"),
        ("accent = 'teal'", "accent: Write a colour such as #12464C"),
        ("accent = '#C0FFEE'", "accent: This colour is too light"),
        ("accent = 7", "accent: Write a text in quotes"),
        ("logo = '/etc'", "logo: There is no PNG or JPEG picture at /etc"),
    ],
)
def test_a_bad_setting_says_which_and_why(tmp_path: Path, text: str, part: str) -> None:
    with pytest.raises(BadSetting, match=part):
        load(tmp_path, text)
