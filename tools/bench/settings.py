"""As a server runs, on embedded services; a view without queries and a count of queries are added."""

from cms.settings.dev import *  # noqa: F403 - a settings module extends its base by name

DEBUG = False
SECRET_KEY = "bench-only-key-0123456789-0123456789-0123456789-01234"  # noqa: S105 - guards nothing
ROOT_URLCONF = "tools.bench.urls"
# Outside everything, so that the page cache's own queries count too.
MIDDLEWARE = ["tools.bench.counting.QueryCountMiddleware", *MIDDLEWARE]  # noqa: F405 - from the star above
