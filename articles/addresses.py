"""Addresses below the article index outlive the slugs in them: of the section, of a category, of a tag.

Wagtail keeps those of pages when a slug changes; these lie below a page and are made of another row's slug.
"""

import unicodedata

from anyascii import anyascii
from django.db.models import Model
from django.db.models.signals import pre_save
from django.utils.text import slugify
from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect

from articles.models import ArticleIndexPage, Category


def connect_addresses() -> None:
    for model in (Category, Tag):
        pre_save.connect(keep_old_address, sender=model, dispatch_uid="keep-old-address")
    pre_save.connect(give_slug, sender=Tag, dispatch_uid="give-slug")


def give_slug(instance: Tag, **kwargs) -> None:
    """Give a tag like "+", of which taggit makes an empty slug, one of its signs' names."""
    if not instance.slug.strip("_"):
        instance.slug = _free_slug(
            slugify(anyascii(instance.name)) or _names_of_signs(instance.name), instance
        )


def keep_old_address(sender: type[Model], instance: Category | Tag, raw: bool = False, **kwargs) -> None:
    """Lead from the old address of a category or a tag to the new one."""
    old = sender._default_manager.filter(pk=instance.pk).values_list("slug", flat=True).first()
    if raw or not old or old == instance.slug:
        return
    kind = "category" if sender is Category else "tag"
    for index in ArticleIndexPage.objects.all():
        _lead_on(index, f"/{kind}/{old}/", f"/{kind}/{instance.slug}/")


def _lead_on(index: ArticleIndexPage, old_route: str, new_route: str) -> None:
    parts = index.get_url_parts()
    if parts is None:
        return
    site_id, _root, address = parts
    automatic = Redirect.objects.filter(site_id=site_id, automatically_created=True)
    # What has a page again leads nowhere else, and what led to the old address leads to the new one at once.
    automatic.filter(old_path=_path(address, new_route)).delete()
    target = {"redirect_page": index, "redirect_page_route_path": new_route}
    automatic.filter(redirect_page=index, redirect_page_route_path=old_route).update(**target)
    Redirect.objects.update_or_create(
        old_path=_path(address, old_route),
        site_id=site_id,
        defaults={**target, "automatically_created": True},
    )


def _path(address: str, route: str) -> str:
    return Redirect.normalise_path(f"{address.rstrip('/')}{route}")


def _names_of_signs(text: str) -> str:
    return slugify(" ".join(unicodedata.name(sign, "") for sign in text)) or "topic"


def _free_slug(slug: str, tag: Tag) -> str:
    slug = slug[:90]
    taken = set(Tag.objects.exclude(pk=tag.pk).filter(slug__startswith=slug).values_list("slug", flat=True))
    numbered = (f"{slug}-{number}" for number in range(2, len(taken) + 3))
    return next(free for free in (slug, *numbered) if free not in taken)
