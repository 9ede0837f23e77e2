"""A release: a course as canonical JSON, named by its SHA-256, without line numbers: moving text is no change."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from lms.content import model, question_model

TAG = "is"
TAGGED = {
    kind.__name__: kind
    for kind in (vars(question_model) | vars(model)).values()
    if isinstance(kind, type) and is_dataclass(kind) and kind.__module__.startswith("lms.content")
}


def encode(course: model.Course, *, lines: bool = False) -> bytes:
    """The course's canonical JSON: equal courses give equal bytes (mappings keep their order: it means something). With
    its `lines` it is no release, and is read all the same."""
    return json.dumps(_plain(course, lines), ensure_ascii=False, separators=(",", ":")).encode()


def decode(raw: bytes) -> model.Course:
    """The course in such bytes; a `line` that they do not have is 0."""
    course: model.Course = _read(model.Course, json.loads(raw))
    return course


def digest(raw: bytes) -> str:
    """The release's name: SHA-256 of its bytes, in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()


def _plain(value: Any, lines: bool) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        kept = [each.name for each in fields(value) if lines or each.name != "line"]
        return {TAG: type(value).__name__, **{name: _plain(getattr(value, name), lines) for name in kept}}
    if isinstance(value, Mapping):
        return {key: _plain(each, lines) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each, lines) for each in value]
    return value


def _read(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if isinstance(value, dict) and TAG in value:
        return _read_dataclass(TAGGED[value[TAG]], value)
    if origin is tuple:
        inner = get_args(kind)[0]
        return tuple(_read(inner, each) for each in value)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        inner = get_args(kind)[1]
        return {key: _read(inner, each) for key, each in value.items()}
    return value


def _read_dataclass(kind: Any, value: Mapping[str, Any]) -> Any:
    """A field that a release of an older version does not have keeps its default."""
    known = {name: _read(hint, value[name]) for name, hint in _hints(kind).items() if name in value}
    return kind(**{"line": 0, **known}) if "line" in _hints(kind) else kind(**known)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, vars(question_model) | vars(model))
