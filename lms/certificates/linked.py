"""JSON-LD read against the bundled contexts only, and its canonical form (RDFC-1.0), which is what a proof signs.

`canonical_form` leaves it all to PyLD. A `Template` is such a form of which only texts and names of things change, made
by PyLD once: filling it in takes a hundredth of the time, and gives the same (`tests/certificates/test_linked.py`).
"""

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
FOLDER = Path(__file__).parent / "contexts"
FILES = {
    CREDENTIALS: "credentials-v2.json",
    BADGES: "open-badges-3.0.3.json",
    EXTENSIONS: "open-badges-extensions.json",
}
_SLOT = re.compile(r"urn:slot:([a-z_]+)|_:c14n([0-9]+)")
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_one_at_a_time = Lock()  # PyLD's caches are not made for threads


class Dropped(ValueError):
    """The document says something that no context defines, which a proof would therefore not cover."""


def canonical_form(document: Mapping[str, Any]) -> str:
    """The document's N-Quads in their canonical order. Raises ValueError for what is not JSON-LD under the bundled
    contexts, Dropped (PyLD drops it silently) for a term that they don't define."""
    from pyld import jsonld  # heavy, and web processes need it only for a badge

    dropped: list[str] = []
    options = {"documentLoader": _bundled, "algorithm": "URDNA2015", "format": "application/n-quads"}
    try:
        with _one_at_a_time:
            processor = jsonld.JsonLdProcessor(on_property_dropped=lambda name: dropped.append(str(name)))
            form: str = processor.normalize(document, options)
    except (jsonld.JsonLdError, RecursionError) as error:
        raise ValueError("JSON-LD") from error
    if dropped:
        raise Dropped(dropped[0])
    return form


class NoContext(ValueError):
    """The context is not among those bundled, and none is ever fetched."""


def _bundled(url: str, _options: Mapping[str, Any]) -> dict[str, Any]:
    """PyLD's document loader, without a network."""
    if url not in FILES:
        raise NoContext(url)
    return {"contextUrl": None, "documentUrl": url, "document": _context(url), "tag": "static"}  # static: kept by PyLD


@cache
def _context(url: str) -> Any:
    return json.loads((FOLDER / FILES[url]).read_text("utf-8"))


def slot(name: str) -> str:
    """What stands in a document in the place of a text, or of a thing's URI, for a template to be made of it."""
    return f"urn:slot:{name}"


class Template:
    """The canonical form of documents that differ only in what fills their slots. (Two of their unnamed things must not
    say the same; RDFC-1.0 has more to do then.)"""

    def __init__(self, document: Mapping[str, Any]) -> None:
        form = canonical_form(document).replace("{", "{{").replace("}", "}}")
        self._lines = [_SLOT.sub(_field, line) for line in form.splitlines(keepends=True)]
        unnamed = sorted({each for line in self._lines for each in re.findall(r"{(_\d+)}", line)})
        self._about = {name: [line for line in self._lines if f"{{{name}}}" in line] for name in unnamed}

    def filled(self, values: Mapping[str, str]) -> str:
        """What `canonical_form` would give for the document with these values in its slots."""
        said = {name: value.translate(_ESCAPED) for name, value in values.items()}
        order = sorted(self._about, key=lambda name: self._first_degree_hash(name, said))
        labels = {name: f"_:c14n{place}" for place, name in enumerate(order)}
        return _in_order(self._lines, {**said, **labels})

    def _first_degree_hash(self, name: str, said: Mapping[str, str]) -> str:
        """RDFC-1.0, 4.6: what is said about the thing, with itself called `a` and every other one `z`."""
        labels = {each: "_:a" if each == name else "_:z" for each in self._about}
        return hashlib.sha256(_in_order(self._about[name], {**said, **labels}).encode("utf-8")).hexdigest()


def _in_order(lines: list[str], values: Mapping[str, str]) -> str:
    return "".join(sorted(line.format_map(values) for line in lines))


def _field(found: re.Match[str]) -> str:
    return f"{{{found[1]}}}" if found[1] else f"{{_{found[2]}}}"
