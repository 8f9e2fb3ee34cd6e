import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory

from cms.core.templatetags.presentation import form_errors


class BuyerForm(forms.Form):
    name = forms.CharField(help_text="As on your card")
    phone = forms.CharField(required=False)
    sex = forms.ChoiceField(choices=[("f", "Female"), ("m", "Male")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="I agree")

    def clean(self):
        raise forms.ValidationError("The basket changed.")


def rendered(field: str, data: dict | None = None) -> str:
    form = BuyerForm(data)
    return render_to_string("components/form_field.html", {"field": form[field]})


def test_a_field_has_its_label_hint_and_error_tied_to_it():
    html = rendered("name", {})
    assert '<label for="id_name">Name</label>' in html
    assert 'id="id_name_helptext">As on your card' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_what_may_be_left_out_says_so():
    assert "(optional)" in rendered("phone")
    assert "(optional)" not in rendered("name")


def test_choices_stand_in_a_group_with_a_legend():
    html = rendered("sex")
    assert "<fieldset" in html
    assert "<legend>Sex</legend>" in html


def test_a_box_to_tick_stands_before_its_label():
    html = rendered("agreed")
    assert html.index('type="checkbox"') < html.index('<label for="id_agreed">I agree</label>')


def test_the_summary_leads_to_each_field():
    form = BuyerForm({})
    assert [(error.text, error.anchor) for error in form_errors(form)] == [
        ("The basket changed.", ""),
        ("This field is required.", "id_name"),
        ("This field is required.", "id_sex_0"),
        ("This field is required.", "id_agreed"),
    ]
    html = render_to_string("components/error_summary.html", {"form": form})
    assert 'role="alert"' in html
    assert 'href="#id_sex_0"' in html


def test_a_summary_takes_several_forms_and_formsets():
    formset = forms.formset_factory(BuyerForm, extra=2)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "Jo"}
    )
    anchors = [error.anchor for error in form_errors(BuyerForm({}), formset)]
    assert "id_name" in anchors
    assert "id_form-0-agreed" in anchors


def test_a_form_without_errors_has_no_summary():
    assert render_to_string("components/error_summary.html", {"form": forms.Form({})}).strip() == ""


def test_a_card_is_one_link():
    html = render_to_string("components/card.html", {"title": "Iron", "url": "/iron/", "text": "Blood."})
    assert html.count("<a ") == 1
    assert "<h3" in html


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["404.html", "403.html"])
def test_an_error_page_stands_in_the_site(name):
    html = render_to_string(name, request=RequestFactory().get("/gone/"))
    assert "<h1>" in html
    assert 'href="/"' in html


def test_the_page_for_our_own_faults_needs_no_database():
    html = render_to_string("500.html")
    assert "Something went wrong on our side" in html
