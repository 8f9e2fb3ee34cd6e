from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person who works in the admin; readers and buyers need no account."""
