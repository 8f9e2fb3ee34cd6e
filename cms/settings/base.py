"""What every environment shares. Each value that is not Django's own default says why."""

from django.utils.translation import gettext_lazy as _

import configuration
from cms.page_cache.caches import next_database
from cms.settings.addresses import database, redis
from cms.settings.email import *  # noqa: F403 - settings by import
from cms.settings.limits import LIMITS, LIMITS_KNOWN_AFTER_SECONDS  # noqa: F401 - settings by import
from cms.settings.schedule import CELERY_BEAT_SCHEDULE, OUTBOX_SWEEP_SECONDS  # noqa: F401 - settings by import

BASE_DIR = configuration.ROOT

env = configuration.load()

# Everything that the running site writes: database, pictures, kept mail, the embedded broker, the file cache.
VAR_DIR = env.path("VAR_DIR", BASE_DIR / "var")
configuration.keep_private(VAR_DIR)

# What cms.core.checks allows: "development", "test" or "production".
ENVIRONMENT = "development"

INSTALLED_APPS = [
    "home",
    "home.search",
    "articles",
    "shop.backoffice",
    "shop.audit",
    "shop.privacy",
    "shop.checkout",
    "shop.payments",
    "shop.receipts",
    "shop.orders",
    "shop.mail",
    "shop.discounts",
    "shop.cases",
    "shop.attribution",
    "shop.catalogue",
    "cms.core",
    "cms.page_cache",
    "cms.images",
    "cms.users",
    "cms.limits",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "anymail",
    "django_countries",
    "lucide",
    "phonenumber_field",
    "storages",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "cms.core.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "cms.core.odd_requests.OddRequestMiddleware",
    # Outside everything that opens a session or writes a header: the kept copy is the whole answer.
    "cms.page_cache.middleware.PageCacheMiddleware",
    "cms.core.security.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "cms.typed.middleware.TypedTextMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "cms.core.refusals.AdminRefusalMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "cms" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

DATABASES = {
    "default": env.parsed(
        "DATABASE_URL",
        database,
        f"sqlite:///{VAR_DIR / 'db.sqlite3'}",
        example="postgres://user:password@host:5432/name",
    ),
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A web process and a worker write at once: without immediate transactions and a busy time-out
    # two thirds of concurrent read-then-write transactions fail with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # Gunicorn's threads each keep one connection; opening one costs more than a query.
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A dead database server must not hold a thread for two minutes.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.parsed("REDIS_URL", redis, "", example="redis://:password@host:6379/0")
# Apart from the broker's messages, so that the one can be emptied or limited without the other.
REDIS_CACHE_URL = env.parsed("REDIS_CACHE_URL", redis, "", example="redis://:password@host:6379/1")
REDIS_CACHE_URL = REDIS_CACHE_URL or next_database(REDIS_URL)
if REDIS_CACHE_URL:
    CACHES: dict[str, dict] = {
        "default": {
            "BACKEND": "cms.page_cache.caches.ForgivingRedisCache",
            "LOCATION": REDIS_CACHE_URL,
            "OPTIONS": {
                "serializer": "cms.page_cache.caches.PlainData",
                "socket_connect_timeout": 2,
                "socket_timeout": 2,
            },
        },
    }
else:
    # Files, not memory: the worker that publishes a scheduled page must reach the web process's cached pages.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR_DIR / "cache",
            "OPTIONS": {"MAX_ENTRIES": 2000},
        },
    }
# Wagtail would keep whole rows here; every page of ours fetches its renditions in one query.
CACHES["renditions"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}

# Whether whole public pages are kept; off, every request renders (for measuring).
PAGE_CACHE = env.flag("PAGE_CACHE", default=True)
# A change to one of these can show on any public page; pages themselves purge when they are published.
PAGE_CACHE_PURGED_BY = [
    "articles.Category",
    "articles.Person",
    "catalogue.Biomarker",
    "catalogue.Package",
    "catalogue.PackageBiomarker",
    "catalogue.Panel",
    "catalogue.TaxRate",
    "core.SiteSettings",
    "images.CustomImage",
    "orders.ConsentText",
    "taggit.Tag",
    "wagtailcore.PageViewRestriction",
    "wagtailcore.Site",
]

AUTH_USER_MODEL = "users.User"
WAGTAILADMIN_USER_LOGIN_FORM = "cms.users.forms.LoginForm"
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "cms.users.forms.PasswordResetForm"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "cms.users.validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
# In which everything has its date and hour: receipts, mails, the staff's screens, what beat starts.
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")
# Nobody has another one in the admin: staff and a customer on the telephone speak of the same day.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "cms" / "static"]
STATICFILES_FINDERS = [
    "cms.core.stylesheet.StylesheetFinder",  # one stylesheet from many files, without a build step
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES: dict[str, dict] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # The account's group may be a web server's; static files are for every account.
        "OPTIONS": {"file_permissions_mode": 0o640, "directory_permissions_mode": 0o750},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if MEDIA_BUCKET := env.text("MEDIA_S3_BUCKET", default=""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": MEDIA_BUCKET,
            "endpoint_url": env.text("MEDIA_S3_ENDPOINT_URL", default="") or None,
            "region_name": env.text("MEDIA_S3_REGION", default="") or None,
            # The site's own domain in front of the bucket, so that no picture comes from another host.
            "custom_domain": env.text("MEDIA_S3_DOMAIN", default="") or None,
            "querystring_auth": False,
            "file_overwrite": False,
        },
    }

# A long article with many blocks passes Django's default of 1,000 fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

PUBLIC_BASE_URL = env.text("PUBLIC_BASE_URL", default="http://localhost:8000")

