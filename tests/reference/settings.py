"""The settings of courses and modules, read from the program's own code: each key, what it takes, whether it is asked for."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import lms.content

HERE = Path(lms.content.__file__).parent
TAKES = {
    "text": "text",
    "identifier": "an id",
    "decimal": "a number",
    "flag": "yes or no",
    "texts": "a list",
    "mapping": "values by name",
    "numbers": "whole numbers by name",
    "inner": "settings of its own",
    "rows": "a list of entries",
}
SOURCES = {
    "course.yml": (
        ("course_file.py", "fields", ""),
        ("course_file.py", "completion", "completion."),
        ("course_file.py", "review", "review."),
        ("course_file.py", "row", "credits[]."),
        ("wording/accepted.py", "row", "accepted[]."),
    ),
    "course.md": (("course.py", "fields", ""),),
    "a module": (("module.py", "front", ""), ("module.py", "completion", "completion.")),
}
"""Of each file that has settings: where the program asks for them, by which variable, and what stands before the key."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One key: what it takes, and whether it has to be there."""

    key: str
    takes: str
    required: bool


def settings(file: str) -> list[Setting]:
    """Every key of that file, each once, those of others' values last."""
    found = {each.key: each for source in SOURCES[file] for each in _asked(*source)}
    return list(found.values())


def _asked(name: str, variable: str, before: str) -> Iterator[Setting]:
    nodes = list(ast.walk(ast.parse((HERE / name).read_text("utf-8"))))
    calls = [node for node in nodes if isinstance(node, ast.Call) and node.args]
    for call in sorted(calls, key=lambda each: (each.lineno, each.col_offset)):
        asked, key = _through(call, variable, nodes) or _straight(call, variable) or ("", None)
        if isinstance(key, ast.Constant):
            required = asked == "identifier" or any(each.arg == "required" for each in call.keywords)
            yield Setting(before + str(key.value), _takes(asked, call), required)


def _straight(call: ast.Call, variable: str) -> tuple[str, ast.expr] | None:
    """`fields.text("key")`: the method and the key."""
    if not isinstance(call.func, ast.Attribute) or ast.unparse(call.func.value) != variable:
        return None
    return (call.func.attr, call.args[0]) if call.func.attr in (*TAKES, "whole", "one_of") else None


def _through(call: ast.Call, variable: str, nodes: list[ast.AST]) -> tuple[str, ast.expr] | None:
    """`helper(fields, "key")`, where the helper asks for it: the helper's method and the key."""
    if not isinstance(call.func, ast.Name) or len(call.args) < 2 or ast.unparse(call.args[0]) != variable:
        return None
    helper = next(
        (each for each in nodes if isinstance(each, ast.FunctionDef) and each.name == ast.unparse(call.func)), None
    )
    inner = [each for each in ast.walk(helper) if isinstance(each, ast.Call) and each.args] if helper else []
    found = next((straight for each in inner if (straight := _straight(each, variable))), None)
    return (found[0], call.args[1]) if found and isinstance(found[1], ast.Name) else None


def _takes(method: str, call: ast.Call) -> str:
    if method == "whole":
        low, high = (_constant(each) for each in call.args[2:4])
        return f"a whole number, {low} to {high}"
    if method == "one_of":
        return " or ".join(f"`{each}`" for each in ast.literal_eval(call.args[1]))
    return TAKES[method]


def _constant(node: ast.expr) -> str:
    return f"{ast.literal_eval(node):,}".replace(",", " ")
