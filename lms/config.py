"""Settings: read once, from `instance/settings.toml` and the environment, frozen; a bad value stops the start. What may be set
in the browser besides goes through the same converters (`lms.services.running.in_force`)."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args
from typing import Literal as OneOf
from zoneinfo import ZoneInfo

from lms.i18n import N_, SOURCE_LANGUAGE, installed_languages

PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
"""How a PNG and a JPEG file begin."""
SIGNED = 120
"""Letters of a signatory's name or position."""
DARK_ENOUGH = 0.17
"""The luminance of a colour that stands out from paper 4.5 times."""
HANDED_DOWN = "handed-down.toml"
"""Settings that came with the issuer's certificate; the installation's own win."""
Registration = OneOf["open", "code", "closed"]
Origin = OneOf["environment", "file", "handed-down"]
"""Where whoever runs the computer has set something."""
CHOSEN = tuple(
    "name issuer demonstration signatories logo accent verify_base registration ask_sex shared_devices idle_minutes "
    "languages timezone".split()
)
"""What an administrator may set in the browser, where whoever runs the computer has not set it (docs/decisions/0035)."""


class BadSetting(Exception):
    """A setting can't be used; `sentence(gettext)` says which, why and what to write instead."""

    def __init__(self, name: str, message: str, **values: object) -> None:
        self.name, self.message, self.values = name, message, values
        super().__init__(self.sentence(str))

    def sentence(self, gettext: Callable[[str], str]) -> str:
        """The whole message in the reader's language."""
        return f"{self.name}: {self.reason(gettext)}"

    def reason(self, gettext: Callable[[str], str]) -> str:
        """The message without the setting's name, for beside its field."""
        return gettext(self.message) % self.values


class _Unusable(ValueError):
    """What a converter says of a value."""

    def __init__(self, message: str, **values: object) -> None:
        self.message, self.values = message, values


@dataclass(frozen=True, slots=True)
class Signatory:
    """A person who signs certificates: shown as text, never as a picture of a signature."""

    name: str
    position: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """For how many days each thing is kept, by its purpose in `lms.services.running.retention`; 0: until somebody erases it."""

    drafts: int = 365
    ways_in: int = 90
    cards: int = 90
    reports: int = 730
    quarantine: int = 730
    answers: int = 730
    unused: int = 365
    idle: int = 0
    idle_complete: int = 0
    certificates: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an operator may choose. Paths are absolute."""

    instance: Path
    database_url: str = ""
    courses: Path = Path("courses_content")
    name: str = "Vereda"
    issuer: str = "Vereda (demo)"
    demonstration: bool = True
    signatories: tuple[Signatory, ...] = ()
    logo: Path | bytes | None = field(default=None, repr=False)
    """A file, or the picture itself where it was sent in the browser."""
    accent: str = "#12464C"
    key_secret: Path | None = None
    verify_base: str = ""
    languages: tuple[str, ...] = ("es", "en")
    timezone: str = "America/Costa_Rica"
    registration: Registration = "open"
    https: bool = False
    proxies: int = 0
    idle_minutes: int = 15
    shared_devices: bool = True
    ask_sex: bool = False
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    catalogues: Path | None = None
    development: bool = False
    retention: Periods = Periods()
    retention_runs: bool = False
    """Whether the worker deletes every day what is past its period; else somebody has to."""
    staff_needs_second_factor: bool | None = None
    """None: where the pages are served without HTTPS, and not to this computer itself."""
    fixed: Mapping[str, Origin] = field(default_factory=dict, compare=False)
    """Which of these whoever runs the computer has set, and where: nobody sets them in the browser."""

    @property
    def url(self) -> str:
        """The database's URL: SQLite in the instance folder unless set."""
        return self.database_url or f"sqlite:///{self.instance / 'vereda.sqlite'}"

    @property
    def keys(self) -> Path:
        """The folder of private keys."""
        return self.instance / "keys"

    @property
    def secret(self) -> Path:
        """The file that opens the private keys: beside the instance folder, so that no copy of that folder has it."""
        return self.key_secret or self.instance.with_name(f"{self.instance.name}.secret")

    @property
    def trust(self) -> Path:
        """The folder of the lists that certificates are checked against."""
        return self.instance / "trust"

    @property
    def idle(self) -> timedelta:
        """How long a session lasts without a request."""
        return timedelta(minutes=self.idle_minutes)

    def day(self, moment: datetime) -> date:
        """The day that it is here at that moment."""
        return moment.astimezone(ZoneInfo(self.timezone)).date()

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """The settings in force. `LMS_INSTANCE` names the folder; each setting may be `LMS_<NAME>` in the environment.

        Raises BadSetting.
        """
        instance = Path(environ.get("LMS_INSTANCE", "instance")).resolve()
        handed, own = _read(instance / HANDED_DOWN), _read(instance / "settings.toml")
        values = handed | own
        known = set(cls.__dataclass_fields__) - {"instance", "fixed"}
        unknown = sorted(set(values) - known)
        if unknown:
            message = N_("There is no such setting. There are: %(known)s.")
            raise BadSetting(unknown[0], message, known=", ".join(sorted(known)))
        here = {name: environ[f"LMS_{name.upper()}"] for name in known if f"LMS_{name.upper()}" in environ}
        fixed: dict[str, Origin] = {
            **dict.fromkeys(handed, "handed-down"),
            **dict.fromkeys(own, "file"),
            **dict.fromkeys(here, "environment"),
        }
        usable = {name: _convert(name, value, instance) for name, value in (values | here).items()}
        settings = cls(instance=instance, fixed=fixed, **usable)
        if fixed.keys() & {"languages", "catalogues"}:
            _check_languages(settings.languages, settings.catalogues)
        return settings

    def choosing(self, name: str, value: Any) -> "Settings":
        """The same with that setting chosen in the browser; a picture is its bytes. Raises BadSetting."""
        usable = _convert(name, value, self.instance)
        if name == "languages":
            _check_languages(usable, self.catalogues)
        return replace(self, **{name: usable})


