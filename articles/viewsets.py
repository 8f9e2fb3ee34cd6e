"""The magazine's shelves and people in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from articles.models import Category, Person
from cms.core.refusals import NamingSnippetDeleteView


class CategoryViewSet(SnippetViewSet):
    model = Category
    delete_view_class = NamingSnippetDeleteView
    icon = "folder-open-inverse"
    menu_label = _("Categories")
    list_display = ["name", "slug", "position", UpdatedAtColumn()]
    search_fields = ["name", "description"]


class PersonViewSet(SnippetViewSet):
    model = Person
    delete_view_class = NamingSnippetDeleteView
    icon = "user"
    menu_label = _("People")
    list_display = ["name", "role", BooleanColumn("is_clinician", label=_("Clinician")), UpdatedAtColumn()]
    list_filter = ["is_clinician"]


class MagazineViewSetGroup(SnippetViewSetGroup):
    items = (CategoryViewSet, PersonViewSet)
    menu_icon = "doc-full-inverse"
    menu_label = _("Magazine")
    menu_name = "magazine"
    menu_order = 210
