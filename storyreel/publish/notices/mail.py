"""A notice by e-mail, over a connection that is encrypted before anything is said (SMTP with STARTTLS, RFC 3207).

STORYREEL_SMTP names the server: smtp://user@host:587 (STARTTLS) or smtps://user@host:465 (TLS from the start). The
password stands in STORYREEL_SMTP_PASSWORD, the sender in STORYREEL_MAIL_FROM (else the user's name there). A server on
this machine may do without encryption, as long as no password would be sent.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from storyreel.publish.notices.notice import Notice
from storyreel.publish.notices.webhook import NotTaken

SERVER_VARIABLE = "STORYREEL_SMTP"
PASSWORD_VARIABLE = "STORYREEL_SMTP_PASSWORD"
SENDER_VARIABLE = "STORYREEL_MAIL_FROM"
TIME_S = 20.0
_HERE = ("localhost", "127.0.0.1", "::1")


def mail(notice: Notice, address: str, settings: Mapping[str, str]) -> None:
    """Send a notice.

    Args:
        settings: the variables above.

    Raises:
        NotTaken: there is no server, it does not encrypt, or it refuses.
    """
    server = settings.get(SERVER_VARIABLE, "")
    try:
        parts = urlsplit(server)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotTaken(f"{SERVER_VARIABLE} is no address: write smtp://user@host:587") from None
    if parts.scheme not in ("smtp", "smtps") or not host:
        raise NotTaken(f"no mail server is set: write smtp://user@host:587 into {SERVER_VARIABLE}")
    if parts.password:
        raise NotTaken(f"the password belongs into {PASSWORD_VARIABLE}, not into {SERVER_VARIABLE}")
    user, password = unquote(parts.username or ""), settings.get(PASSWORD_VARIABLE, "")
    sender = settings.get(SENDER_VARIABLE) or (user if "@" in user else f"storyreel@{host}")
    safe = ssl.create_default_context()
    try:
        if parts.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=TIME_S, context=safe)
        else:
            connection = smtplib.SMTP(host, port or 587, timeout=TIME_S)
        with connection:
            if parts.scheme == "smtp":
                connection.ehlo()
                if connection.has_extn("starttls"):
                    connection.starttls(context=safe)
                    connection.ehlo()
                elif host not in _HERE or password:
                    raise NotTaken(f"{host} offers no encryption (STARTTLS), so nothing was sent")
            if user and password:
                connection.login(user, password)
            connection.send_message(_message(notice, sender, address))
    except smtplib.SMTPAuthenticationError as error:
        raise NotTaken(f"{host} does not accept the user's name or {PASSWORD_VARIABLE}") from error
    except smtplib.SMTPResponseException as error:
        raise NotTaken(f"{host} answered {error.smtp_code}") from error
    except ssl.SSLError as error:
        raise NotTaken(f"{host} cannot prove who it is ({error.reason})") from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotTaken(f"{host} cannot be reached or refuses ({type(error).__name__})") from error


def _message(notice: Notice, sender: str, address: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = sender, address
    message["Subject"] = " ".join(notice.headline.split())
    message["Date"], message["Message-ID"] = formatdate(notice.at_s), make_msgid(domain="storyreel.invalid")
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer wanted
    message.set_content(f"{notice.text}\n")
    return message
