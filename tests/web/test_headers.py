"""What every answer says to the browser."""

import pytest
from flask import Flask

from lms.web.frame.headers import FIXED
from tests.web.client import Client
from tests.web.conftest import site_of
from tests.web.test_gate import routes

POLICY = FIXED["Content-Security-Policy"]


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    assert POLICY.startswith("default-src 'none'")
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert "frame-ancestors 'none'" in POLICY
    assert "form-action 'self'" in POLICY


def test_every_answer_carries_the_headers(app: Flask, ana: Client, anybody: Client) -> None:
    for who in (ana, anybody):
        for _endpoint, path in routes(app, "GET"):
            answer = who.get(path)
            for name, value in FIXED.items():
                said = "no-referrer" if name == "Referrer-Policy" and path.startswith("/join/") else value
                assert answer.headers[name] == said, path


def test_no_page_is_kept_by_the_browser(app: Flask, ana: Client) -> None:
    for endpoint, path in routes(app, "GET"):
        if endpoint not in ("files.static", "files.media") and not endpoint.startswith("pocket."):
            answer = ana.get(path)
            assert answer.headers["Cache-Control"] == "no-store", path
            assert "Cookie" in answer.headers["Vary"]


def test_the_programs_own_files_never_change(app: Flask, anybody: Client) -> None:
    assets = site_of(app).assets
    for packed, encoding in (("br", "br"), ("gzip", "gzip"), ("", None)):
        answer = anybody.get(assets.url("css/vereda.css"), headers={"Accept-Encoding": packed})
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers.get("Content-Encoding") == encoding
        assert answer.headers["Content-Type"].startswith("text/css")
        assert "Set-Cookie" not in answer.headers
    with pytest.raises(KeyError):
        assets.url("nothing.css")


def test_an_old_digest_or_a_way_out_of_the_folder_is_not_found(app: Flask, anybody: Client) -> None:
    digest = site_of(app).assets.digest
    for path in (
        "/s/0000/css/vereda.css",
        f"/s/{digest}/manifest.json",
        f"/s/{digest}/../app.py",
        f"/s/{digest}/%2e%2e/app.py",
    ):
        assert anybody.get(path).status_code == 404


def test_a_courses_picture_can_do_nothing(app: Flask, ana: Client) -> None:
    text = ana.get("/courses/demo-course/m-uno").get_data(as_text=True)
    path = text[text.index("/media/") :].split('"')[0]
    answer = ana.get(path)
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers["Cache-Control"]


def test_whoever_watches_the_server_learns_whether_it_can_serve(app: Flask, anybody: Client) -> None:
    assert anybody.get("/healthz").json == {"alive": True}
    ready = anybody.get("/readyz")
    assert (ready.status_code, ready.json) == (200, {"ready": True, "database": True, "disk": True})
    with site_of(app).database.writing() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert anybody.get("/readyz").status_code == 503
