"""Settings of a course or module, read key by key: each value checked, each unknown key reported with a guess."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

import yaml

from lms.content.report import Report
from lms.i18n import N_

ID = re.compile(r"[a-z0-9-]{1,64}")
TRUE, FALSE = ("yes", "true", "sí", "si"), ("no", "false")
Choice = TypeVar("Choice", bound=str)


class Fields:
    """One mapping. Ask for each key that may be there; `end` reports what nobody asked for."""

    def __init__(self, node: yaml.MappingNode | None, report: Report) -> None:
        self.report = report
        self.line = node.start_mark.line + 1 if node else 1
        self._nodes: dict[str, yaml.Node] = {}
        self._lines: dict[str, int] = {}
        self._asked: list[str] = []
        for key, value in node.value if node else ():
            self._add(key, value)

    def text(self, name: str, default: str = "", *, required: bool = False) -> str:
        """A text of one line."""
        node = self._take(name, required=required)
        if node is None:
            return default
        if not isinstance(node, yaml.ScalarNode):
            self.error(name, N_("“%(name)s” is a text."))
            return default
        value = " ".join(str(node.value).split())
        if required and not value:
            self.error(name, N_("“%(name)s” is empty. Write its value after the colon."))
        return value

    def identifier(self, name: str) -> str:
        """An id, which is always required."""
        value = self.text(name, required=True)
        if value and not ID.fullmatch(value):
            self.error(name, N_("An id has only small letters without accents, digits and hyphens (64 at most)."))
        return value

    def whole(self, name: str, default: int, lowest: int, highest: int, *, required: bool = False) -> int:
        """A whole number within bounds."""
        value = self.text(name, required=required)
        if not value:
            return default
        if not re.fullmatch(r"\d{1,6}", value) or not lowest <= int(value) <= highest:
            message = N_("“%(name)s” is a whole number from %(lowest)s to %(highest)s.")
            self.error(name, message, lowest=lowest, highest=highest)
            return default
        return int(value)

    def decimal(self, name: str, default: float) -> float:
        """A number, with a decimal point or comma."""
        value = self.text(name)
        if not value:
            return default
        if not re.fullmatch(r"\d{1,4}([.,]\d{1,2})?", value):
            self.error(name, N_("“%(name)s” is a number, such as 1 or 1.5."))
            return default
        return float(value.replace(",", "."))

    def flag(self, name: str, default: bool) -> bool:
        """Yes or no."""
        value = self.text(name).lower()
        if not value:
            return default
        if value not in (*TRUE, *FALSE):
            self.error(name, N_("“%(name)s” is “yes” or “no”."))
        return value in TRUE

    def one_of(self, name: str, choices: Sequence[Choice], default: Choice) -> Choice:
        """One of a few words."""
        value = self.text(name)
        found = next((choice for choice in choices if choice == value), None)
        if value and found is None:
            self.error(name, N_("“%(name)s” is one of: %(choices)s."), choices=", ".join(choices))
        return found or default

    def texts(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of texts."""
        node = self._take(name, required=required)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode) or not all(isinstance(each, yaml.ScalarNode) for each in node.value):
            self.error(name, N_("“%(name)s” is a list, such as [one, two]."))
            return ()
        return tuple(" ".join(str(each.value).split()) for each in node.value)

    def mapping(self, name: str) -> dict[str, str]:
        """Texts by name, in the order written."""
        node = self._take(name)
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode) or not all(
            isinstance(k, yaml.ScalarNode) and isinstance(v, yaml.ScalarNode) for k, v in node.value
        ):
            self.error(name, N_("“%(name)s” holds values by name, such as {es: …, en: …}."))
            return {}
        inner = Fields(node, self.report)
        return {key: inner.text(key) for key in inner._nodes}

    def numbers(self, name: str) -> dict[str, int]:
        """Whole numbers by name, from 1."""
        numbers: dict[str, int] = {}
        for key, value in self.mapping(name).items():
            if re.fullmatch(r"[1-9]\d{0,2}", value):
                numbers[key] = int(value)
            else:
                self.error(name, N_("“%(name)s” says how many, such as {m1: 2, m2: 2}."))
        return numbers

    def inner(self, name: str) -> "Fields":
        """A mapping with keys of its own; empty when it is not there. Call `end` on it."""
        node = self._take(name)
        if node is not None and not isinstance(node, yaml.MappingNode):
            self.error(name, N_("“%(name)s” holds values by name, such as {quiz: 70}."))
            node = None
        return Fields(node, self.report)

    def rows(self, name: str) -> list["Fields"]:
        """A list of mappings, each with keys of its own."""
        node = self._take(name)
        if node is None:
            return []
        rows = node.value if isinstance(node, yaml.SequenceNode) else [None]
        if not all(isinstance(each, yaml.MappingNode) for each in rows):
            self.error(name, N_("“%(name)s” is a list of entries such as {name: …, role: …}."))
            return []
        return [Fields(each, self.report) for each in rows]

    def is_list(self, name: str) -> bool:
        """Whether that key holds a list."""
        return isinstance(self._nodes.get(name), yaml.SequenceNode)

    def is_mapping(self, name: str) -> bool:
        """Whether that key holds values by name."""
        return isinstance(self._nodes.get(name), yaml.MappingNode)

    def is_empty(self, name: str) -> bool:
        """Whether that key, which may be there, is not or has nothing after its colon."""
        node = self._take(name)
        return node is None or (isinstance(node, yaml.ScalarNode) and not str(node.value).strip())

    def line_of(self, name: str) -> int:
        """The line of a key, or of the whole mapping without it."""
        return self._lines.get(name, self.line)

    def error(self, name: str, message: str, **values: str | int) -> None:
        """Something is wrong with that key's value."""
        self.report.error(self.line_of(name), "value", message, name=name, **values)

    def end(self) -> None:
        """Reports every key that nobody asked for."""
        for name in self._nodes:
            if name not in self._asked:
                self.report.unknown(
                    self._lines[name],
                    "unknown-key",
                    name,
                    self._asked,
                    plain=N_("“%(name)s” is not a setting that exists here."),
                    guess=N_("“%(name)s” is not a setting that exists here. Did you mean “%(guess)s”?"),
                )

    def _add(self, key: yaml.Node, value: yaml.Node) -> None:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            self.report.error(line, "yaml", N_("The name of a setting is one word."))
        elif key.value in self._nodes:
            self.report.error(line, "repeated-key", N_("“%(name)s” is written twice. Keep one."), name=key.value)
        else:
            self._nodes[key.value], self._lines[key.value] = value, line

    def _take(self, name: str, *, required: bool = False) -> yaml.Node | None:
        self._asked.append(name)
        if required and name not in self._nodes:
            message = N_("“%(name)s” is missing. Add a line “%(name)s: …”.")
            self.report.error(self.line, "missing-key", message, name=name)
        return self._nodes.get(name)


def each_end(rows: Sequence[Fields], read: Callable[[Fields], dict[str, str]]) -> tuple[dict[str, str], ...]:
    """What `read` makes of each row, unknown keys reported."""
    made = []
    for row in rows:
        made.append(read(row))
        row.end()
    return tuple(made)
