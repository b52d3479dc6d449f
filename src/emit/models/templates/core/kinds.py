"""Kinds of rows: classes that share a table, or the one above it."""

from typing import cast

from django.db import models


class KindManager[M: models.Model](models.Manager[M]):
    """Finds the rows of some kinds only."""

    def __init__(self, field: str = "", *kinds: str | int) -> None:
        super().__init__()
        self.field = field
        self.kinds = kinds

    def get_queryset(self) -> models.QuerySet[M]:
        """Leave out rows of other kinds."""
        # Managers of relations are made by Django, without arguments; that of the model has them.
        known = self if self.field else cast("KindManager[M]", self.model._default_manager)
        return super().get_queryset().filter(**{f"{known.field}__in": known.kinds})


def become(row: models.Model, field: str, kind: str | int, *below: str | int) -> None:
    """Make the row one of ``kind``, unless it is of a kind that is more special."""
    if getattr(row, field) not in (kind, *below):
        setattr(row, field, kind)
