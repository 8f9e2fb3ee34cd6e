"""The test suite: embedded services unless a test starts real ones."""

import atexit
import os
import shutil
import tempfile

# What a developer has configured must neither be used nor harmed by a test. Only the database is taken over,
# so that the suite runs on PostgreSQL too; there Django makes a database of its own.
for _name in (
    "REDIS_URL",
    "REDIS_CACHE_URL",
    "EMAIL_URL",
    "EMAIL_SERVICE",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
    "MEDIA_S3_BUCKET",
    "FORWARDED_ALLOW_IPS",
):
    os.environ.pop(_name, None)
os.environ["ENVIRONMENT_FILE"] = ""
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="checkup-test-")
atexit.register(shutil.rmtree, os.environ["VAR_DIR"], ignore_errors=True)

from cms.settings.base import *  # noqa: E402, F403 - after the environment that base reads

ENVIRONMENT = "test"
DEBUG = False
SECRET_KEY = "test-only-key-never-used-in-production-0123456789"
ALLOWED_HOSTS = ["*"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # What a power failure would cost is of no interest here.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY;"
CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # the demo's log-ins
]
WHITENOISE_AUTOREFRESH = True
MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
INSTALLED_APPS = [*INSTALLED_APPS, "tools.demo"]
DEMO_PASSWORD = "checkup-demo-2026"
