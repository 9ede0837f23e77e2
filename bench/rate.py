"""Module pages a second, signed in, beside a bare Flask view that answers with as many bytes."""

from flask import Flask

from bench.pairs import compare
from bench.place import MODULE, place


def main() -> None:
    """Prints the comparison."""
    here = place()
    page = here.browser.get(MODULE)
    if page.status_code != 200:
        raise SystemExit(f"the module answers {page.status_code}")
    body = page.get_data()
    bare = Flask("bare")
    bare.add_url_rule("/", "index", lambda: body)
    browser = bare.test_client()
    packed = {"Accept-Encoding": "gzip"}
    compare(
        "module page",
        lambda: here.browser.get(MODULE).get_data(),
        lambda: browser.get("/").get_data(),
        "pages",
        "bare Flask",
    )
    compare(
        "module page, gzip",
        lambda: here.browser.get(MODULE, headers=packed).get_data(),
        lambda: browser.get("/").get_data(),
        "pages",
        "bare Flask",
    )
