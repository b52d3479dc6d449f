"""Abstract models that the apps share."""

from django.db import models
from django.utils import timezone


class Party(models.Model):
    """Whoever the shop does business with."""

    name = models.CharField(max_length=255)
    email = models.EmailField(max_length=254, unique=True)
    since = models.DateField(default=timezone.localdate)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name