def known_languages(catalogues: Path | None) -> list[str]:
    """The languages that the interface can speak with these catalogues."""
    return sorted({SOURCE_LANGUAGE, *installed_languages(catalogues)})


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(path.name, N_("The file can't be read: %(error)s"), error=error) from error


def _convert(name: str, value: Any, instance: Path) -> Any:
    try:
        return _CONVERTERS.get(name, _text)(value, instance)
    except _Unusable as error:
        raise BadSetting(name, error.message, **error.values) from error
    except (AttributeError, TypeError, ValueError, KeyError) as error:
        raise BadSetting(name, N_("%(value)s can't be used. See docs/operating.md."), value=repr(value)) from error


def _text(value: Any, _: Path) -> str:
    if not isinstance(value, str):
        raise _Unusable(N_("Write a text in quotes."))
    return value


def _line(most: int) -> Any:
    """A text that is shown on one line, of so many letters."""

    def convert(value: Any, instance: Path) -> str:
        text = " ".join(_text(value, instance).split())
        if not text or len(text) > most or not text.isprintable():
            raise _Unusable(N_("Write something here, with at most %(most)s letters."), most=most)
        return text

    return convert


def _address(value: Any, instance: Path) -> str:
    text = _text(value, instance).strip()
    if text and not re.fullmatch(r"https?://[^\s?#]{1,200}", text):
        raise _Unusable(N_("Write an address such as https://cursos.example.org, or nothing."))
    return text


def _path(value: Any, instance: Path) -> Path:
    path = Path(_text(value, instance))
    return path if path.is_absolute() else (instance.parent / path).resolve()


def _picture(value: Any, instance: Path) -> Path | bytes:
    if isinstance(value, bytes):
        if not value.startswith(PICTURES):
            raise _Unusable(N_("This is no PNG or JPEG picture."))
        return value
    path = _path(value, instance)
    try:
        with path.open("rb") as file:
            begins = file.read(8)
    except OSError:
        begins = b""
    if not begins.startswith(PICTURES):
        raise _Unusable(N_("There is no PNG or JPEG picture at %(path)s that can be read."), path=path)
    return path


