"""Who may see a view, decided in one place: a view that names nobody answers 403."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

ACCESS = ("public", "learner", "author", "coordinator", "administrator")


def access(who: str) -> Callable[[View], View]:
    """A decorator that names who may use the view: `public` (no session needed), or the role that a signed-in person
    must hold; `learner` is everybody who is signed in."""
    if who not in ACCESS:
        raise ValueError(who)

    def mark(view: View) -> View:
        view.access = who  # type: ignore[attr-defined]
        return view

    return mark
