"""The program for any WSGI server: `granian --interface wsgi wsgi:application`, `waitress-serve wsgi:application`."""

from lms import logs
from lms.config import Settings
from lms.web.app import create_app

logs.configure()
application = create_app(Settings.load())
