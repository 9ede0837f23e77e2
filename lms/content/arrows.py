"""`left -> right`, as cards, pairs and categories are written."""

import re

_ARROW = re.compile(r"\s*(?:->|→|⟶|=>)\s*")


def sides(text: str) -> tuple[str, str] | None:
    """What stands on each side of the one arrow, the left perhaps empty; None unless there is one with a right side."""
    parts = [part.strip() for part in _ARROW.split(f" {text}")]
    return (parts[0], parts[1]) if len(parts) == 2 and parts[1] else None
