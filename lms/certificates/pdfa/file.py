"""A PDF file, object by object (ISO 32000-1, 7): values as PDF writes them, streams, and the table of what is where."""

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_ESCAPES = str.maketrans({"\\": "\\\\", "(": "\\(", ")": "\\)"})


class Name(str):
    """A PDF name, without its slash."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Ref:
    """Where another object is meant."""

    number: int


@dataclass(frozen=True, slots=True)
class Raw:
    """What is PDF already."""

    data: bytes


Value: TypeAlias = "bool | float | str | Name | Ref | Raw | Sequence[Value] | Mapping[str, Value]"


def written(value: Value) -> bytes:
    """The value as PDF writes it: `str` is a text, `Name` a name, mappings are dictionaries."""
    if isinstance(value, Mapping):
        inside = b" ".join(b"/" + key.encode() + b" " + written(each) for key, each in value.items())
        return b"<<" + inside + b">>"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return b"[" + b" ".join(map(written, value)) + b"]"
    return _single(value)


def _single(value: "bool | float | str | Name | Ref | Raw") -> bytes:
    match value:
        case Raw():
            return value.data
        case Ref():
            return b"%d 0 R" % value.number
        case Name():
            return b"/" + value.replace("/", "#2F").encode()  # the one character of ours that needs it
        case str():
            return _text(value)
        case bool():
            return b"true" if value else b"false"
        case _:
            return number(value).encode()


def number(value: float) -> str:
    """A number with two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


def _text(text: str) -> bytes:
    if text.isascii() and text.isprintable() and "/" not in text:  # so that no name looks like a part of the file
        return b"(" + text.translate(_ESCAPES).encode() + b")"
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"


class File:
    """The objects of a PDF as they come."""

    def __init__(self, objects: Sequence[bytes] = ()) -> None:
        self._objects = list(objects)

    def copy(self) -> "File":
        """Another file with the same objects."""
        return File(self._objects)

    def reserve(self) -> Ref:
        """A place for an object that others mean before it is known."""
        self._objects.append(b"")
        return Ref(len(self._objects))

    def put(self, ref: Ref, value: Value) -> None:
        """The object in its reserved place."""
        self._objects[ref.number - 1] = written(value)

    def add(self, value: Value) -> Ref:
        """One more object."""
        ref = self.reserve()
        self.put(ref, value)
        return ref

    def stream(self, data: bytes, entries: Mapping[str, Value] | None = None, *, packed: bool = True) -> Ref:
        """One more stream; compressed unless it must be readable without a PDF library."""
        held = zlib.compress(data) if packed else data
        more: dict[str, Value] = {"Filter": Name("FlateDecode")} if packed else {}
        head = written({**(entries or {}), **more, "Length": len(held)})
        return self.add(Raw(head + b"\nstream\n" + held + b"\nendstream"))

    def bytes(self, *, root: Ref, info: Ref) -> bytes:
        """The whole file, which the same objects always make the same."""
        parts, places, size = [HEADER], [], len(HEADER)
        for place, held in enumerate(self._objects, 1):
            part = b"%d 0 obj\n%s\nendobj\n" % (place, held)
            places.append(size)
            parts.append(part)
            size += len(part)
        body = b"".join(parts)
        name = Raw(b"<" + hashlib.sha256(body).hexdigest()[:32].upper().encode() + b">")
        table = b"".join(b"%010d 00000 n \n" % place for place in places)
        count = len(places) + 1
        trailer = written({"Size": count, "Root": root, "Info": info, "ID": [name, name]})
        end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n%s\nstartxref\n%d\n%%%%EOF\n"
        return body + end % (count, table, trailer, size)
