"""Debian tools that some tests need: absent, the test is skipped loudly, or fails where CI asks for them."""

import os
import shutil

import pytest


def require(*names: str, variable: str = "LMS_REQUIRE_TOOLS", where: str = ".ci/packages") -> None:
    """Goes on when every named program is on the PATH; else skips, or fails under `LMS_REQUIRE_TOOLS=1`."""
    missing = [name for name in names if shutil.which(name) is None]
    if not missing:
        return
    message = f"not tested: {', '.join(missing)} not installed (see {where})"
    if os.environ.get(variable) == "1":
        pytest.fail(message)
    pytest.skip(message)


def chromium() -> str:
    """The path of Debian's Chromium; skips or fails (`LMS_REQUIRE_BROWSER=1`) without it."""
    require("chromium", variable="LMS_REQUIRE_BROWSER")
    return shutil.which("chromium") or ""
