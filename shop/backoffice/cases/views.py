"""The list of what needs a person, each case's own screen, and the panel of an order's cases."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic

from cms.typed.text import clean_code
from cms.users.models import User
from shop.backoffice.cases.actions import actions_for
from shop.backoffice.cases.help_texts import help_text_for, stripe_ids
from shop.backoffice.cases.related_objects import (
    due_display,
    references_of_order,
    related_object,
    related_objects,
)
from shop.backoffice.generic import IdentityIndexView
from shop.backoffice.permissions import CHANGE_CASE, VIEW_CASE
from shop.backoffice.staff_actions import ButtonView, Outcome, StaffActionMixin
from shop.cases import actions
from shop.cases.models import UNSOLVED, Case, CaseState
from shop.orders.models import Order
from shop.payments.settling import mismatches

# The list's filter for what somebody still has to deal with.
UNSOLVED_QUERY = "&".join(f"state={state}" for state in UNSOLVED)


class CaseIndexView(IdentityIndexView):
    page_title = _("Cases")

    def get_base_queryset(self) -> QuerySet[Case]:
        return super().get_base_queryset().select_related("taken_by")

    def search_queryset(self, queryset: QuerySet[Case]) -> QuerySet[Case]:
        """Find by an order's code: the cases about the order and about its mails."""
        if not self.is_searching:
            return queryset
        references = references_of_order(clean_code(self.search_query))
        return queryset.filter(reference__in=[self.search_query, *references])

    def get_table(self, object_list):
        """All links of one page are found together, so that a long list asks no more than a short one."""
        cases, now = list(object_list), timezone.now()
        related = related_objects(cases)
        for case in cases:
            case.related_object = related[case.reference]
            case.age = timesince(case.created_at, now, depth=1)
            case.due = due_display(case, now)
        return super().get_table(cases)


CASE_COLUMNS = [
    "kind",
    TitleColumn(
        "about",
        label=_("About"),
        accessor=lambda case: case.related_object.text,
        get_url=lambda case: case.related_object.url or None,
    ),
    Column("reason", label=_("Reason"), classname="order-words"),
    StatusTagColumn(
        "get_state_display",
        label=_("State"),
        sort_key="state",
        primary=lambda case: case.state != CaseState.CLOSED,
    ),
    Column("age", label=_("Age"), sort_key="created_at"),
    Column("due", label=_("Due"), sort_key="due_at"),
    Column("taken_by", label=_("Taken by"), accessor=lambda case: case.taken_by or ""),
    Column("outcome", label=_("How it ended"), sort_key="closed_at"),
]


class EndForm(forms.Form):
    """How a case ended."""

    outcome = forms.CharField(
        label=_("How it ended"),
        max_length=250,
        help_text=_("What was done, for your colleagues. Name no person and nothing about health."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@dataclass(frozen=True)
class HistoryRow:
    """What happened to a case, when, and who did it; without a person the shop itself."""

    text: str
    created_at: datetime
    actor: User | str


class CaseInspectView(generic.InspectView):
    page_title = _("Case")
    template_name = "backoffice/cases/inspect.html"

    def get_object(self, queryset=None) -> Case:
        cases = Case.objects.select_related("taken_by", "closed_by").prefetch_related("entries__user")
        return get_object_or_404(cases, pk=self.pk)

    def get_page_subtitle(self) -> str:
        return str(self.object.get_kind_display())

    @cached_property
    def may_act(self) -> bool:
        return self.request.user.has_perm(CHANGE_CASE)

    def get_context_data(self, **kwargs):
        case, user = self.object, self.request.user
        related = related_object(case)
        is_unsolved = case.state != CaseState.CLOSED
        return {
            **super().get_context_data(**kwargs),
            "case": case,
            "related_object": related,
            "age": timesince(case.created_at, depth=1),
            "due": due_display(case, timezone.now()),
            "stripe_ids": stripe_ids(case),
            "history": _history_of(case),
            "help_text": help_text_for(case) if is_unsolved else "",
            "actions": actions_for(case, related, user) if is_unsolved else [],
            "may_take": self.may_act and case.state == CaseState.OPEN,
            "may_hand_back": self.may_act and case.state == CaseState.TAKEN and case.taken_by == user,
            "may_end": self.may_act and is_unsolved,
            "end_form": kwargs.get("end_form") or EndForm(),
        }


class CaseEndView(StaffActionMixin, CaseInspectView):
    """Ends a case; a mistake shows it again with what was typed."""

    action_permission = CHANGE_CASE
    form_class = EndForm
    form_context_name = "end_form"

    def perform(self, user: User, form: EndForm) -> Outcome:
        if _end(self.object, form.cleaned_data["outcome"], user):
            return Outcome(_("The case has ended."))
        return Outcome(_("It had ended before; nothing was changed."), messages.error)


def _end(case: Case, outcome: str, user: User) -> bool:
    if mismatches.is_about_payment(case):
        return mismatches.close_by_staff(case, outcome, user)
    return actions.close(case.pk, outcome, user)


def _history_of(case: Case) -> list[HistoryRow]:
    system = gettext("System")
    entries = [
        HistoryRow(entry.get_act_display(), entry.created_at, entry.user or system)
        for entry in case.entries.all()
    ]
    return [HistoryRow(gettext("Opened"), case.created_at, system), *entries]


class CaseTakeView(ButtonView):
    """Marks who deals with the case; whoever comes second is told who has it."""

    action_permission = CHANGE_CASE

    def perform(self, user: User, form: Any) -> Outcome:
        if actions.take(self.object.pk, user):
            return Outcome(_("The case is yours."))
        return Outcome(_why_not_taken(self.object.pk, user), messages.error)


class CaseHandBackView(ButtonView):
    """Gives a case back to the others."""

    action_permission = CHANGE_CASE

    def perform(self, user: User, form: Any) -> Outcome:
        if actions.put_back(self.object.pk, user):
            return Outcome(_("Your colleagues can take the case again."))
        return Outcome(_("You do not have this case, so you cannot hand it back."), messages.error)


def _why_not_taken(pk: int, user: User) -> str:
    case = Case.objects.select_related("taken_by").get(pk=pk)
    if case.state == CaseState.CLOSED:
        return gettext("The case has ended already.")
    if case.taken_by == user:
        return gettext("You have this case already.")
    if case.taken_by is None:
        return gettext("The case was handed back at this moment. Please try again.")
    return gettext("%(person)s has this case.") % {"person": case.taken_by}


@dataclass(frozen=True)
class CaseRow:
    case: Case
    due: str


def cases_panel(order: Order, user: User) -> list[CaseRow]:
    """Return the cases about an order and its mails, for those who may see cases."""
    if not user.has_perm(VIEW_CASE):
        return []
    now = timezone.now()
    cases = Case.objects.filter(reference__in=references_of_order(order.code)).select_related("taken_by")
    return [CaseRow(case, due_display(case, now)) for case in cases]
