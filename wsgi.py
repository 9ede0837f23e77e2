"""The program for any WSGI server: `granian --interface wsgi wsgi:application`, `waitress-serve wsgi:application`."""

from lms import logs
from lms.cli.serving import started

logs.configure()
application = started()
