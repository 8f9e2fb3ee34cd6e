"""A newcomer's machine: `make run`."""

from cms.settings.base import *  # noqa: F403 - a settings module extends its base by name

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = env.str("SECRET_KEY", default="development-only-key-never-used-in-production")
PAGE_CACHE = env.bool("PAGE_CACHE", default=not DEBUG)  # a changed template shows at the next reload
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
WHITENOISE_USE_FINDERS = True  # no collectstatic before the first look
DEMO_PASSWORD = "checkup-demo-2026"
