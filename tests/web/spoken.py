"""What a page says, and in which language."""

from html.parser import HTMLParser


class Texts(HTMLParser):
    """Every text of a page with the language that its element says it is in."""

    def __init__(self) -> None:
        super().__init__()
        self.languages: list[str] = []
        self.found: list[tuple[str, str]] = []
        self.skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        language = values.get("lang") or (self.languages[-1] if self.languages else "")
        for name in ("aria-label", "data-saved", "data-failed"):
            if values.get(name):
                self.found.append((language, values[name] or ""))
        if tag in ("input", "meta", "link", "img", "br", "hr"):
            return
        self.languages.append(language)
        self.skipped += tag in ("script", "style", "svg")

    def handle_endtag(self, tag: str) -> None:
        if self.languages and tag not in ("path", "circle", "line", "rect", "polyline"):
            self.languages.pop()
        self.skipped -= tag in ("script", "style", "svg")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.skipped:
            self.found.append((self.languages[-1], " ".join(data.split())))


def texts(text: str) -> list[tuple[str, str]]:
    """Every text of the page, each with its language."""
    reader = Texts()
    reader.feed(text)
    return reader.found


def spanish(text: str) -> str:
    """What the page says in Spanish, but for the name of the language."""
    return " ".join(said for language, said in texts(text) if language == "es" and said != "Español")


def english_of(text: str) -> str:
    """What the page says in English."""
    return " ".join(said for language, said in texts(text) if language == "en")
