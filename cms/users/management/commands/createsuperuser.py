import os
from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError

from cms.users.models import User


class Command(createsuperuser.Command):
    """Django's; a password from the environment obeys the same rules as one that is typed."""

    def handle(self, *args: Any, **options: Any) -> None:
        password = os.environ.get("DJANGO_SUPERUSER_PASSWORD")
        if not options["interactive"] and password is not None:
            names = {
                field: options.get(field) or os.environ.get(f"DJANGO_SUPERUSER_{field.upper()}", "")
                for field in (User.USERNAME_FIELD, *User.REQUIRED_FIELDS)
            }
            try:
                validate_password(password, User(**names))
            except ValidationError as refusal:
                raise CommandError("DJANGO_SUPERUSER_PASSWORD: " + " ".join(refusal.messages)) from refusal
        super().handle(*args, **options)
