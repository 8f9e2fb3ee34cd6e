"""Keeps QuestionEntry rows in step with what is published, so that search finds a question itself."""

from django.db import transaction
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from cms.core.models import BasePage
from cms.core.questions import Question, answer_text
from home.search.models import QuestionEntry


def connect_question_index() -> None:
    """Listen to publishing; deleting a page removes its rows by itself."""
    page_published.connect(index_published, dispatch_uid="index-questions")
    page_unpublished.connect(forget_unpublished, dispatch_uid="forget-questions")


def index_published(instance: Page, **kwargs) -> None:
    if isinstance(instance, BasePage):
        index_questions(instance)


def forget_unpublished(instance: Page, **kwargs) -> None:
    QuestionEntry.objects.filter(page_id=instance.pk).delete()


@transaction.atomic
def index_questions(page: BasePage) -> None:
    """Make the rows of this page equal to its questions."""
    listed = [] if page.alias_of_id else page.question_list()  # an alias's are those of its original
    questions: dict[str, Question] = {question["anchor"]: question for question in listed}
    QuestionEntry.objects.filter(page_id=page.pk).exclude(anchor__in=questions).delete()
    for anchor, question in questions.items():
        # Row by row, because the search index listens to each save.
        QuestionEntry.objects.update_or_create(
            page_id=page.pk,
            anchor=anchor,
            defaults={"question": question["question"], "answer_text": answer_text(question)},
        )
