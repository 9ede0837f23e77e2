"""The one place that wires the program together."""

from datetime import UTC, datetime

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from lms.certificates.keys import load_store_signer, load_web_secret
from lms.certificates.protection import Lock
from lms.config import Settings
from lms.i18n import N_
from lms.refusals import Refusal
from lms.services.certifying import certify
from lms.services.common.record import Pen
from lms.services.running.in_force import InForce
from lms.services.studying.desk import Desk
from lms.storage import schema, stores
from lms.storage.database import Database
from lms.storage.releases import Catalogue
from lms.web.assets import Assets
from lms.web.device import api
from lms.web.device import events as lines
from lms.web.device import files as handing
from lms.web.device import mine as phone
from lms.web.entry import auth, consent, second, ways, welcome
from lms.web.frame import errors, files, fresh, gate, headers, locale, look, presence, session, templating
from lms.web.frame.site import Clock, Site
from lms.web.learner import (
    catalogue,
    certificates,
    devices,
    evaluations,
    gains,
    languages,
    learn,
    mine,
    notes,
    printing,
    review,
    search,
    sittings,
)
from lms.web.pocket import files as pack_files
from lms.web.pocket import shell
from lms.web.public import health, help, pages, reports, styleguide, verifier, verify
from lms.web.staff import (
    administration,
    amending,
    audits,
    cohorts,
    entering,
    forgetting,
    groups,
    importing,
    indicators,
    members,
    mending,
    overview,
    people,
    person,
    quarantined,
    retention,
    rosters,
    same,
    slips,
)
from lms.web.staff import settings as chosen

BLUEPRINTS = (
    administration,
    amending,
    api,
    audits,
    auth,
    catalogue,
    certificates,
    chosen,
    cohorts,
    consent,
    devices,
    entering,
    evaluations,
    files,
    forgetting,
    fresh,
    gains,
    groups,
    handing,
    health,
    help,
    importing,
    indicators,
    languages,
    learn,
    lines,
    look,
    members,
    mending,
    mine,
    notes,
    overview,
    pack_files,
    pages,
    people,
    person,
    phone,
    presence,
    printing,
    quarantined,
    reports,
    retention,
    review,
    rosters,
    same,
    search,
    second,
    shell,
    sittings,
    slips,
    verifier,
    verify,
    ways,
    welcome,
)
BODY_LIMIT = 1024 * 1024


class NotReadyError(Refusal):
    """The installation can't serve yet."""

    message = N_("The database is missing or of another version: run `lms init`.")


def create_app(settings: Settings, *, clock: Clock = lambda: datetime.now(UTC)) -> Flask:
    """The program for one installation.

    Raises NotReadyError before `lms init` and with an old schema, BadKey without the keys that it needs.
    """
    app = Flask("lms.web", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=BODY_LIMIT, MAX_FORM_MEMORY_SIZE=BODY_LIMIT, MAX_FORM_PARTS=1000)
    app.extensions["lms"] = _site(settings, clock)
    session.install(app)
    locale.install(app)
    templating.install(app)
    gate.install(app)
    headers.install(app, https=settings.https)
    errors.install(app)
    for module in BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    if settings.development:
        app.register_blueprint(styleguide.blueprint)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    return app


def _site(settings: Settings, clock: Clock) -> Site:
    database = Database(settings.url)
    with database.reading() as tx:
        store = stores.this(tx) if schema.is_current(tx) else None
    if store is None:
        raise NotReadyError
    in_force = InForce(settings, database)
    in_force()
    pen = Pen(store=store, sign=load_store_signer(settings.keys, Lock(settings.secret)))
    return Site(
        own=settings,
        in_force=in_force,
        database=database,
        pen=pen,
        desk=Desk(Catalogue(), pen, lambda *by, **asked: certify.request(*by, settings=in_force(), **asked)),
        secret=load_web_secret(settings.keys),
        clock=clock,
        assets=Assets.load(),
    )
