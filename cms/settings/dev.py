"""A newcomer's machine: `make run`."""

import configuration
from cms.settings.base import *  # noqa: F403 - a settings module extends its base by name

DEBUG = env.flag("DEBUG", default=True)
SECRET_KEY = env.text("SECRET_KEY", default="development-only-key-never-used-in-production")
PAGE_CACHE = env.flag("PAGE_CACHE", default=not DEBUG)  # a changed template shows at the next reload
# A machine that is told to listen on one address is asked for by it.
ALLOWED_HOSTS = env.strings(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", configuration.bracketed(env.host("HOST"))]
)
INSTALLED_APPS = [*INSTALLED_APPS, "tools.demo"]
WHITENOISE_USE_FINDERS = True  # no collectstatic before the first look
DEMO_PASSWORD = "checkup-demo-2026"
