from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.utils import timezone
from wagtail.admin.utils import get_user_display_name

from cms.typed.text import clean_email, clean_identity


class UserManager(DjangoUserManager):
    """Finds who logs in however their name was typed."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        return clean_email(email or "")

    def get_by_natural_key(self, username: str | None):
        return super().get_by_natural_key(self.model.normalize_username(username))


class User(AbstractUser):
    """A person who works in the admin; readers and buyers need no account."""

    objects: ClassVar = UserManager()

    def __str__(self) -> str:
        """Return the name by which colleagues know the person; the user name where none was given."""
        return get_user_display_name(self)

    @classmethod
    def normalize_username(cls, username: str) -> str:
        return clean_identity(username) if isinstance(username, str) else username


class ResetRequest(models.Model):
    """Somebody asked for a link to a new password. A worker sends it and deletes the row.

    There is one for an address that nobody has, too: nothing tells who has an account. The link itself is
    made when it is sent and kept nowhere, because whoever reads it can become that person.
    """

    user_ids = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    next_attempt_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return str(self.pk)
