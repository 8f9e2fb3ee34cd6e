import logging
import os

from django.apps import AppConfig
from django.conf import settings

import configuration

logger = logging.getLogger(__name__)


class CoreConfig(AppConfig):
    name = "cms.core"
    label = "core"

    def ready(self) -> None:
        from cms.core import checks  # noqa: F401 - importing registers them
        from cms.core.exports import make_exports_safe
        from cms.core.purging import connect_purging
        from cms.core.question_index import connect_question_index

        make_exports_safe()
        connect_purging()
        connect_question_index()
        if settings.ENVIRONMENT != "test":
            logger.info("Started with %s.", configuration.description(os.environ))
