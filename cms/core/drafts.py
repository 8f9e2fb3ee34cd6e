"""Drafts and scheduled versions that name other rows: those rows know of it, and may be gone one day.

Wagtail's reference index reads what is in the database's columns, so what only a draft names could be deleted
without a word; and a version that names a deleted row could not be opened any more where the key is protected
(wagtail#6368).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail.models import ReferenceIndex, Revision

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What modelcluster can empty by itself when the row is gone.
EMPTIED_BY_MODELCLUSTER = (models.CASCADE, models.SET_NULL, models.DO_NOTHING)

Reference = tuple[type[models.Model], str, str, str]


class ProtectingRelation:
    """What the reference index asks of a field that must not lose its target."""

    on_delete = staticmethod(models.PROTECT)


class DraftReferences:
    """A field without a column, through which the reference index reads what only unpublished versions name.

    With `protecting` it gives the references that would be protected in the live row, else all others.
    """

    # What Django, modelcluster and Wagtail ask of a field: a relation to many rows, like a generic one.
    is_relation = one_to_many = True
    auto_created = concrete = editable = many_to_many = many_to_one = one_to_one = False
    column = related_model = None

    def __init__(self, verbose_name: "StrOrPromise", *, protecting: bool = False) -> None:
        self.verbose_name = verbose_name
        self.remote_field = ProtectingRelation() if protecting else None

    def contribute_to_class(self, model: type[models.Model], name: str, **kwargs) -> None:
        self.name = self.attname = name
        self.model = model
        setattr(model, name, None)  # what copying a row asks for
        model._meta.add_field(self, private=True)  # type: ignore[arg-type]  # like a generic foreign key

    def is_cached(self, instance: models.Model) -> bool:
        """Return False: there is nothing to forget when the row is read again."""
        return False

    def value_from_object(self, instance: models.Model) -> models.Model | None:
        """Return the row itself, unless it is a draft read by this field."""
        return None if getattr(instance, "is_draft_copy", False) else instance

    def extract_references(self, instance: models.Model) -> Iterator[Reference]:
        """Yield references as the index has them: model, key, path in the model, path in the content."""
        for content_type_id, key, model_path, content_path in _only_in_drafts(instance):
            reference = ReferenceIndex(
                content_type=ContentType.objects.get_for_model(instance), model_path=model_path
            )
            if (reference.on_delete == models.PROTECT) == (self.remote_field is not None):
                target = ContentType.objects.get_for_id(content_type_id).model_class()
                if target is not None:
                    yield target, key, model_path, content_path


def _only_in_drafts(instance: Any) -> list[tuple[int, str, str, str]]:
    """Return what the latest draft and the scheduled version name and the row itself does not; read once."""
    if not hasattr(instance, "draft_only_references"):
        found: dict[tuple[int, str, str, str], None] = {}
        if pending := list(_pending_versions(instance)):
            named_by_row = {reference[:2] for reference in _references_of(instance)}
            for revision in pending:
                draft = type(instance).from_serializable_data(revision.content, check_fks=False)
                for reference in _references_of(draft):
                    if reference[:2] not in named_by_row:
                        found[reference] = None
        instance.draft_only_references = list(found)
    return instance.draft_only_references


def _pending_versions(instance: Any) -> models.QuerySet[Revision]:
    is_pending = models.Q(approved_go_live_at__isnull=False)
    if instance.has_unpublished_changes:
        is_pending |= models.Q(pk=instance.latest_revision_id)
    return instance.revisions.filter(is_pending)


def _references_of(instance: Any) -> list[tuple[int, str, str, str]]:
    instance.is_draft_copy = True
    try:
        return list(ReferenceIndex._extract_references_from_object(instance))
    finally:
        instance.is_draft_copy = False


def without_lost_rows(model: type[models.Model], content: dict) -> tuple[dict, list[str]]:
    """Return a version's content without the keys whose rows are gone, and the names of the emptied fields.

    Only for keys that modelcluster cannot empty. A child whose key must not be empty goes with its row.
    """
    lost = [field for field in model._meta.concrete_fields if _is_lost(field, content.get(field.name))]
    kept = {**content, **{field.name: None for field in lost}}
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name()
        children = [without_lost_rows(relation.related_model, child) for child in content.get(name, [])]
        if name in content:
            kept[name] = [child for child, emptied in children if _may_be_empty(relation, emptied)]
    return kept, [field.name for field in lost]


def _is_lost(field: Any, key: object) -> bool:
    if key is None or not isinstance(field, models.ForeignKey):
        return False
    relation = field.remote_field
    if relation.on_delete in EMPTIED_BY_MODELCLUSTER:
        return False
    return not relation.model._default_manager.filter(**{str(relation.field_name): key}).exists()


def _may_be_empty(relation: Any, emptied: list[str]) -> bool:
    return all(relation.related_model._meta.get_field(name).null for name in emptied)
