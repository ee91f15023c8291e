"""The one alarm hook: a webhook or a mail, given as one address to `samverk centre serve --alarm`."""

import logging
import smtplib
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import EmailMessage
from urllib.parse import parse_qs, urlsplit

import msgspec

from sync.centre.storage.alarms import Alarm
from sync.centre.storage.room import CentreError

SEND_S = 10.0
"""How long sending one alarm may take."""
SMTP_PORT = 25

Hook = Callable[[Alarm], bool]
"""Tells somebody of the alarm and returns whether that went well."""

_log = logging.getLogger("samverk.centre")


def hook_of(address: str) -> Hook:
    """Return the hook of an address, or raise `CentreError` if it is none.

    `https://…` gets each alarm as JSON by POST. `mailto:to@example.se?via=smtp://host:25&from=centre@example.se` gets
    a mail, and so does the alarm's own contact.
    """
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"}):
        return lambda alarm: _post(address, alarm)
    question = parse_qs(parts.query)
    via, sender = urlsplit(question.get("via", [""])[0]), question.get("from", [""])[0]
    if parts.scheme == "mailto" and "@" in parts.path and via.scheme == "smtp" and via.hostname and "@" in sender:
        host, port = via.hostname, via.port or SMTP_PORT
        return lambda alarm: _mail(alarm, parts.path, sender, host, port)
    message = "--alarm is https://… or mailto:to@example.se?via=smtp://host:25&from=centre@example.se"
    raise CentreError(message)


def _post(url: str, alarm: Alarm) -> bool:
    told = {"key": alarm.key, "kind": alarm.kind, "text": alarm.text, "contact": alarm.contact, "at": alarm.at}
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, msgspec.json.encode(told), headers, method="POST")  # noqa: S310 - checked above
    try:
        with _direct.open(request, timeout=SEND_S) as response:
            return 200 <= int(response.status) < 300  # noqa: PLR2004 - the class of successes
    except (OSError, urllib.error.URLError, ValueError) as error:
        _log.warning("the alarm %s was not sent: %s", alarm.kind, type(error).__name__)
        return False


def _mail(alarm: Alarm, to: str, sender: str, host: str, port: int) -> bool:
    message = EmailMessage()
    message["Subject"] = f"Samverk: {alarm.kind}"
    message["From"] = sender
    message["To"] = ", ".join(one for one in (to, alarm.contact) if one)
    message.set_content(f"{alarm.text}\n\n{alarm.at}\n")
    is_sent = False
    try:
        with smtplib.SMTP(host, port, timeout=SEND_S) as server:
            server.send_message(message)
            is_sent = True
    except (OSError, smtplib.SMTPException) as error:
        _log.warning("mail of the alarm %s: %s", alarm.kind, type(error).__name__)
    return is_sent


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: object, **_named: object) -> None:
        """Follow no redirection: the alarm is for one place."""


_direct = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
