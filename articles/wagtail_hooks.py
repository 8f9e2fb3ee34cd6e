from wagtail import hooks
from wagtail.permissions import page_permission_policy
from wagtail.snippets.models import register_snippet

from articles.dashboard import MagazinePanel
from articles.viewsets import MagazineViewSetGroup

register_snippet(MagazineViewSetGroup)


@hooks.register("construct_homepage_panels")
def add_magazine_panel(request, panels):
    if page_permission_policy.user_has_permission(request.user, "change"):
        panels.insert(0, MagazinePanel(request))
