"""Relations that Django has no class for."""

from collections.abc import Iterable

from django.contrib.contenttypes.fields import GenericRelation
from django.db import DEFAULT_DB_ALIAS, models
from django.utils.translation import gettext_lazy as _


class ProtectedRelation(GenericRelation):
    """A way back from a row that cannot be deleted while something leads to it.

    Django deletes what a ``GenericRelation`` leads to; this one refuses, as ``PROTECT`` does.
    """

    def bulk_related_objects(
        self, objs: Iterable[models.Model], using: str = DEFAULT_DB_ALIAS
    ) -> models.QuerySet[models.Model]:
        """Refuse if there are any."""
        rows = super().bulk_related_objects(objs, using)
        found = set(rows)
        if found:
            raise models.ProtectedError(_("Something still refers to this."), found)
        return rows
