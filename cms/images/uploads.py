"""The field that takes a picture in the admin: in the form, in the upload of many, in the chooser."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from wagtail.admin.forms.account import AvatarPreferencesForm
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from cms.images.conversion import converted, readable


class PictureField(WagtailImageField):
    """Wagtail's field, which reads the head of a file only; this one decodes and converts the whole."""

    def to_python(self, data: Any) -> UploadedFile | None:
        try:
            file = super().to_python(data)
        except ValidationError:
            raise
        except Exception as error:  # Wagtail's own checks stumble over half files
            readable(data)
            raise ValidationError(self.error_messages["invalid_image"], code="invalid_image") from error
        return _plain(file) if file else None


class PictureForm(BaseImageForm):
    """The form of a picture (settings.WAGTAILIMAGES_IMAGE_FORM_BASE)."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if default := self.fields.get("file"):
            field = PictureField(label=default.label, required=default.required, widget=default.widget)
            self.fields["file"] = field


class AvatarField(forms.ImageField):
    """The picture of somebody with an account, which Wagtail scales down while the form is checked."""

    def to_python(self, data: Any) -> UploadedFile | None:
        file = super().to_python(data)
        return _plain(file) if file else None


class AvatarForm(AvatarPreferencesForm):
    avatar = AvatarField(label=AvatarPreferencesForm.base_fields["avatar"].label, required=False)


def register() -> None:
    """Make Wagtail's account screen use AvatarForm."""
    # Wagtail has no other way to exchange the form of one of its own panels.
    AvatarSettingsPanel.form_class = AvatarForm
    AvatarSettingsPanel.template_name = "images/avatar_panel.html"  # Wagtail's shows no error


def _plain(file: Any) -> UploadedFile:
    result = converted(readable(file))
    if result is None:
        file.seek(0)
        return file
    name = f"{PurePath(file.name or 'picture').stem}.{result.extension}"
    return SimpleUploadedFile(name, result.content, f"image/{result.extension.replace('jpg', 'jpeg')}")
