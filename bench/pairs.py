"""Two things timed turn by turn, so that whatever else the machine does befalls both."""

import statistics
import time
from collections.abc import Callable

ROUNDS = 15


def rate(action: Callable[[], object], seconds: float = 0.25) -> float:
    """How often a second the action is done."""
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        action()
        done += 1
    return done / (time.perf_counter() - start)


def compare(title: str, ours: Callable[[], object], yardstick: Callable[[], object], unit: str, beside: str) -> None:
    """Prints both rates (the median of the rounds) and their ratio."""
    pairs = [(rate(ours), rate(yardstick)) for _ in range(ROUNDS)]
    mine, theirs = (statistics.median(each) for each in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{title}: {mine:,.0f} {unit}/s; {beside}: {theirs:,.0f} {unit}/s; ratio {ratio:.3f}")
