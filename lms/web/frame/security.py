"""Who may see a view, decided in one place: a view that names nobody answers 403."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

ACCESS = ("public", "learner", "author", "coordinator", "administrator")


def keeps_late(save: Callable[..., None]) -> Callable[[View], View]:
    """A decorator for a view that takes a form: `save(person, **parts of the address)` keeps what a person sent whose
    session had gone idle, so that she finds it when she has signed in again."""

    def mark(view: View) -> View:
        view.save_late = save  # type: ignore[attr-defined]
        return view

    return mark


def takes(most: int) -> Callable[[View], View]:
    """A decorator for a view that takes a form with a file: so many bytes altogether, instead of what others take."""

    def mark(view: View) -> View:
        view.most_bytes = most  # type: ignore[attr-defined]
        return view

    return mark


def sessionless(view: View) -> View:
    """A decorator for a view that looks at no cookie, whatever it is sent: so there is nothing that a form could forge."""
    view.sessionless = True  # type: ignore[attr-defined]
    return view


def for_programs(view: View) -> View:
    """A decorator for a view that a page's script asks as whoever is signed in: it is told no instead of being sent to
    another page, and may send its token as JSON."""
    view.for_programs = True  # type: ignore[attr-defined]
    return view


def access(who: str, *others: str) -> Callable[[View], View]:
    """A decorator that names who may use the view: `public` (no session needed), or the role that a signed-in person
    must hold, or several of which one is enough; `learner` is everybody who is signed in."""
    for each in (who, *others):
        if each not in ACCESS:
            raise ValueError(each)

    def mark(view: View) -> View:
        view.access, view.others = who, others  # type: ignore[attr-defined]
        return view

    return mark
