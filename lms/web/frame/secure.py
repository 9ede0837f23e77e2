"""Whether browsers let this page do what they reserve for secure addresses: keep files for later, sign, encrypt."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request

from lms.web.frame.site import site


def is_secure() -> bool:
    """Whether the page's address is one that browsers take for secure: HTTPS, or this very computer (W3C, Secure Contexts,
    3.1)."""
    if site().settings.https or request.is_secure:
        return True
    host = urlsplit(f"//{request.host}").hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
