"""The words of every mail: a list of its kinds, and a form with a preview that shows nobody's data."""

from typing import ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from shop.backoffice.mail.wording_form import WordingForm, standing_texts
from shop.backoffice.orders.views import staff_user
from shop.mail.models import MailWording
from shop.mail.placeholders import UnusableText
from shop.mail.rendering import RenderedMail, render_example
from shop.mail.wordings import WORDINGS

CHANGE_WORDING = "mail.change_mailwording"


class WordingScreen(WagtailAdminTemplateMixin, TemplateView):
    """What both screens share: who may see them."""

    header_icon = "edit"
    page_title = _("Mail texts")

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not request.user.has_perm(CHANGE_WORDING):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class WordingListView(WordingScreen):
    breadcrumbs_items: ClassVar = [*WordingScreen.breadcrumbs_items, {"url": "", "label": _("Mail texts")}]
    template_name = "backoffice/wordings.html"

    def get_context_data(self, **kwargs):
        edited = {wording.kind: wording for wording in MailWording.objects.select_related("changed_by")}
        mails = [
            {"kind": kind, "title": wording.title, "edited": edited.get(kind)}
            for kind, wording in WORDINGS.items()
        ]
        return {**super().get_context_data(**kwargs), "mails": mails}


class WordingView(WordingScreen):
    """Saves, shows a preview, or restores the shipped words; a mistake loses nothing of what was typed."""

    breadcrumbs_items: ClassVar = [
        *WordingScreen.breadcrumbs_items,
        {"url": reverse_lazy("mail-texts:index"), "label": _("Mail texts")},
    ]
    template_name = "backoffice/wording.html"

    @property
    def kind(self) -> str:
        return _known(self.kwargs["kind"])

    def get_page_subtitle(self) -> str:
        return str(WORDINGS[self.kind].title)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_subtitle()}]

    def get_context_data(self, **kwargs):
        form = kwargs.pop("form", None) or WordingForm(kind=self.kind, initial=standing_texts(self.kind))
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

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        action = request.POST.get("action", "save")
        if action == "restore":
            MailWording.objects.filter(kind=self.kind).delete()
            messages.success(request, _("The shipped words stand again."))
            return redirect(_address(self.kind))
        form = WordingForm(request.POST, kind=self.kind)
        if not form.is_valid():
            messages.error(request, _("Nothing is saved: please correct the marked fields."))
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if action == "preview":
            return self.render_to_response(self.get_context_data(form=form))
        _save(self.kind, form.cleaned_data, request)
        messages.success(request, _("The words are saved. Mails from now on have them."))
        return redirect(_address(self.kind))


def preview_wording(request: HttpRequest, kind: str) -> HttpResponse:
    """The mail with the words of the form, for the preview that follows the typing."""
    if not request.user.has_perm(CHANGE_WORDING):
        raise PermissionDenied
    form = WordingForm(request.POST or None, kind=_known(kind))
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    mail = _preview(form)
    if mail is None:
        return JsonResponse({"errors": {}}, status=422)
    return JsonResponse({"subject": mail.subject, "html": mail.html, "text": mail.text})


def _preview(form: WordingForm) -> RenderedMail | None:
    """None while the words cannot be used, be it those typed now or those kept from an older release."""
    if form.is_bound and not form.is_valid():
        return None
    try:
        return render_example(form.kind, form.cleaned_data if form.is_bound else form.initial)
    except UnusableText:
        return None


def _save(kind: str, texts: dict[str, str], request: HttpRequest) -> None:
    """Keeps what differs from the shipped words; a kind in which nothing does has no row."""
    if any(texts.values()):
        MailWording.objects.update_or_create(kind=kind, defaults={**texts, "changed_by": staff_user(request)})
    else:
        MailWording.objects.filter(kind=kind).delete()


def _known(kind: str) -> str:
    if kind not in WORDINGS:
        raise Http404
    return kind


def _address(kind: str) -> str:
    return reverse("mail-texts:edit", args=[kind])


class WordingMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(CHANGE_WORDING)


class WordingViewSet(ViewSet):
    name = "mail-texts"
    icon = "edit"
    menu_label = _("Mail texts")
    menu_item_class = WordingMenuItem

    def get_urlpatterns(self):
        return [
            path("", WordingListView.as_view(), name="index"),
            path("<slug:kind>/", WordingView.as_view(), name="edit"),
            path("<slug:kind>/preview/", preview_wording, name="preview"),
        ]
