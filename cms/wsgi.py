"""The WSGI entry point of the web process."""

from django.core.wsgi import get_wsgi_application

import configuration

configuration.choose_settings(configuration.PRODUCTION)

application = get_wsgi_application()

from cms.core.checks import refuse_faulty_configuration  # noqa: E402 - it reads the settings
from cms.core.odd_requests import LenientRequest  # noqa: E402 - Django is set up by then
from cms.page_cache.versions import start_new_version  # noqa: E402 - its cache is named in the settings

application.request_class = LenientRequest
refuse_faulty_configuration()
# Kept pages were made by the release before this one.
start_new_version()
