from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from cms.core.page_editing import OneAtATimePageViewSet


@hooks.register("register_admin_viewset", order=1)  # after Wagtail's own for the same model
def register_page_viewset():
    return OneAtATimePageViewSet()


@hooks.register("insert_global_admin_js")
def tidy_what_is_pasted() -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static("js/paste.js"))


@hooks.register("insert_global_admin_css")
def keep_screens_within_a_phone() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("editing/phone.css"))
