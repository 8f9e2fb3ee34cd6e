"""`python -m tools.torture.sink PORT FILE`: a mail server that records the Message-ID of all it accepts.

The line is written before the reply: a sender that hears nothing may send again, and that is seen here.
"""

import asyncio
import json
import sys
import time
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """aiosmtpd's handler."""

    def __init__(self, file: Path) -> None:
        self.file = file

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Record a whole message that has arrived, and return the reply."""
        content = envelope.content or b""
        message = message_from_bytes(content if isinstance(content, bytes) else content.encode())
        message_id = str(message["Message-ID"]).strip()
        record = {"message_id": message_id, "recipients": envelope.rcpt_tos, "at": time.time()}
        with self.file.open("a") as lines:
            lines.write(json.dumps(record) + "\n")
        return "250 OK"


def accepted_mails(file: Path) -> list[dict]:
    """Return the accepted mails, oldest first. A line that a kill cut short had no reply: it is no mail."""
    if not file.exists():
        return []
    whole = [line for line in file.read_text().splitlines(keepends=True) if line.endswith("}\n")]
    return [json.loads(line) for line in whole]


async def serve(port: int, file: Path) -> None:
    """Accept mails until the process ends."""
    sink = Sink(file)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(sink, hostname="localhost"), "127.0.0.1", port
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
