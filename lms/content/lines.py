"""Where in an author's file some words stand, whatever markup is between them."""

import re
from bisect import bisect_left

_TOKEN = re.compile(r"\w+")
_MARKUP = re.compile(r"\]\([^)\n]*\)|\[\^[^\]\n]*\]|\{[#=\w][^}\n]*\}|^\s*\*\[[^\]\n]*\]:.*$", re.MULTILINE)
_COMPARED = 8
"""So many words tell a sentence from its neighbours."""


class Lines:
    """The words of a file, each with its line."""

    def __init__(self, text: str) -> None:
        self._words: list[str] = []
        self._at: list[int] = []
        self._places: dict[str, list[int]] = {}
        for number, line in enumerate(_MARKUP.sub(" ", text).split("\n"), start=1):
            for word in _TOKEN.findall(line):
                self._places.setdefault(word, []).append(len(self._words))
                self._words.append(word)
                self._at.append(number)

    def of(self, words: str, start: int) -> int:
        """The line where these words begin, looked for from the line `start` on; `start` where they are not found."""
        wanted = _TOKEN.findall(words)[:_COMPARED]
        places = self._places.get(wanted[0], []) if wanted else []
        for place in places[bisect_left(places, bisect_left(self._at, start)) :]:
            if self._words[place : place + len(wanted)] == wanted:
                return self._at[place]
        return start
