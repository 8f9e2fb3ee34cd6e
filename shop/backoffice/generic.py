"""What the lists and screens of all desks share."""

from typing import Any

import django_filters
from django.utils.functional import cached_property
from django.views import View
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.typed.text import clean_identity


class IdentityIndexView(generic.IndexView):
    """A list that is searched for codes and addresses, however they are typed."""

    @cached_property
    def search_query(self) -> str:
        return clean_identity(super().search_query)


class StateFilter(django_filters.MultipleChoiceFilter):
    """Any of several states of the row itself.

    No join repeats a row, so none is compared with all others by every column, the bodies of mails included.
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, distinct=False, **kwargs)


class RecordViewSet(ModelViewSet):
    """A list and a screen, without forms for adding, changing or deleting a row."""

    copy_view_enabled = False
    inspect_view_enabled = True
    add_to_reference_index = False
    exclude_form_fields: list[str] = []
    index_template_name = "backoffice/index.html"
    index_view_class = IdentityIndexView
    list_per_page = 50

    def construct_action_view(self, view_class: type[View]) -> Any:
        """Return the view of an action, with the model and the names that the inspect view has."""
        kwargs = self.get_inspect_view_kwargs()
        del kwargs["template_name"]  # an action's page has its own
        return self.construct_view(view_class, **kwargs)
