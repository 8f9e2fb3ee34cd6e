from django.db import models


class Counter(models.Model):
    """How often something was attempted within a stretch of time. Only cms.limits.storage writes it.

    The key is a keyed hash: whose address or e-mail it counts cannot be read back.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.BigIntegerField()
    # Whole seconds since 1970, so that one statement compares them alike on both databases.
    expires_at = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return self.key[:8]
