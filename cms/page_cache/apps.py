from django.apps import AppConfig


class PageCacheConfig(AppConfig):
    name = "cms.page_cache"

    def ready(self) -> None:
        from cms.page_cache.purging import connect_purging

        connect_purging()
