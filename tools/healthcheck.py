"""`python -m tools.healthcheck ADDRESS`: exit code 0 when it answers 200, for images that have no curl.

A path such as /healthz is asked of the web process that the same configuration starts.
"""

import sys
import urllib.error
import urllib.request

import configuration


def main(address: str) -> int:
    """Request the address once, for three seconds at most, and return 0 for status 200, else 1."""
    if address.startswith("/"):
        env = configuration.load()
        address = configuration.local_url(env.host("HOST"), env.port("PORT", 8000)) + address
    try:
        with urllib.request.urlopen(address, timeout=3) as response:  # noqa: S310 - the container's own address
            return 0 if response.status == 200 else 1
    except (OSError, urllib.error.HTTPError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