WAGTAIL_SITE_NAME = "Checkup"
WAGTAILADMIN_BASE_URL = PUBLIC_BASE_URL
WAGTAILIMAGES_IMAGE_MODEL = "images.CustomImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.images.uploads.PictureForm"
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000  # decoded, four bytes each: more would fill a small server
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILSEARCH_BACKENDS = {
    # PostgreSQL finds "headaches" for "headache" with English word forms; SQLite ignores the option.
    "default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "english"},
}
WAGTAIL_ENABLE_UPDATE_CHECK = False  # a request to another host from each administrator's browser
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # it would tell another host who edits
TAGGIT_CASE_INSENSITIVE = True

PHONENUMBER_DEFAULT_REGION = "US"
PHONENUMBER_DB_FORMAT = "RFC3966"  # the only one of its formats for machines that keeps an extension

# The strict policy of the public site; cms.core.security loosens it below the admin's path,
# whose pages still carry inline scripts.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        # A form that is answered with a redirect to the payment page counts as sent there.
        "form-action": ["'self'", "https://checkout.stripe.com"],
        "frame-ancestors": ["'self'"],
    },
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail's preview panel frames the site's own pages
SESSION_COOKIE_SAMESITE = "Lax"
# Kept in the database, read from the cache: a query less on each of the admin's screens.
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
CSRF_COOKIE_SAMESITE = "Lax"

EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 20  # a dead mail server must not hold a worker
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="Checkup <hello@checkup.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

BROKER_TIMEOUT = 5  # seconds
# Kombu would try to connect again for another six seconds, while somebody waits for a page.
REDIS_BROKER_OPTIONS = {
    "socket_timeout": BROKER_TIMEOUT,
    "socket_connect_timeout": BROKER_TIMEOUT,
    "max_retries": 0,
}
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict = REDIS_BROKER_OPTIONS
else:
    _broker = VAR_DIR / "broker"
    for _folder in ("messages", "processed", "control"):
        (_broker / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_broker / "messages"),
        "data_folder_out": str(_broker / "messages"),
        "processed_folder": str(_broker / "processed"),
        "control_folder": str(_broker / "control"),
        "store_processed": False,
        "polling_interval": 0.1,
    }
CELERY_TASK_IGNORE_RESULT = True  # rows in the database are the truth
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Else worker and beat would end after fifty minutes without Redis.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A mail in hand when Redis leaves is sent to its end: cancelled, nobody would know whether it left.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
# A publish to a dead broker gives up at once: the sweeper finds the row.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
# Longer than a task may run, so that no second worker claims a mail that the first still sends.
OUTBOX_LEASE_SECONDS = 300
OUTBOX_FIRST_PAUSE_SECONDS = 30  # doubled after each refusal, an hour at most
# Who fetches an attachment, by the word before the colon; mail lies below receipts and cannot import them.
MAIL_ATTACHMENTS = {
    "receipt": "shop.receipts.mailing.receipt_by_number",
    "receipt-of": "shop.receipts.mailing.receipt_of_order",
}

# Without keys, the payment stand-in that `make run` starts takes Stripe's place.
STANDIN_PORT = env.port("STANDIN_PORT", 8021)
STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET", default="")
STRIPE_API_BASE = ""
if not STRIPE_SECRET_KEY:
    STRIPE_SECRET_KEY = "sk_test_standin"
    STRIPE_WEBHOOK_SECRET = STRIPE_WEBHOOK_SECRET or "whsec_standin"
    STRIPE_API_BASE = env.text("STANDIN_URL", default=f"http://127.0.0.1:{STANDIN_PORT}")
    # Where a browser finds it, when containers see it at another address.
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] += [
        env.text("STANDIN_PUBLIC_URL", default=STRIPE_API_BASE)
    ]

BASKET_DAYS = 30
UNPAID_ORDER_DAYS = 14
RESERVED_ORDER_HOURS = 24  # an unpaid order that keeps limited stock, or a counted use of a code, from others
# A paid order that has not left after so many days from Monday to Friday becomes a case for staff.
DISPATCH_WORKING_DAYS = env.number("DISPATCH_WORKING_DAYS", default=2, maximum=365)
# How long personal data is kept; docs/data-protection.md says what each of them is for.
CANCELLED_ORDER_DAYS = 30
ORDER_DATA_DAYS = 730
ADDED_DATA_DAYS = 30  # what staff add to an order whose data are erased
MAIL_DAYS = 180
MAIL_ATTEMPT_DAYS = 90
NOTE_DAYS = 365
EVENT_DAYS = 90
CASE_DAYS = 730
SESSION_DAYS = 14
SESSION_COOKIE_AGE = SESSION_DAYS * 24 * 60 * 60
RECONCILED_DAYS = 3  # as long as Stripe repeats a webhook
MAX_QUANTITY = 5

# Whose X-Forwarded-For is believed, the same as for Gunicorn: the proxy in front, nobody else.
TRUSTED_PROXIES = env.networks("FORWARDED_ALLOW_IPS", "127.0.0.1")
# Where kits can be sent and samples taken; the first is the one offered first.
SHIPPING_COUNTRIES = env.strings("SHIPPING_COUNTRIES", default=["US", "CA", "GB", "IE", "AU", "NZ"])

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"privacy": {"()": "cms.core.log_privacy.HideOrderLinks"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["privacy"]},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Two lines for each search index entry that Wagtail writes.
        "django_tasks": {"level": "WARNING"},
        # Its own handler in debug mode would print every line twice.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # It tells the ids of payment pages, from which the return page leads to an order.
        "stripe": {"level": "WARNING"},
        # A line for each request that waits for a thread.
        "waitress.queue": {"level": "ERROR"},
        # A missing page is the visitor's affair.
        "django.request": {"level": "ERROR"},
    },
}

# The demo log-ins' public password; empty means that load_demo makes no log-ins.
DEMO_PASSWORD = ""
