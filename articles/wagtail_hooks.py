from wagtail.snippets.models import register_snippet

from articles.viewsets import MagazineViewSetGroup

register_snippet(MagazineViewSetGroup)
