"""The wording of every mail: a list of its kinds, and a form with a preview that shows nobody's data."""

from typing import Any, ClassVar

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cms.users.models import User
from shop.backoffice.mail.forms import WordingForm, current_texts
from shop.backoffice.permissions import CHANGE_WORDING
from shop.backoffice.staff_actions import Outcome, StaffActionMixin, staff_user
from shop.mail.models import MailWording
from shop.mail.placeholders import UnusableText
from shop.mail.rendering import RenderedMail, render_example
from shop.mail.wordings import WORDINGS


class WordingView(WagtailAdminTemplateMixin, TemplateView):
    """What both screens share: who may see them."""

    header_icon = "edit"
    page_title = _("Mail texts")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        staff_user(request, CHANGE_WORDING)
        return super().dispatch(request, *args, **kwargs)


class WordingIndexView(WordingView):
    breadcrumbs_items: ClassVar = [*WordingView.breadcrumbs_items, {"url": "", "label": _("Mail texts")}]
    template_name = "backoffice/mail/wordings.html"

    def get_context_data(self, **kwargs):
        edited = {wording.kind: wording for wording in MailWording.objects.select_related("changed_by")}
        mails = [
            {"kind": kind, "title": wording.title, "edited": edited.get(kind)}
            for kind, wording in WORDINGS.items()
        ]
        return {**super().get_context_data(**kwargs), "mails": mails}


class WordingEditView(StaffActionMixin, WordingView):
    """Saves, shows a preview, or restores the shipped words; a mistake loses nothing of what was typed."""

    breadcrumbs_items: ClassVar = [
        *WordingView.breadcrumbs_items,
        {"url": reverse_lazy("mail-texts:index"), "label": _("Mail texts")},
    ]
    template_name = "backoffice/mail/wording.html"
    action_permission = CHANGE_WORDING

    @property
    def kind(self) -> str:
        return _known_kind(self.kwargs["kind"])

    def get_page_subtitle(self) -> str:
        return str(WORDINGS[self.kind].title)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_subtitle()}]

    def get_context_data(self, **kwargs):
        form = kwargs.pop("form", None) or WordingForm(kind=self.kind, initial=current_texts(self.kind))
        placeholders = [
            {"code": f"{{{offered.name}}}", "meaning": offered.meaning, "example": offered.example}
            for offered in WORDINGS[self.kind].placeholders
        ]
        return {
            **super().get_context_data(**kwargs),
            "kind": self.kind,
            "form": form,
            "placeholders": placeholders,
            "preview": _preview(form),
            "edited": MailWording.objects.filter(kind=self.kind).first(),
        }

    def get_return_url(self) -> str:
        return reverse("mail-texts:edit", args=[self.kind])

    def get_action_form(self, data: Any = None) -> WordingForm | None:
        """Return the form; None where the shipped words are restored, whatever stands in the fields."""
        return None if self._button == "restore" else WordingForm(data, kind=self.kind)

    @property
    def _button(self) -> str:
        return self.request.POST.get("action", "save")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.get_action_form(request.POST)
        if self._button == "preview" and form is not None and form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: WordingForm) -> HttpResponseBase:
        messages.error(self.request, _("Nothing is saved: please correct the marked fields."))
        return super().form_invalid(form)

    def perform(self, user: User, form: WordingForm | None) -> Outcome:
        if form is None:
            MailWording.objects.filter(kind=self.kind).delete()
            return Outcome(_("The shipped words stand again."))
        _save(self.kind, form.cleaned_data, user)
        return Outcome(_("The words are saved. Mails from now on have them."))


@permission_required(CHANGE_WORDING, raise_exception=True)
def preview_wording(request: HttpRequest, kind: str) -> HttpResponse:
    """Return the mail with the texts of the form, for the preview that follows the typing."""
    form = WordingForm(request.POST or None, kind=_known_kind(kind))
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    mail = _preview(form)
    if mail is None:
        return JsonResponse({"errors": {}}, status=422)
    return JsonResponse({"subject": mail.subject, "html": mail.html, "text": mail.text})


def _preview(form: WordingForm) -> RenderedMail | None:
    """Return the example; None while the words typed now, or kept from an older release, are unusable."""
    if form.is_bound and not form.is_valid():
        return None
    try:
        return render_example(form.kind, form.cleaned_data if form.is_bound else form.initial)
    except UnusableText:
        return None


def _save(kind: str, texts: dict[str, str], user: User) -> None:
    """Keep what differs from the shipped words; a kind in which nothing does has no row."""
    if any(texts.values()):
        MailWording.objects.update_or_create(kind=kind, defaults={**texts, "changed_by": user})
    else:
        MailWording.objects.filter(kind=kind).delete()


def _known_kind(kind: str) -> str:
    if kind not in WORDINGS:
        raise Http404
    return kind
