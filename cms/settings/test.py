"""The test suite: embedded services unless a test starts real ones."""

import tempfile

from cms.settings.base import *  # noqa: F403 - a settings module extends its base by name

DEBUG = False
SECRET_KEY = "test-only-key-never-used-in-production-0123456789"
ALLOWED_HOSTS = ["*"]
VAR_DIR = Path(tempfile.mkdtemp(prefix="checkup-test-"))
MEDIA_ROOT = VAR_DIR / "media"
STATIC_ROOT = VAR_DIR / "static"
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **CELERY_BROKER_TRANSPORT_OPTIONS,
    "data_folder_in": str(VAR_DIR / "broker"),
    "data_folder_out": str(VAR_DIR / "broker"),
    "processed_folder": str(VAR_DIR / "processed"),
    "control_folder": str(VAR_DIR / "control"),
}
DEMO_PASSWORD = "checkup-demo-2026"
