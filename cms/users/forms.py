from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import PasswordResetForm as WagtailPasswordResetForm

from cms.typed.fields import EmailField


class PasswordResetForm(WagtailPasswordResetForm):
    """Finds the account however its e-mail address was typed."""

    email = EmailField(label=_("Enter your email address to reset your password"), max_length=254)
