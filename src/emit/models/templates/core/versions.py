"""Rows that are saved only by who has seen them as they are: optimistic locking."""

from typing import Any

from django.db import models, router, transaction
from django.utils.translation import gettext_lazy as _


class OutdatedError(Exception):
    """Somebody else has saved the row since it was read."""


class Versioning(models.Model):
    """What rows do that count how often they were saved."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row, unless somebody else has saved it since it was read."""
        if self._state.adding or self.pk is None:
            super().save(*args, **kwargs)
            return
        using = kwargs.get("using") or router.db_for_write(type(self), instance=self)
        seen = self.version
        rows = type(self)._base_manager.using(using).filter(pk=self.pk, version=seen)
        with transaction.atomic(using=using):
            # It locks the row, too, so that nobody comes in between.
            if not rows.update(version=models.F("version") + 1):
                raise OutdatedError(_("Somebody else has saved this meanwhile."))
            self.version = seen + 1
            try:
                super().save(*args, **kwargs)
            except BaseException:
                self.version = seen
                raise
