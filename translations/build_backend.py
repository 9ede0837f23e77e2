"""setuptools' build backend, with the message catalogues compiled and the static files put together first."""

import runpy
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import build_meta
from setuptools.build_meta import *  # noqa: F403

HERE = Path(__file__).resolve().parent


def compile_catalogues() -> None:
    """Every `messages.po` beside this file has an up-to-date `messages.mo`."""
    for po in HERE.glob("*/LC_MESSAGES/messages.po"):
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parent.parent.name)
        with po.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)


def build_assets() -> None:
    """The static files are put together; by its path, since the program itself is not installed yet."""
    runpy.run_path(str(HERE.parent / "lms" / "web" / "assets.py"), run_name="__main__")


def build_wheel(*args: Any, **kwargs: Any) -> str:
    """The name of the wheel made by setuptools, catalogues and static files inside."""
    compile_catalogues()
    build_assets()
    return build_meta.build_wheel(*args, **kwargs)


def build_editable(*args: Any, **kwargs: Any) -> str:
    """The name of the editable wheel made by setuptools, catalogues compiled."""
    compile_catalogues()
    return build_meta.build_editable(*args, **kwargs)


if __name__ == "__main__":
    compile_catalogues()
