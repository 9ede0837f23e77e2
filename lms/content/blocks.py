"""The scanner of `:::` blocks: lines become a tree of directives, and no slip swallows what follows it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lms.content.fields import ID
from lms.content.names import CALLOUTS, KINDS, OPTIONS, POLLS, QUESTIONS, Kind, block_names, folded, kind_named
from lms.content.report import Report
from lms.content.source import Line
from lms.i18n import N_

MAX_NESTING = 4
TOP_ONLY = frozenset({*QUESTIONS, *POLLS, "scenario", "reflection", "cards"})
"""Blocks that stand by themselves: one that opens inside another shows that the other was not closed."""
RESERVED = frozenset(
    {"csrf", "event", "release", "act", "language", "questions", "about", "action", "elements", "submit"}
)
"""Names of a form's own fields, of what a script asks a form for, and of the page about the course: no block may have
one as its id."""

_MARK = re.compile(r"\s*:{3,}\s*(?P<rest>.*)$")
_SHORT_MARK = re.compile(r"\s*:{1,2}\s*(?P<name>[^\W\d_][\w-]*)\b")
_FENCE = re.compile(r"\s*(?P<fence>`{3,}|~{3,})")
_WORD = re.compile(r"[^\W\d_][\w-]*")
_TOKEN = re.compile(r'\s*(?:#(?P<id>\S*)|(?P<key>[^\W\d_][\w-]*)=(?:"(?P<quoted>[^"]*)"|(?P<bare>\S*)))(?=\s|$)')
_TYPED = str.maketrans({"：": ":", "\u00a0": " ", "\u202f": " ", "“": '"', "”": '"', "«": '"', "»": '"', "＝": "="})


@dataclass(slots=True)
class Directive:
    """A block as written: its kind, what its opening line says, and the lines and blocks within."""

    line: int
    kind: Kind
    word: str = ""
    """The kind's name as the author wrote it."""
    id: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    children: "list[Line | Directive]" = field(default_factory=list)


def scan(lines: tuple[Line, ...], report: Report) -> "list[Line | Directive]":
    """The lines and blocks at the top level; whatever is wrong with a `:::` line is reported."""
    return _Scanner(report).scan(lines)


