"""An installation with the real courses and a learner signed in, for timing."""

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from werkzeug.test import Client

from lms.certificates import keys
from lms.config import Settings
from lms.services.people import accounts, consent
from lms.services.running.publish import course_folders, publish
from lms.storage import preferences, schema, stores
from lms.storage.database import Database
from lms.storage.people import Person, Secrets
from lms.web.app import create_app
from lms.web.frame.site import Site

COURSES = Path(__file__).parents[1] / "courses_content"
MODULE = "/courses/trata-de-personas/m-que-es"


@dataclass(frozen=True)
class Place:
    """The program, its site, a learner and her browser."""

    app: Flask
    site: Site
    ana: Person
    browser: Client


def place(database_url: str = "") -> Place:
    """A new installation in a temporary folder; its database is SQLite, or empty and there already."""
    settings = Settings(instance=Path(tempfile.mkdtemp()), database_url=database_url)
    now = datetime.now(UTC)
    database = Database(settings.url)
    schema.upgrade(database)
    with database.writing() as tx:
        store = stores.create(tx, now=now)
    settings.keys.mkdir()
    keys.create(settings.keys, issuer_code=store.id, organisation="Bench", now=now)
    keys.create_web_secret(settings.keys)
    for folder in course_folders(COURSES):
        publish(database, folder, position=0, now=now)
    app = create_app(settings)
    site: Site = app.extensions["lms"]
    with site.database.writing() as tx:
        secrets = Secrets("no hash", None)
        ana = accounts.add(tx, site.pen, username="ana", display_name="Ana", secrets=secrets, now=now)
        preferences.change(tx, ana.id, consent=consent.VERSION)
    browser = app.test_client()
    browser.set_cookie("s", site.entrance.open_session(ana, now=now))
    return Place(app, site, ana, browser)
