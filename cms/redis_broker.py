"""Redis as a broker that may go away: what a worker meant to say on a lost connection fails as such."""

from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis
from redis.exceptions import ConnectionError as LostConnection


class Channel(redis.Channel):
    """Kombu's channel, which lets a worker die when Redis leaves with a task in hand.

    The task ends, is acknowledged on the channel of the lost connection, and that looks for the address in a
    connection which is gone: an AttributeError, after which no worker tries again. Lost is what it is.
    """

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if self.connection is None or self.connection.client is None:
            raise LostConnection("The connection to the broker was lost.")
        return super()._connparams(asynchronous=asynchronous)


class Transport(redis.Transport):
    """Kombu's transport with this channel."""

    Channel = Channel


def use_forgiving_channels() -> None:
    """Puts this transport behind redis:// and rediss:// addresses."""
    TRANSPORT_ALIASES["redis"] = TRANSPORT_ALIASES["rediss"] = f"{__name__}:Transport"
