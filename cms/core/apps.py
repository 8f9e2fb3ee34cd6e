import logging
import os

from django.apps import AppConfig
from django.conf import settings

import configuration

logger = logging.getLogger(__name__)


class CoreConfig(AppConfig):
    name = "cms.core"

    def ready(self) -> None:
        from cms.core import checks, trial_checks  # noqa: F401 - importing registers them
        from cms.core.exports import make_exports_safe

        make_exports_safe()
        if settings.ENVIRONMENT != "test":
            logger.info("Started with %s.", configuration.description(os.environ))
            if (file := configuration.configured_file(os.environ)) and file.path.stat().st_mode & 0o004:
                logger.warning("Everybody on this machine can read the secrets in %s: chmod 600", file.path)
