"""Whether something came about by chance: exact tails, because a module has few questions."""

from collections.abc import Iterable

RARE = 0.05
"""What chance alone brings about less often than this is told. Whoever looks at several things at once (each of four
positions) divides it among them (Bonferroni), so that it stays the share of false alarms of the whole look."""


def at_least(count: int, chances: Iterable[float]) -> float:
    """The probability that so many or more of independent events happen, each with its own chance: the tail of the
    Poisson binomial distribution, which is the binomial one where the chances are equal."""
    spread = [1.0]
    for chance in chances:
        spread = [
            (spread[k] if k < len(spread) else 0.0) * (1 - chance) + (spread[k - 1] * chance if k else 0.0)
            for k in range(len(spread) + 1)
        ]
    return sum(spread[count:])
