"""Days as authors write them."""

import re
from datetime import date


def day(text: str) -> date | None:
    """The day in a text such as `2026-11-24`; None for any other."""
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None
