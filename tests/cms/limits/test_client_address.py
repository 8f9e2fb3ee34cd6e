"""Whose address a request comes from: a proxy is believed, a reader who writes the header is not."""

import pytest
from django.test import RequestFactory

from cms.limits.client_address import client_address

PROXY, READER = "10.0.0.2", "203.0.113.7"


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "address"),
    [
        (["127.0.0.1"], READER, None, READER),
        (["127.0.0.1"], READER, "198.51.100.1", READER),  # the reader wrote it
        ([PROXY], PROXY, READER, READER),
        ([PROXY], PROXY, f"198.51.100.1, {READER}", READER),  # the first part is the reader's own
        (["10.0.0.0/8"], PROXY, f"{READER}, 10.0.0.3", READER),  # two proxies of ours
        (["*"], PROXY, f"198.51.100.1, {READER}", READER),
        (["127.0.0.1"], "", READER, READER),  # a socket file
        ([PROXY], PROXY, None, ""),
        ([PROXY], PROXY, "unknown", ""),
        ([PROXY], PROXY, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ([PROXY], PROXY, f"::ffff:{READER}", READER),
    ],
)
def test_address_of_a_request(settings, trusted, peer, forwarded, address):
    settings.TRUSTED_PROXIES = trusted
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)

    assert client_address(request) == address
