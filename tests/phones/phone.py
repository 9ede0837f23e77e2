"""A phone: one folder that keeps what Chromium keeps, opened, cut off, and killed."""

import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

from tests.browser import PHONE, QUIET, driver
from tests.tools import chromium

HAND = (Path(__file__).parent / "hand.js").read_text("utf-8").partition("\n")[2]
Row = Mapping[str, Any]


class Phone:
    """A browser with a profile that stays. `url` is where it finds its store."""

    def __init__(self, folder: Path, url: str, **options: Any) -> None:
        self.folder, self.url, self._options = folder, url, options
        self.context: BrowserContext | None = None

    def open(self, path: str = "/pocket", *, offline: bool = False) -> Page:
        """Its browser is started, with a page there; `offline`: in airplane mode."""
        values = {"viewport": PHONE, "locale": "es-GT", **self._options}
        self.context = driver().chromium.launch_persistent_context(
            str(self.folder), executable_path=chromium(), args=QUIET, **values
        )
        self.context.set_default_timeout(20_000)
        self.context.set_offline(offline)
        page = self.context.pages[0] if self.context.pages else self.context.new_page()
        page.goto(self.url + path)
        return page

    @property
    def page(self) -> Page:
        """The page in front."""
        assert self.context
        return self.context.pages[-1]

    def airplane(self, on: bool = True) -> None:
        """No network, for pages and workers alike; or again one."""
        assert self.context
        self.context.set_offline(on)

    def forget_session(self) -> None:
        """Nobody is signed in any more."""
        assert self.context
        self.context.clear_cookies()

    def close(self) -> None:
        """Its browser is closed as a person closes it."""
        if self.context:
            self.context.close()
        self.context = None

    def kill(self) -> None:
        """The battery is empty: every process of its browser is killed at once."""
        for pid in self._processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + 20
        while self._processes() and time.monotonic() < until:
            time.sleep(0.02)
        with suppress(Exception):  # the driver may have heard of it, or not
            self.close()
        self.context = None
        for name in ("SingletonLock", "SingletonSocket", "SingletonCookie"):
            (self.folder / name).unlink(missing_ok=True)

    def do(self, what: str, *values: Any, page: Page | None = None) -> Any:
        """What comes of an act of a person (tests/phones/hand.js), by the modules that the pocket's own pages use."""
        shown = page or self.page
        if not shown.evaluate("Boolean(window.hand)"):
            shown.evaluate(HAND)
        return shown.evaluate(
            "([name, values]) => window.hand[name](...values).catch(window.hand.fail)", [what, list(values)]
        )

    def kept(self, store: str, page: Page | None = None) -> list[Row]:
        """Every row of one of the stores in its IndexedDB."""
        script = """async (name) => {
            const dbs = await indexedDB.databases();
            const rows = [];
            for (const { name: each } of dbs) {
                const db = await new Promise((done, failed) => {
                    const asked = indexedDB.open(each);
                    asked.onsuccess = () => done(asked.result);
                    asked.onerror = () => failed(asked.error);
                });
                if (db.objectStoreNames.contains(name)) {
                    rows.push(...await new Promise((done) => {
                        const asked = db.transaction(name).objectStore(name).getAll();
                        asked.onsuccess = () => done(asked.result);
                    }));
                }
                db.close();
            }
            return rows.map((row) => JSON.parse(JSON.stringify(row)));
        }"""
        found: list[Row] = (page or self.page).evaluate(script, store)
        return found

    def _processes(self) -> list[int]:
        wanted = f"--user-data-dir={self.folder}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with suppress(OSError):
                    if wanted in (entry / "cmdline").read_bytes().split(b"\0"):
                        found.append(int(entry.name))
        return found
