"""A Babel extractor for the command line: the messages of its Python, and the help that its docstrings hold."""

import ast
import io
from collections.abc import Iterator
from typing import Any

from babel.messages.extract import extract_python

from lms.cli.speech import paragraphs


def extract(file: Any, keywords: Any, comment_tags: Any, options: Any) -> Iterator[tuple[Any, ...]]:
    """Each message with its line: what `extract_python` finds, then each paragraph of a command's docstring."""
    source = file.read()
    yield from extract_python(io.BytesIO(source), keywords, comment_tags, options)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and any(map(_makes_command, node.decorator_list)):
            for paragraph in paragraphs(ast.get_docstring(node) or ""):
                yield node.lineno, None, paragraph, []


def _makes_command(decorator: ast.expr) -> bool:
    made = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(made, ast.Attribute) and made.attr in ("command", "group")
