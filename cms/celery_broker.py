"""Celery's brokers as they should behave where kombu's own lose messages or let a worker die."""

import os
import uuid
from pathlib import Path
from time import monotonic_ns
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem, redis
from kombu.utils.json import dumps
from redis.exceptions import ConnectionError as LostConnection


class FileChannel(filesystem.Channel):
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


class FileTransport(filesystem.Transport):
    """Kombu's transport with this channel."""

    Channel = FileChannel


class RedisChannel(redis.Channel):
    """Kombu's channel, which lets a worker die when Redis leaves with a task in hand.

    The task ends, is acknowledged on the channel of the lost connection, and that looks for the address in a
    connection which is gone: an AttributeError, after which no worker tries again. Lost is what it is.
    """

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if self.connection is None or self.connection.client is None:
            raise LostConnection("The connection to the broker was lost.")
        return super()._connparams(asynchronous=asynchronous)


class RedisTransport(redis.Transport):
    """Kombu's transport with this channel."""

    Channel = RedisChannel


def register_transports() -> None:
    """Put these transports behind `filesystem://`, `redis://` and `rediss://` addresses."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:{FileTransport.__name__}"
    TRANSPORT_ALIASES["redis"] = TRANSPORT_ALIASES["rediss"] = f"{__name__}:{RedisTransport.__name__}"
