"""Rows that are only marked when they are deleted, and can be restored."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import batched
from typing import Any, Self

{% if users %}from django.contrib.auth.models import UserManager
{% endif %}from django.core.exceptions import ValidationError
from django.db import models, router, transaction
from django.db.models.deletion import CASCADE, Collector, get_candidate_relations_to_delete
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
{% if kinds %}
from {{ core }}.kinds import KindManager
{% endif %}
BATCH = 500


class _Deletion(Collector):
    """Finds what goes with a row, as Django does.

    Rows that are marked already go with nothing and stand in nobody's way.
    """

    def related_objects(
        self,
        related_model: type[models.Model],
        related_fields: list[models.Field],
        objs: list[models.Model],
    ) -> models.QuerySet:
        rows = super().related_objects(related_model, related_fields, objs)
        if issubclass(related_model, SoftDeletion):
            return rows.filter(deleted_at__isnull=True)
        return rows

    def marked(self) -> Iterator[models.QuerySet]:
        """Return what can be marked; the rest stays with the row that it belongs to."""
        for rows in self.fast_deletes:
            if issubclass(rows.model, SoftDeletion):
                yield rows
        for model, found in self.data.items():
            if issubclass(model, SoftDeletion):
                rows = model._base_manager.using(self.using)
                for batch in batched(found, BATCH):
                    yield rows.filter(pk__in=[row.pk for row in batch])


def _mark(rows: models.QuerySet, moment: datetime) -> tuple[int, dict[str, int]]:
    """Mark the rows and what goes with them; say how many of which models."""
    deletion = _Deletion(using=rows.db, origin=rows)
    deletion.collect(rows)
    counts: Counter[str] = Counter()
    with transaction.atomic(using=rows.db):
        for found in deletion.marked():
            live = found.filter(deleted_at__isnull=True)
            counts[found.model._meta.label] += live.update(deleted_at=moment)
    return counts.total(), dict(counts)


class SoftDeleteQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows that are only marked when they are deleted."""

    def delete(self) -> tuple[int, dict[str, int]]:
        """Mark the rows and what goes with them."""
        if self._fields is not None:
            raise TypeError("Cannot call delete() after .values() or .values_list().")
        if self.query.is_sliced:
            raise TypeError("Cannot use 'limit' or 'offset' with delete().")
        rows = self.order_by().using(router.db_for_write(self.model))
        self._result_cache = None
        return _mark(rows, timezone.now())

    delete.alters_data = True
    delete.queryset_only = True

    def restore(self) -> int:
        """Restore the rows and what was deleted with them."""
        with transaction.atomic(using=router.db_for_write(self.model)):
            return sum(row.restore() for row in self)

    restore.alters_data = True


class SoftDeleteManager[M: models.Model](models.Manager.from_queryset(SoftDeleteQuerySet)[M]):
    """Finds the rows that are not deleted."""

    def get_queryset(self) -> SoftDeleteQuerySet[M]:
        """Leave out what is deleted."""
        return super().get_queryset().filter(deleted_at__isnull=True)

    @classmethod
    def with_rows(cls, rows: type[models.QuerySet[M]]) -> type[Self]:
        """Return a class of managers with the methods of another queryset."""
        return cls.from_queryset(type(rows.__name__, (SoftDeleteQuerySet, rows), {}))


{% if kinds %}class SoftDeleteKindManager[M: models.Model](KindManager[M], SoftDeleteManager[M]):
    """Finds the rows of some kinds that are not deleted."""


{% endif %}{% if users %}class SoftDeleteUserManager(SoftDeleteManager, UserManager):
    """Makes users, and finds those who are not deleted: nobody else can sign in."""

    use_in_migrations = False


{% endif %}class SoftDeletion(models.Model):
    """What rows do that are only marked when they are deleted.

    ``models.Model.delete(row)`` deletes for good, with everything that Django finds.
    """

    objects = SoftDeleteManager()
    all_objects = models.Manager.from_queryset(SoftDeleteQuerySet)()

    class Meta:
        abstract = True

    def delete(self, using: Any = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        """Mark the row and what goes with it."""
        if self.pk is None:
            raise ValueError(f"A {self._meta.verbose_name} that is not saved cannot be deleted.")
        moment = timezone.now()
        using = using or router.db_for_write(type(self), instance=self)
        found = _mark(type(self)._base_manager.using(using).filter(pk=self.pk), moment)
        self.deleted_at = self.deleted_at or moment
        return found

    delete.alters_data = True

    def restore(self) -> int:
        """Restore the row and what was deleted with it; say how many rows that are."""
        if self.deleted_at is None:
            return 0
        for field in self._meta.concrete_fields:
            if field.remote_field and field.remote_field.on_delete is CASCADE:
                whole = getattr(self, field.name)
                if getattr(whole, "deleted_at", None) and not field.remote_field.parent_link:
                    raise ValidationError(
                        _("%(whole)s is deleted: restore it first."),
                        code="deleted",
                        params={"whole": whole},
                    )
        using = router.db_for_write(type(self), instance=self)
        count = 0
        with transaction.atomic(using=using):
            for row in _deleted_together(self, using):
                rows = type(row)._base_manager.using(using).filter(pk=row.pk)
                count += rows.filter(deleted_at__isnull=False).update(deleted_at=None)
        self.deleted_at = None
        return count

    restore.alters_data = True


def _deleted_together(row: SoftDeletion, using: str) -> list[SoftDeletion]:
    """Return the row, and those that were marked in the same moment because it was."""
    found, seen = [row], {(row._meta.label, row.pk)}
    for at in found:
        for part in _parts(at, using):
            key = (part._meta.label, part.pk)
            if part.deleted_at == row.deleted_at and key not in seen:
                seen.add(key)
                found.append(part)
    return found


def _parts(row: models.Model, using: str) -> Iterator[SoftDeletion]:
    """Return the rows that go with a row."""
    for relation in get_candidate_relations_to_delete(row._meta):
        if relation.on_delete is CASCADE and issubclass(relation.related_model, SoftDeletion):
            rows = relation.related_model._base_manager.using(using)
            yield from rows.filter(**{relation.field.name: row})
    for field in row._meta.private_fields:
        if hasattr(field, "bulk_related_objects") and issubclass(field.related_model, SoftDeletion):
            yield from field.bulk_related_objects([row], using)
