"""The mails that the site's own worker has sent: Django's file backend keeps each one as a file."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from tests.live_site import LiveSite
from tests.services import wait_until

# Stands after every message in a file of Django's file backend.
END_OF_MESSAGE = b"-" * 79


def sent_mails(site: LiveSite) -> list[EmailMessage]:
    """Return every mail that has left so far, oldest first."""
    contents = (path.read_bytes() for path in site.kept_mails())
    messages = (part.strip() for content in contents for part in content.split(END_OF_MESSAGE))
    return [
        cast(EmailMessage, message_from_bytes(message, policy=policy.default))
        for message in messages
        if message
    ]


def wait_for_mail(site: LiveSite, subject: str) -> EmailMessage:
    """Wait for the mail with exactly this subject and return it. Raise TimeoutError that names it."""

    def found() -> list[EmailMessage]:
        return [mail for mail in sent_mails(site) if mail["Subject"] == subject]

    wait_until(lambda: bool(found()), what=f"the mail “{subject}”")
    return found()[0]


def text_of(mail: EmailMessage) -> str:
    """Return its plain-text part."""
    return _part(mail, "plain")


def html_of(mail: EmailMessage) -> str:
    """Return its HTML part."""
    return _part(mail, "html")


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    assert part is not None, f"{mail['Subject']} has no {kind} part"
    return cast(EmailMessage, part).get_content()
