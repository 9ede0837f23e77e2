"""A phone with the pocket's scripts in a page, and what is asked of them."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, Page

from tests.pocket.store import Store

ANA, BETO = (
    {"learner": f"0198c000-0000-7000-8000-00000000000{n}", "name": name, "language": "es", "csrf": "x"}
    for n, name in ((1, "Ana"), (2, "Beto"))
)
COURSE = {"course": "curso", "release": "r1"}


@dataclass
class Phone:
    """A browser's context, of which each page is a tab."""

    context: BrowserContext
    store: Store

    def tab(self) -> Page:
        """A page with `pocket`, every script by its name."""
        page = self.context.new_page()
        page.goto(f"{self.store.url}/pocket")
        page.wait_for_function("window.pocket")
        return page

    def add(self, page: Page, who: dict[str, str] = ANA) -> Any:
        """Somebody comes to this phone."""
        self.store.who = who
        row = page.evaluate(
            "async () => { const row = await pocket.profile.add(await pocket.api.me(), 'Chrome'); return { ...row, secret: row.secret.extractable }; }"
        )
        assert row["secret"] is False
        return row


def record(page: Page, who: dict[str, str] = ANA, times: int = 1, **act: Any) -> list[Any]:
    """Rows of what she did, one after the other."""
    told = {"type": "learner.module_completed", **COURSE, "item": "m-1", **act}
    return list(
        page.evaluate(
            "async ([who, act, times]) => { const rows = []; for (let n = 0; n < times; n += 1) rows.push(await pocket.log.record(who, act)); return rows; }",
            [who, told, times],
        )
    )


def refusal(page: Page, script: str, argument: Any = None) -> str:
    """By which class of error the script fails, or "" when it does not."""
    names = "({ Full: pocket.db.Full, Gone: pocket.db.Gone, TooLong: pocket.log.TooLong, NoProfile: pocket.log.NoProfile, Offline: pocket.api.Offline, Refused: pocket.api.Refused, NoRoom: pocket.take.NoRoom, Changed: pocket.take.Changed, BadReceipt: pocket.file.BadReceipt })"
    return str(
        page.evaluate(
            f"async (given) => {{ const names = {names}; try {{ await ({script})(given); return ''; }} catch (error) {{ return (Object.entries(names).find(([, kind]) => error instanceof kind) || [error.name + ': ' + error.message])[0]; }} }}",
            argument,
        )
    )


def rows(page: Page, who: dict[str, str] = ANA) -> list[Any]:
    """Every line of hers on this phone."""
    return list(page.evaluate("(learner) => pocket.log.everything(learner)", who["learner"]))


def send(page: Page) -> Any:
    """What became of sending now."""
    return page.evaluate("() => pocket.send.now()")


def pending(page: Page, who: dict[str, str] = ANA) -> Any:
    """What is not at the store."""
    return page.evaluate("(learner) => pocket.send.pending(learner)", who["learner"])
