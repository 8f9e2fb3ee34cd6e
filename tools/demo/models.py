from django.db import models


class LoadedItem(models.Model):
    """A piece of demo content that was loaded once: never again, whatever editors did to it since."""

    key = models.CharField(max_length=150, unique=True)
    loaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key