def _colour(value: Any, instance: Path) -> str:
    """`#RRGGBB`, dark enough that what is written in it on paper is read easily (WCAG 2.2, 1.4.3)."""
    colour = _text(value, instance)
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", colour):
        raise _Unusable(N_("Write a colour such as #12464C."))
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    luminance = sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    if luminance > DARK_ENOUGH:
        raise _Unusable(N_("This colour is too light to be read on paper. Choose a darker one."))
    return colour


def _flag(value: Any, _: Path) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("1", "true", "yes", "0", "false", "no"):
        return value in ("1", "true", "yes")
    raise _Unusable(N_("Write true or false."))


def _whole(lowest: int, highest: int) -> Any:
    def convert(value: Any, _: Path) -> int:
        number = int(value) if isinstance(value, int) or str(value).isdecimal() else lowest - 1
        if isinstance(value, bool) or not lowest <= number <= highest:
            message = N_("Write a whole number from %(lowest)s to %(highest)s.")
            raise _Unusable(message, lowest=lowest, highest=highest)
        return number

    return convert


def _periods(value: Any, instance: Path) -> Periods:
    """From a table, or, in the environment, from `answers=730,drafts=0`."""
    if isinstance(value, str):
        value = dict(each.split("=", 1) for each in value.replace(" ", "").split(",") if each)
    if set(value) - set(Periods.__dataclass_fields__):
        known = ", ".join(Periods.__dataclass_fields__)
        raise _Unusable(N_("There is no such setting. There are: %(known)s."), known=known)
    return Periods(**{name: _whole(0, 100 * 366)(days, instance) for name, days in value.items()})


def _languages(value: Any, _: Path) -> tuple[str, ...]:
    names = tuple(each.strip() for each in value.split(",")) if isinstance(value, str) else tuple(value)
    if not names or not all(isinstance(name, str) and name for name in names):
        raise _Unusable(N_('Write a list such as ["es", "en"].'))
    return names


def _check_languages(languages: tuple[str, ...], catalogues: Path | None) -> None:
    known = known_languages(catalogues)
    for language in languages:
        if language not in known:
            message = N_("There is no catalogue for the language “%(language)s”. There are: %(known)s.")
            raise BadSetting("languages", message, language=language, known=", ".join(known))


def _signatories(value: Any, _: Path) -> tuple[Signatory, ...]:
    if isinstance(value, str):
        raise _Unusable(N_("Signatories are set in settings.toml or in the browser, not in the environment."))
    rows = [tuple(" ".join(str(entry.get(part, "")).split()) for part in ("name", "position")) for entry in value]
    if not all(0 < len(text) <= SIGNED and text.isprintable() for row in rows for text in row):
        message = N_("Write the name and the position of each of them, with at most %(most)s letters.")
        raise _Unusable(message, most=SIGNED)
    return tuple(Signatory(name=name, position=position) for name, position in rows)


def _registration(value: Any, _: Path) -> str:
    if value not in get_args(Registration):
        raise _Unusable(N_("Write open, code or closed."))
    return str(value)


def _zone(value: Any, instance: Path) -> str:
    name = _text(value, instance)
    try:
        return ZoneInfo(name.strip()).key
    except (ValueError, KeyError, OSError) as error:
        raise _Unusable(N_("There is no time zone “%(zone)s”. One is America/Costa_Rica."), zone=name) from error


_CONVERTERS: Mapping[str, Any] = {
    "name": _line(80),
    "issuer": _line(160),
    "verify_base": _address,
    "courses": _path,
    "key_secret": _path,
    "logo": _picture,
    "accent": _colour,
    "catalogues": _path,
    "demonstration": _flag,
    "development": _flag,
    "https": _flag,
    "shared_devices": _flag,
    "staff_needs_second_factor": _flag,
    "ask_sex": _flag,
    "retention": _periods,
    "retention_runs": _flag,
    "proxies": _whole(0, 5),
    "idle_minutes": _whole(3, 24 * 60),
    "port": _whole(1, 65535),
    "workers": _whole(1, 64),
    "languages": _languages,
    "signatories": _signatories,
    "registration": _registration,
    "timezone": _zone,
}
