"""What a reader can see has changed: the kept copies of all public pages go.

One token for all pages is deliberate. A package's price stands on articles, on the home page and in searches;
a purge that is too wide costs one rendering a page, a purge that is too narrow shows a wrong price.
"""

from django.apps import apps
from django.conf import settings
from django.db.models.signals import post_delete, post_save
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from cms.page_cache.versions import purge


def connect_purging() -> None:
    """Listen to pages and to the models of settings.PAGE_CACHE_PURGED_BY."""
    for signal in (page_published, page_unpublished, post_page_move):
        signal.connect(purge_pages, dispatch_uid="purge-pages")
    post_save.connect(purge_after_page_save, dispatch_uid="purge-pages")
    post_delete.connect(purge_after_page_delete, dispatch_uid="purge-pages")
    for label in settings.PAGE_CACHE_PURGED_BY:
        model = apps.get_model(label)
        for signal in (post_save, post_delete):
            signal.connect(purge_pages, sender=model, dispatch_uid=f"purge-pages-{label}")


def purge_pages(**kwargs) -> None:
    purge()


def purge_after_page_save(instance: object, update_fields: frozenset[str] | None, **kwargs) -> None:
    """Purge what readers see, which is saved whole; a draft or a lock saves some fields only."""
    if isinstance(instance, Page) and instance.live and update_fields is None:
        purge()


def purge_after_page_delete(instance: object, **kwargs) -> None:
    if isinstance(instance, Page):
        purge()
