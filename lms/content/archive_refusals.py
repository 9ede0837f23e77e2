"""Why an archive is not let in: every refusal's code and sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lms.content.diagnostics import Gettext
from lms.i18n import N_

_AGAIN = N_("The archive is damaged or was put together by hand. Pack the course's folder again.")
_STRANGE = N_("“%(name)s”: the archive says two things about it. Pack the course's folder again.")
_APART = N_("The archive holds something before, between or after its files. Pack the course's folder again.")
_PATH = N_("“%(name)s” leads out of the archive. Pack the course's folder itself.")
_RENAME = N_("“%(name)s” is not a name that every system can keep. Rename it with letters, digits, hyphens and dots.")

SENTENCES: Mapping[str, str] = {
    "not-file": N_("This is not a file."),
    "too-large": N_("The archive is larger than 50 MB. Make its pictures smaller."),
    "too-many": N_("The archive has more than 2,000 entries. A course is smaller."),
    "too-much": N_("Unpacked, the archive would be larger than 200 MB. Make its pictures smaller."),
    "ratio": N_("The archive unpacks to more than a hundred times its size. No course does that."),
    "not-zip": N_("This is not a zip archive, or it is cut short. Pack the course's folder again."),
    "empty": N_("The archive is empty."),
    "two-ends": _APART,
    "before": _APART,
    "between": _APART,
    "after": _APART,
    "overlap": _AGAIN,
    "index": _AGAIN,
    "differs": _STRANGE,
    "data": N_("“%(name)s” is damaged. Pack the course's folder again."),
    "checksum": N_("“%(name)s” is damaged. Pack the course's folder again."),
    "zip64": N_(
        "The archive is in the form for very large files (zip64). Pack the course's folder again as a plain zip."
    ),
    "disks": N_("The archive is one part of several. Pack the course's folder again as one file."),
    "encrypted": N_("The archive is encrypted. Pack it again without a password."),
    "method": N_("“%(name)s” is packed in a way that is not read here. Pack the course's folder again as a plain zip."),
    "link": N_("“%(name)s” is a link to another file. Put the file itself into the course."),
    "not-regular": N_("“%(name)s” is neither a file nor a folder. A course has nothing else."),
    "no-name": N_("The archive holds a file without a name. Pack the course's folder again."),
    "encoding": N_("“%(name)s”: the name is not UTF-8. Rename the file without accents and pack the folder again."),
    "control": _RENAME,
    "hidden": N_("“%(name)s”: the name holds characters that can't be seen. Type it again."),
    "backslash": _PATH,
    "absolute": _PATH,
    "drive": _PATH,
    "traversal": _PATH,
    "dot": _PATH,
    "character": _RENAME,
    "trailing": _RENAME,
    "device": _RENAME,
    "long": N_("“%(name)s”: the name is too long. Give it 100 letters at most."),
    "deep": N_("“%(name)s” lies too deep. A course has one level of folders."),
    "twin": N_("“%(name)s” is there twice, or differs from another name only in capitals or accents. Keep one."),
    "nested": N_("“%(name)s” is an archive in the archive. Put its files into the course themselves."),
    "place": N_(
        "“%(name)s” has no place in a course: there are course.yml, texts such as es/01-first.md, and pictures in media."
    ),
    "no-course": N_(
        "There is no course.yml at the top of the archive, nor in its one folder. Pack the course's folder."
    ),
    "several": N_("There are other files or folders beside the course's folder. Pack that folder alone."),
    "fake": N_("“%(name)s” is not the kind of picture that its name says. Export it again."),
    "limit": N_("The archive takes too long or too much memory to read. Pack the course's folder again."),
    "disk": N_("The draft can't be written: %(reason)s."),
}


@dataclass(frozen=True, slots=True)
class Refused:
    """An archive of which nothing is kept: the code says why."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)

    def sentence(self, gettext: Gettext) -> str:
        """The reason and what to do, in the reader's language."""
        return gettext(SENTENCES[self.code]) % self.values


class Stop(Exception):
    """The archive is refused here and now."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.refused = Refused(code, values)


def shown(name: str | bytes) -> str:
    """A name from an archive as a terminal may print it: what can't be seen is spelled out, what is long is cut."""
    text = name.decode("utf-8", "backslashreplace") if isinstance(name, bytes) else name
    spelled = "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in text)
    return spelled if len(spelled) <= 80 else f"{spelled[:79]}…"
