"""The program's own files: put together by `python -m lms.web.assets`, served under their digest.

Only the standard library and `minify` (and Brotli where it is installed): the build of the wheel runs this too.
"""

import gzip
import hashlib
import json
import re
import shutil
from dataclasses import dataclass
from itertools import product
from pathlib import Path

HERE = Path(__file__).parent
SOURCES, BUILT = HERE / "assets", HERE / "static"
MANIFEST = "manifest.json"
STYLESHEETS = {
    "css/vereda.css": "css",
    "css/paper.css": "css/paper",
    "css/pocket.css": "css/pocket",
    "css/staff.css": "css/staff",
    "css/styleguide.css": "css/styleguide",
}
"""Each stylesheet, with the folder of its parts."""
BUNDLES = {
    "js/site.js": ("exit.js", "look.js", "with-me.js", "lock.js"),
    "js/module.js": (
        "exit.js",
        "look.js",
        "said.js",
        "send.js",
        "outbox.js",
        "tasks.js",
        "quiz.js",
        "story.js",
        "story-sent.js",
        "finish.js",
        "aside.js",
        "place.js",
        "place-sent.js",
        "listen.js",
        "keep.js",
        "lock.js",
    ),
    "js/print.js": ("exit.js", "look.js", "print.js", "lock.js"),
    "js/code.js": ("exit.js", "look.js", "code.js", "judge.js", "held.js", "show.js", "lock.js"),
    "js/card.js": ("exit.js", "look.js", "card.js", "lock.js"),
    "js/staff.js": ("exit.js", "look.js", "copy.js", "print.js", "lock.js"),
    "js/worker.js": ("worker.js",),
    "js/pocket-worker.js": ("pocket-worker.js",),
    "js/test.js": ("exit.js", "look.js", "said.js", "send.js", "tasks.js", "test.js", "lock.js"),
}
"""One entry file for each kind of page. A part is one block scope, so that parts can't disturb each other."""
MODULES = {"js/pocket/app.js": "js/pocket"}
"""Scripts that import each other, each folder of them served as one: that packs a quarter smaller than one by one."""
SHARED = {
    "codes": ("code.js", "judge.js", "held.js"),
    "lesson": ("exit.js", "said.js", "tasks.js", "story.js", "aside.js", "place.js", "listen.js"),
}
"""Parts of the site's own scripts that those import, as `import "./codes.js"`."""
JAVASCRIPT = 2020
"""The edition of ECMAScript that minifying stays within: Chrome 80 and Safari 14 know it."""
_IMPORT = re.compile(r'^import (.+) from "\./([a-z0-9-]+)\.js";$', re.MULTILINE)
_SHARED = re.compile(r'^import "\./([a-z0-9-]+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (const|class) (\w+)", re.MULTILINE)
_PASSED_ON = re.compile(r"^export \{ (.+) \};$", re.MULTILINE)
PACKED = (".css", ".js", ".svg")
THEMES = {
    "dark": (("(prefers-color-scheme: dark)", ':not([data-look~="light"])'), ("", '[data-look~="dark"]')),
    "more": (("(prefers-contrast: more)", ""), ("", '[data-look~="more"]')),
    "still": (("(prefers-reduced-motion: reduce)", ""), ("", '[data-look~="still"]')),
}
"""When each theme holds, as (media query, selector on the root): where the device asks for it, or the reader chose it."""


@dataclass(frozen=True, slots=True)
class Assets:
    """The built files: their folder, digest and names."""

    folder: Path
    digest: str
    names: frozenset[str]

    @classmethod
    def load(cls, folder: Path = BUILT) -> "Assets":
        """The files in that folder. Raises FileNotFoundError before `make assets`."""
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        return cls(folder=folder, digest=manifest["digest"], names=frozenset(manifest["names"]))

    def url(self, name: str) -> str:
        """Where the file is served. Raises KeyError for one that was not built."""
        if name not in self.names:
            raise KeyError(name)
        return f"/s/{self.digest}/{name}"


def build(sources: Path = SOURCES, built: Path = BUILT) -> None:
    """The folder of built files is made anew; the same sources give the same digest."""
    texts = {name: _stylesheet(sources / folder) for name, folder in STYLESHEETS.items()}
    texts |= {name: script(sources / "js", parts) for name, parts in BUNDLES.items()}
    texts |= {name: _modules(sources / folder, Path(name).stem, sources / "js") for name, folder in MODULES.items()}
    files = {name: _minified(name, text) for name, text in texts.items()}
    for folder in ("icons", "art"):
        drawn = sorted(path for path in (sources / folder).iterdir() if path.suffix in (".svg", ".png"))
        files |= {f"{folder}/{path.name}": path.read_bytes() for path in drawn}
    shutil.rmtree(built, ignore_errors=True)
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(name.encode() + b"\0" + content)
        _write(built / name, content)
    manifest = {"digest": digest.hexdigest()[:16], "names": sorted(files)}
    (built / MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")


def _minified(name: str, text: str) -> bytes:
    """Without comments and white space, and what only a script itself sees under shorter names."""
    import minify

    minify.config({"js-version": JAVASCRIPT})
    small: str = minify.string("text/css" if name.endswith(".css") else "text/javascript", text)
    return small.encode()


def _stylesheet(folder: Path) -> str:
    text = "\n".join(path.read_text("utf-8") for path in sorted(folder.glob("*.css")))
    return re.sub(r"@theme ([a-z ]+)\{(.*?)\}", _theme, text, flags=re.DOTALL)


def _theme(found: re.Match[str]) -> str:
    """`@theme dark more { … }`: these properties of the root wherever all of these themes hold."""
    rules = []
    for ways in product(*(THEMES[name] for name in found[1].split())):
        media = " and ".join(query for query, _ in ways if query)
        rule = f":root{''.join(selector for _, selector in ways)} {{ {found[2]} }}"
        rules.append(f"@media {media} {{ {rule} }}" if media else rule)
    return "\n".join(rules)


def script(folder: Path, parts: tuple[str, ...]) -> str:
    """These parts of the folder as one script, each in a scope of its own."""
    return "\n".join(['"use strict";', *_scopes(folder, parts)])


def _scopes(folder: Path, parts: tuple[str, ...]) -> list[str]:
    return [line for part in parts for line in ("{", (folder / part).read_text("utf-8"), "}")]


def _modules(folder: Path, entry: str, site: Path) -> str:
    """The script of that name with all that it imports, as one: each in a scope of its own, after those that it asks for. They
    export constants and classes, and there are no circles; whoever imports the whole gets each under its name."""
    made: dict[str, str] = {}
    shared: dict[str, None] = {}

    def add(name: str) -> None:
        text = (folder / f"{name}.js").read_text("utf-8")
        shared.update(dict.fromkeys(_SHARED.findall(text)))
        for _, other in _IMPORT.findall(text):
            if other not in made:
                add(other)
        told = ", ".join([*(each for _, each in _EXPORT.findall(text)), *_PASSED_ON.findall(text)])
        text = _EXPORT.sub(r"\1 \2", _PASSED_ON.sub("", _SHARED.sub("", _IMPORT.sub(_import, text))))
        made[name] = f"const {_scope(name)} = (() => {{\n{text}\nreturn {{ {told} }};\n}})();"

    add(entry)
    first = [line for name in shared for line in _scopes(site, SHARED[name])]
    names = ", ".join(f"{_scope(name)} as {_scope(name)[1:]}" for name in made)
    return "\n".join([*first, *made.values(), f"export {{ {names} }};"])


def _import(found: re.Match[str]) -> str:
    names = re.sub(r"\* as (\w+)", r"\1", found[1]).replace(" as ", ": ")
    return f"const {names} = {_scope(found[2])};"


def _scope(name: str) -> str:
    return "$" + name.replace("-", "_")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if path.suffix in PACKED:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))
        packed = _brotli(content)
        if packed:
            path.with_name(path.name + ".br").write_bytes(packed)


def _brotli(content: bytes) -> bytes:
    try:
        import brotli
    except ImportError:
        return b""
    packed: bytes = brotli.compress(content, quality=11)
    return packed


if __name__ == "__main__":
    build()
