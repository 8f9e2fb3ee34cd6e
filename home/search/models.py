from django.db import models
from wagtail.search import index
from wagtail.search.queryset import SearchableQuerySetMixin


class QuestionEntryQuerySet(SearchableQuerySetMixin, models.QuerySet):
    """Questions that can be searched like pages."""


class QuestionEntry(index.Indexed, models.Model):
    """One published question of a page, kept so that search finds the question itself.

    Rebuilt from the page whenever it is published; never edited by hand.
    """

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="question_entries")
    anchor = models.CharField(max_length=220)
    question = models.CharField(max_length=200)
    answer_text = models.TextField()

    objects = QuestionEntryQuerySet.as_manager()

    search_fields = [
        index.FilterField("page_id"),
        index.SearchField("question", boost=5),
        index.SearchField("answer_text"),
        index.AutocompleteField("question"),
    ]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "anchor"], name="one_entry_per_anchor_of_a_page")
        ]

    def __str__(self) -> str:
        return self.question
