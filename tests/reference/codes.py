"""Every finding that the check of a course may tell, read from the program's own code: its code and its sentences."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import lms.content

HERE = Path(lms.content.__file__).parent
REPORTS = re.compile(r"(report\.\w+|own\.error|_error|add|_finding)$")
SETTING = "value"
"""The code of whatever is wrong with a setting's value."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One call that reports: `severity` is `error`, `warning` or `error or warning`."""

    code: str
    severity: str
    sentence: str


@cache
def findings() -> tuple[Finding, ...]:
    """Each finding once, by code."""
    found = {
        finding: None
        for path in sorted(HERE.rglob("*.py"))
        for finding in _File(ast.parse(path.read_text("utf-8"))).told()
    }
    return tuple(sorted(found, key=lambda each: each.code))


class _File:
    """One file of the program."""

    def __init__(self, tree: ast.Module) -> None:
        self.nodes = list(ast.walk(tree))

    def told(self) -> Iterator[Finding]:
        for call in (node for node in self.nodes if isinstance(node, ast.Call) and len(node.args) > 1):
            name = ast.unparse(call.func)
            code = _code(call, name)
            if code:
                for sentence in self._sentences(_message(call, code)):
                    yield Finding(code, _severity(name), sentence)

    def _sentences(self, message: ast.expr | None) -> list[str]:
        """The texts that a message may be: itself, a name's last value before it, a field of a table's rows."""
        match message:
            case ast.Call(func=ast.Name("N_"), args=[text]):
                return [str(ast.literal_eval(text))]
            case ast.Name(name):
                before = [each for each in self._values(name) if each.lineno <= message.lineno]
                return self._sentences(max(before, key=lambda each: each.lineno)) if before else []
            case ast.Attribute(attr=field):
                return [text for row in self._column(field) for text in self._sentences(row)]
        return []

    def _values(self, name: str) -> list[ast.expr]:
        assigned = [node for node in self.nodes if isinstance(node, ast.Assign)]
        return [each.value for each in assigned if [ast.unparse(target) for target in each.targets] == [name]]

    def _column(self, field: str) -> list[ast.expr]:
        """What each row of a dataclass's table has in that field."""
        for kind in (node for node in self.nodes if isinstance(node, ast.ClassDef)):
            fields = [ast.unparse(each.target) for each in kind.body if isinstance(each, ast.AnnAssign)]
            if field in fields:
                rows = [
                    node for node in self.nodes if isinstance(node, ast.Call) and ast.unparse(node.func) == kind.name
                ]
                return [row.args[fields.index(field)] for row in rows if len(row.args) == len(fields)]
        return []


def _code(call: ast.Call, name: str) -> str:
    second = call.args[1]
    if isinstance(second, ast.Constant) and isinstance(second.value, str):
        return second.value if REPORTS.search(name) else ""
    if name.endswith("_word") and len(call.args) > 2 and isinstance(call.args[2], ast.Tuple):
        return str(ast.literal_eval(call.args[2].elts[0]))
    return SETTING if name.endswith(".error") else ""


def _message(call: ast.Call, code: str) -> ast.expr | None:
    plain = next((each.value for each in call.keywords if each.arg == "plain"), None)
    if plain is not None:
        return plain
    if ast.unparse(call.func).endswith("_word"):
        return call.args[3]
    place = 1 if code == SETTING and not isinstance(call.args[1], ast.Constant) else 2
    return call.args[place] if len(call.args) > place else None


def _severity(name: str) -> str:
    if name == "add":
        return "error or warning"
    return "warning" if name.endswith("warning") else "error"
