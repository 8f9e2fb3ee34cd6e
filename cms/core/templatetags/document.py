"""What a whole document needs: its head, its structured data, the way back up, the editor's bar."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.safestring import SafeString
from wagtail.admin.templatetags.wagtailuserbar import wagtailuserbar

from cms.core import structured_data
from cms.core.models import BasePage
from cms.core.navigation import Crumb
from cms.core.page_meta import PageMeta
from cms.core.page_meta import page_meta as read_page_meta

register = template.Library()


@register.simple_tag(takes_context=True)
def page_meta(context: template.RequestContext) -> PageMeta:
    """Return title, description, address and picture of this document."""
    return read_page_meta(context, context["request"])


@register.simple_tag(takes_context=True)
def page_breadcrumbs(context: template.RequestContext) -> list[Crumb]:
    """Return the view's own `breadcrumbs`, or the page's ancestors from the home page down."""
    if given := context.get("breadcrumbs"):
        return given
    page = context.get("page")
    return page.breadcrumbs(context["request"]) if isinstance(page, BasePage) else []


@register.simple_tag(takes_context=True, name="structured_data")
def structured_data_script(context: template.RequestContext) -> SafeString:
    """Return the page's JSON-LD: the way to it, and what its type says about it."""
    page, request = context.get("page"), context.get("request")
    if request is None or not isinstance(page, BasePage) or getattr(request, "is_preview", False):
        return SafeString("")
    crumbs = page_breadcrumbs(context)
    own = Crumb(title=page.title, url=page.address(request) or request.path)
    things: list[dict[str, Any]] = []
    if crumbs:
        things.append(structured_data.breadcrumb_list([*crumbs, own], request))
    things += page.structured_data(request)
    return structured_data.as_script(things)


@register.simple_tag(takes_context=True)
def editor_bar(context: template.RequestContext) -> SafeString | str:
    """Return Wagtail's bar for whoever is signed in. Without a session it does not even ask who reads."""
    request = context.get("request")
    if request is None or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    return wagtailuserbar(context)
