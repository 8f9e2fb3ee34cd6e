"""The page editor's requests one after the other, and none that acts on a workflow's task which has ended.

Wagtail 8.0.1 reads a page before it saves it. Two requests at once (the form and the autosave that its own
button sets off, a double click, two reviewers) therefore wrote the page back as it was before the first of
them: "Approve and publish" left it not live, or ended in an error (wagtail#14460). A new page was made by the
autosave, and its form refused because the slug was taken.
"""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.generic.workflow import BaseWorkflowFormView
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.admin.views.pages.workflow import CollectWorkflowActionDataView, WorkflowActionView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page, TaskState

# The views that write a page back as they have read it.
WRITING_VIEWS = frozenset(
    [
        "add",
        "convert_alias",
        "edit",
        "revisions_revert",
        "revisions_unschedule",
        "unpublish",
        "workflow_action",
    ]
)
# What a button of the editor asks for; without any of them the form is a draft to be saved.
ACTIONS = ("publish", "submit", "restart-workflow", "workflow-action", "cancel-workflow")
# How long a new page's form and its autosave know of each other; they come within a second or two.
BESIDE_SECONDS = 60
SENT = "sent"

View = Callable[..., HttpResponseBase]


def one_at_a_time(view: View) -> View:
    """Let the posts to one page wait for each other before any reads it; save all of each or nothing.

    New pages wait at their parent.
    """

    @wraps(view)
    def waiting(request: HttpRequest, **kwargs) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, **kwargs)
        page_id = kwargs["page_id"] if "page_id" in kwargs else kwargs["parent_page_id"]
        with transaction.atomic():
            # Rows that point to the page may come and go meanwhile.
            Page.objects.select_for_update(no_key=True).filter(pk=page_id).values_list("pk").first()
            return view(request, **kwargs)

    return waiting


def without_actions(form: QueryDict) -> QueryDict:
    """Return the form as a draft to be saved: what its buttons asked for is gone."""
    remaining = form.copy()
    for action in ACTIONS:
        remaining.pop(f"action-{action}", None)
    return remaining


class GuardedCreateView(CreateView):
    """Makes one page of a form, whether the form or the autosave beside it comes first."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if request.method != "POST":
            return super().dispatch(request, *args, **kwargs)
        # Each form that is shown has a token that looks different, and its autosave sends the same.
        token = request.POST.get("csrfmiddlewaretoken", "")
        key = f"new-page:{request.user.pk}:{sha256(token.encode()).hexdigest()}"
        known = cache.get(key) if token else None
        if self.expects_json_response:
            return self._autosave(key, known, *args, **kwargs)
        if isinstance(known, int):
            # The form holds all that the autosave held. Should it be refused, the draft comes back.
            for draft in Page.objects.filter(pk=known, owner=request.user, first_published_at=None):
                draft.specific.delete()
        response = super().dispatch(request, *args, **kwargs)
        if not 300 <= response.status_code < 400:
            transaction.set_rollback(True)
        elif token:
            cache.set(key, SENT, BESIDE_SECONDS)
        return response

    def _autosave(self, key: str, known: object, *args, **kwargs) -> HttpResponseBase:
        if known == SENT:
            return self.json_error_response("invalid_revision", _("This page is saved already."))
        self.request.POST = without_actions(self.request.POST)
        response = super().dispatch(self.request, *args, **kwargs)
        if self.page.pk:
            cache.set(key, self.page.pk, BESIDE_SECONDS)
        return response


class GuardedEditView(EditView):
    """Refuses what the page's workflow no longer allows, before anything is saved; autosave only saves."""

    def get_template_names(self) -> list[str]:
        names = super().get_template_names()
        return ["editing/edit.html"] if names == ["wagtailadmin/pages/edit.html"] else names

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if lost := getattr(self.page, "lost_fields", []):
            names = [str(self.page._meta.get_field(name).verbose_name) for name in lost]
            words = _("What this version named has been deleted: %(fields)s. Please choose again.")
            messages.warning(request, words % {"fields": ", ".join(names)})
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        asked = any(request.POST.get(f"action-{action}") for action in ACTIONS)
        if asked and not self.page.alias_of_id and not self._is_possible():
            return self._refusal()
        if asked and self.expects_json_response:
            # The form itself follows or has failed: an autosave that carries its fields acts on nothing.
            self._forget_actions()
        return super().post(request, *args, **kwargs)

    def _is_possible(self) -> bool:
        """Return whether the page and its task are still in the state in which the button was shown."""
        shown = self.request.POST.get("shown-task-state")
        if self.action_name == "perform_workflow_action":
            return shown in (None, str(self.page.current_workflow_task_state.pk))
        if self.action_name in ("cancel_workflow", "restart_workflow"):
            return self.workflow_state.is_active
        return self.action_name != "save"

    def _forget_actions(self) -> None:
        self.request.POST = without_actions(self.request.POST)
        # Wagtail remembers what the request asked for.
        for name in ("action_name_and_method", "is_cancelling_workflow"):
            self.__dict__.pop(name, None)

    def _refusal(self) -> HttpResponseBase:
        """Say so in words; what was typed stays in the form, unless it is what the page holds already."""
        message = _(
            "This page is no longer waiting for that step: it was taken meanwhile, "
            "by somebody else or by a second click. Nothing was changed."
        )
        if self.expects_json_response:
            return self.json_error_response("invalid_revision", message)
        messages.warning(self.request, message)
        self.form = self.form_class(
            self.request.POST,
            self.request.FILES,
            instance=self.page,
            subscription=self.subscription,
            parent_page=self.parent,
            for_user=self.request.user,
        )
        if not self.form.has_changed():
            return self.redirect_away()
        self.has_unsaved_changes = True
        return self.render_to_response(self.get_context_data())


class GuardedRevertView(GuardedEditView, RevisionsRevertView):
    """Brings an earlier version back, under the same guard."""


class EndedTaskView(BaseWorkflowFormView):
    """A reviewer's window over a task that has ended meanwhile says so."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if self.task_state.status != TaskState.STATUS_IN_PROGRESS:
            self.add_not_in_moderation_error()
            return redirect(self.redirect_url)
        return super().dispatch(request, *args, **kwargs)


class GuardedActionView(EndedTaskView, WorkflowActionView):
    """Approves or sends back from the dashboard."""


class GuardedActionDataView(EndedTaskView, CollectWorkflowActionDataView):
    """Asks for the comment of an approval."""


class OneAtATimePageViewSet(PageViewSet):
    """Wagtail's screens for every type of page, under the guard of this module."""

    model = Page
    add_view_class = GuardedCreateView
    edit_view_class = GuardedEditView
    revisions_revert_view_class = GuardedRevertView
    workflow_action_view_class = GuardedActionView
    collect_workflow_action_data_view_class = GuardedActionDataView

    def get_view_by_name(self, name: str) -> View:
        view = super().get_view_by_name(name)
        return one_at_a_time(view) if name in WRITING_VIEWS else view
