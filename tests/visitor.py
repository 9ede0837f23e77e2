"""A browser without JavaScript, small enough to read: cookies, forms, links."""

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """A form of a page: where it goes, and its fields as they stand (what a press on `button` would send)."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    options: dict[str, list[str]] = field(default_factory=dict)
    """The values that each radio, checkbox or select offers."""
    buttons: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Page:
    """What came back."""

    url: str
    status: int
    text: str
    headers: dict[str, str]

    @property
    def forms(self) -> list[Form]:
        """Every form of the page."""
        reader = _Forms()
        reader.feed(self.text)
        reader.close()
        return reader.forms

    def form(self, part: str) -> Form:
        """The first form whose action has that part."""
        return next(form for form in self.forms if part in form.action)


class Visitor:
    """Somebody with a browser."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> Page:
        """The page at that path."""
        return self._open(urllib.request.Request(urllib.parse.urljoin(self.base + "/", path)))

    def send(
        self, page: Page, form: Form, *, button: tuple[str, str] | None = None, **changes: str | list[str]
    ) -> Page:
        """The page after sending the form with these fields changed."""
        named = {name.replace("__", "-"): value for name, value in changes.items()}
        return self.post(urllib.parse.urljoin(page.url, form.action), merged(form, named, button), referer=page.url)

    def post(self, url: str, fields: list[tuple[str, str]], *, referer: str = "") -> Page:
        """The page after posting these fields."""
        request = urllib.request.Request(
            urllib.parse.urljoin(self.base + "/", url), urllib.parse.urlencode(fields).encode()
        )
        request.add_header("Origin", self.base)
        if referer:
            request.add_header("Referer", referer)
        return self._open(request)

    def _open(self, request: urllib.request.Request) -> Page:
        request.add_header("Accept-Language", "es")
        try:
            answer = self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Page(answer.url, answer.status, answer.read().decode("utf-8", "replace"), dict(answer.headers))


def merged(
    form: Form, changes: dict[str, str | list[str]], button: tuple[str, str] | None = None
) -> list[tuple[str, str]]:
    """The fields that the form sends with these changes, pressed by that button."""
    fields = [(name, value) for name, value in form.fields if name not in changes]
    for name, value in changes.items():
        fields += [(name, each) for each in (value if isinstance(value, list) else [value])]
    return fields + ([button] if button else [])


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""
        self._named: dict[str, Form] = {}
        self._elsewhere: list[tuple[str, dict[str, str]]] = []
        """Controls that name their form, which may come later in the page."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(values.get("action", ""), values.get("method", "get")))
            self._named[values.get("id", "")] = self.forms[-1]
        elif "form" in values:
            self._elsewhere.append((tag, values))
        elif self.forms and "name" in values:
            self._control(tag, values, self.forms[-1])
        elif tag == "option" and self._select:
            self.forms[-1].options.setdefault(self._select, []).append(values.get("value", ""))
            if "selected" in values:
                self.forms[-1].fields.append((self._select, values.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""

    def close(self) -> None:
        super().close()
        for tag, values in self._elsewhere:
            if "name" in values:
                self._control(tag, values, self._named[values["form"]])

    def _control(self, tag: str, values: dict[str, str], form: Form) -> None:
        name, value = values["name"], values.get("value", "")
        kind = values.get("type", "text")
        if tag == "button" or kind == "submit":
            form.buttons.append((name, value))
        elif tag == "select":
            self._select = name
        elif kind in ("radio", "checkbox"):
            form.options.setdefault(name, []).append(value)
            if "checked" in values:
                form.fields.append((name, values.get("value", "on")))
        elif tag in ("input", "textarea"):
            form.fields.append((name, value))
