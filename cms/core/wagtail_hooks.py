from wagtail import hooks

from cms.core.page_editing import OneAtATimePageViewSet


@hooks.register("register_admin_viewset", order=1)  # after Wagtail's own for the same model
def register_page_viewset():
    return OneAtATimePageViewSet()
