"""The embedded broker: kombu's messages in files, each of which appears only when it is whole."""

import os
import uuid
from pathlib import Path
from time import monotonic_ns

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Kombu's channel, which a worker can otherwise catch between making a file and writing into it.

    The worker would find no message in it, end with an error, and lose the message too.
    """

    def _put(self, queue, message, **kwargs):  # type: ignore[override]  # kombu's own two disagree
        folder = Path(self.data_folder_out)
        name = f"{monotonic_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        # A worker takes only what ends with its queue's name.
        unfinished = folder / f"{name}.unfinished"
        try:
            unfinished.write_text(dumps(message), encoding="utf-8")
            os.replace(unfinished, folder / name)
        except OSError as trouble:
            raise ChannelError(f"Cannot add file {name!r} to directory") from trouble


class Transport(filesystem.Transport):
    Channel = Channel


def use_whole_files() -> None:
    """From now on `filesystem://` means this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:{Transport.__name__}"
