"""The program's own files, put together."""

import re
from pathlib import Path

import pytest

from lms.web import assets
from lms.web.assets import BUNDLES, SOURCES, Assets, build


def test_the_same_sources_give_the_same_digest(tmp_path: Path) -> None:
    build(SOURCES, tmp_path / "one")
    build(SOURCES, tmp_path / "two")
    one, two = Assets.load(tmp_path / "one"), Assets.load(tmp_path / "two")
    assert one.digest == two.digest
    assert {"css/vereda.css", "icons/favicon.svg", *BUNDLES} <= one.names


def test_what_is_built_is_small(tmp_path: Path) -> None:
    build(SOURCES, tmp_path / "static")
    assert (tmp_path / "static/css/vereda.css.gz").stat().st_size <= 12 * 1024
    assert all((tmp_path / f"static/{name}.gz").stat().st_size <= 15 * 1024 for name in BUNDLES)


def test_what_is_built_fetches_nothing_from_elsewhere(tmp_path: Path) -> None:
    build(SOURCES, tmp_path / "static")
    for path in (tmp_path / "static").rglob("*"):
        if path.suffix in (".css", ".js"):
            assert not re.search(r"https?:|@import|//[a-z]", path.read_text("utf-8"))


def test_it_is_built_without_brotli_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "_brotli", lambda _: b"")
    build(SOURCES, tmp_path / "static")
    assert not list((tmp_path / "static").rglob("*.br"))


def test_before_it_is_built_there_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Assets.load(tmp_path)


def test_a_theme_holds_where_the_device_asks_for_it_and_where_the_reader_chose_it(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "css/00.css").write_text("@theme dark more { --ink: #fff; }\n@theme still { --move: 0s; }")
    assert assets._minified("x.css", assets._stylesheet(tmp_path / "css")).decode() == "".join(
        [
            "@media(prefers-color-scheme:dark) and (prefers-contrast:more){",
            ":root:not([data-look~=light]){--ink:#fff}}",
            "@media(prefers-color-scheme:dark){:root:not([data-look~=light])[data-look~=more]{--ink:#fff}}",
            "@media(prefers-contrast:more){:root[data-look~=dark]{--ink:#fff}}",
            ":root[data-look~=dark][data-look~=more]{--ink:#fff}",
            "@media(prefers-reduced-motion:reduce){:root{--move:0s}}",
            ":root[data-look~=still]{--move:0s}",
        ]
    )
