"""What people write for others to read."""

import unicodedata


def plain_lines(text: str) -> str:
    """The text with its lines and without other control characters, which could disturb a terminal."""
    lines = (
        "".join(each if unicodedata.category(each) != "Cc" else " " for each in line) for line in text.splitlines()
    )
    return "\n".join(line.rstrip() for line in lines).strip()