class _Scanner:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.top: list[Line | Directive] = []
        self.open: list[Directive] = []
        self.fence = ""

    def scan(self, lines: tuple[Line, ...]) -> "list[Line | Directive]":
        for line in lines:
            self._line(line)
        while self.open:
            self._not_closed()
        return self.top

    def _line(self, line: Line) -> None:
        if self._in_fence(line):
            self._add(line)
            return
        typed = line.text.translate(_TYPED)
        mark = _MARK.match(typed)
        if mark and not mark["rest"].strip():
            self._close(line)
        elif mark:
            self._open(line, mark["rest"].strip())
        else:
            self._text(line, typed)

    def _text(self, line: Line, typed: str) -> None:
        short = _SHORT_MARK.match(typed)
        if short and kind_named(short["name"]):
            message = N_("A block opens with three colons: “::: %(name)s”.")
            self.report.error(line.number, "colons", message, name=short["name"])
        if re.match(r"##? ", line.text):
            while self.open:  # a section never begins inside a block
                self._not_closed()
        self._add(line)

    def _in_fence(self, line: Line) -> bool:
        found = _FENCE.match(line.text)
        if self.fence:
            if found and found["fence"].startswith(self.fence) and not line.text.strip(" `~"):
                self.fence = ""
            return True
        self.fence = found["fence"] if found else ""
        return bool(found)

    def _add(self, piece: "Line | Directive") -> None:
        (self.open[-1].children if self.open else self.top).append(piece)

    def _close(self, line: Line) -> None:
        if self.open:
            self.open.pop()
        else:
            message = N_("This “:::” closes nothing. Delete it, or look for a block that was closed too early.")
            self.report.error(line.number, "nothing-to-close", message)

    def _not_closed(self) -> None:
        left = self.open.pop()
        message = N_("The block “%(name)s” that opens here is not closed. Put a line “:::” at its end.")
        self.report.error(left.line, "not-closed", message, name=left.word)

    def _open(self, line: Line, rest: str) -> None:
        directive = self._directive(line, rest)
        while self.open and directive.kind.name in TOP_ONLY:
            self._not_closed()
        if len(self.open) >= MAX_NESTING:
            self.report.error(line.number, "nesting", N_("Blocks are nested more than four deep. Close one first."))
        self._add(directive)
        self.open.append(directive)

    def _directive(self, line: Line, rest: str) -> Directive:
        word = _WORD.match(rest)
        kind = kind_named(word[0]) if word else None
        if kind is None:
            name = word[0] if word else rest.split(maxsplit=1)[0]
            self.report.unknown(
                line.number,
                "unknown-block",
                name,
                block_names(),
                plain=N_("There is no block called “%(name)s”."),
                guess=N_("There is no block called “%(name)s”. Did you mean “%(guess)s”?"),
            )
            return Directive(line.number, KINDS[CALLOUTS[0]], name)
        name = word[0] if word else ""
        return self._opened(line, Directive(line.number, kind, name), rest[len(name) :])

    def _opened(self, source: Line, made: Directive, rest: str) -> Directive:
        line, kind = source.number, made.kind
        options: dict[str, str] = {}
        while token := _TOKEN.match(rest):
            rest = rest[token.end() :]
            if token["key"] is None:
                made.id = self._id(line, token["id"], made.id)
            else:
                self._option(line, kind, options, token)
        title = rest.strip()
        written = source.text.rstrip()  # as typed: character for character as long as `rest`
        made.options, made.title = options, written[len(written) - len(title) :] if title else ""
        self._check_title(line, kind, made.title)
        return made

    def _id(self, line: int, text: str, before: str) -> str:
        if before:
            self.report.error(line, "two-ids", N_("This block has two ids. Keep one."))
        if not ID.fullmatch(text):
            message = N_("“#%(id)s” is no id: write small letters without accents, digits and hyphens (64 at most).")
            self.report.error(line, "bad-id", message, id=text)
        if text in RESERVED:
            message = N_("“#%(id)s” is a word of the program's own. Choose another id, such as “q-%(id)s”.")
            self.report.error(line, "reserved-id", message, id=text)
        return text

    def _option(self, line: int, kind: Kind, options: dict[str, str], token: re.Match[str]) -> None:
        name = OPTIONS.get(folded(token["key"]), token["key"])
        if name not in kind.options:
            self.report.unknown(
                line,
                "unknown-option",
                token["key"],
                kind.options,
                plain=N_("This block has no option “%(name)s”."),
                guess=N_("This block has no option “%(name)s”. Did you mean “%(guess)s”?"),
            )
        elif name in options:
            self.report.error(line, "repeated-option", N_("“%(name)s” is given twice. Keep one."), name=name)
        options[name] = token["quoted"] if token["quoted"] is not None else token["bare"]

    def _check_title(self, line: int, kind: Kind, title: str) -> None:
        if re.search(r"\{[#.]?[\w-]+[^}]*\}\s*$", title):
            message = N_("Braces are not used on this line: write the id as “#my-id”.")
            self.report.error(line, "braces", message)
        if re.search(r"\[\s*[xX✓✔]?\s*\](?!\()", title):
            message = N_("“%(mark)s” would be shown as it is. An answer opens its line inside a question: “- [x] …”.")
            self.report.error(line, "answer-outside", message, mark="[x]")
        late = re.search(r"(?:^|\s)(?:#[a-z][a-z0-9]*-[a-z0-9-]+|([^\W\d_][\w-]*)=\S+)", title)
        if late and (late[1] is None or OPTIONS.get(folded(late[1])) in kind.options):
            message = N_("The id and the options come before the title: “::: name #id option=value Title”.")
            self.report.error(line, "option-after-title", message)
