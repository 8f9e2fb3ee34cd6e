"""A worker that looks at every moment never meets half a message."""

from pathlib import Path
from threading import Event, Thread

import pytest
from kombu import Connection

from cms.celery import app
from cms.celery_broker import FileTransport

MESSAGES = 1000


@pytest.fixture
def broker(tmp_path: Path) -> dict:
    """Return connection options of an embedded broker in an empty folder."""
    for folder in ("messages", "processed", "control"):
        (tmp_path / folder).mkdir()
    return {
        "data_folder_in": str(tmp_path / "messages"),
        "data_folder_out": str(tmp_path / "messages"),
        "processed_folder": str(tmp_path / "processed"),
        "control_folder": str(tmp_path / "control"),
        "store_processed": True,
    }


def test_the_site_uses_it():
    assert isinstance(app.connection_for_write("filesystem://").transport, FileTransport)


def test_every_message_arrives_whole(broker: dict):
    """Half a message would end `get` with a JSON error, and so the worker."""
    sent = Event()

    def send() -> None:
        with Connection("filesystem://", transport_options=broker) as connection:
            queue = connection.SimpleQueue("checkup")
            for number in range(MESSAGES):
                queue.put({"number": number})
        sent.set()

    arrived = []
    sender = Thread(target=send)
    with Connection("filesystem://", transport_options=broker) as connection:
        queue = connection.SimpleQueue("checkup")
        sender.start()
        while True:
            is_last_look = sent.is_set()
            try:
                message = queue.get_nowait()
            except queue.Empty:
                if is_last_look:
                    break
                continue
            arrived.append(message.payload["number"])
            message.ack()
    sender.join()
    assert sorted(arrived) == list(range(MESSAGES))
