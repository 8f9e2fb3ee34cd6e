"""Form and model fields that clean what is typed before it is checked, stored or looked up."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from phonenumber_field.formfields import PhoneNumberField

from cms.typed.text import clean_code, clean_email, clean_identity, clean_line, clean_word_code


class LineField(forms.CharField):
    """One line of words, such as a name."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class IdentityField(forms.CharField):
    """One line that is compared character by character, such as a tracking number."""

    def to_python(self, value: Any) -> str:
        return clean_identity(super().to_python(value) or "")


class CodeField(forms.CharField):
    """The code of an order, with any dashes and spaces that it was written with."""

    def to_python(self, value: Any) -> str:
        return clean_code(super().to_python(value) or "")


class WordCodeField(forms.CharField):
    """A code that a person invented, such as one for a discount."""

    def to_python(self, value: Any) -> str:
        return clean_word_code(super().to_python(value) or "")


class EmailField(forms.EmailField):
    """An e-mail address that can be written to: in ASCII, a domain of other letters as IDNA has it."""

    def to_python(self, value: Any) -> str:
        return clean_email(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if not value.isascii():
            message = self.error_messages.get("invalid") or validate_email.message
            raise ValidationError(message, code="invalid")


class PhoneField(PhoneNumberField):
    """A telephone number, with its extension if it has one."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(clean_identity(value) if isinstance(value, str) else value)


class IdentityCharField(models.CharField):
    """A column that is compared character by character: what is stored or looked for is cleaned."""

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs  # the column is no other than Django's

    def to_python(self, value: Any) -> Any:
        return clean_identity(value) if isinstance(value, str) else super().to_python(value)

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        return super().formfield(*args, **{"form_class": IdentityField, **kwargs})


class EmailAddressField(models.EmailField):
    """A column of e-mail addresses: what is stored or looked for (not `iexact`, say) is cleaned."""

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.EmailField", args, kwargs  # the column is no other than Django's

    def to_python(self, value: Any) -> Any:
        return clean_email(value) if isinstance(value, str) else super().to_python(value)

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        return super().formfield(*args, **{"form_class": EmailField, **kwargs})
