"""Relations that Django has no class for."""

from collections.abc import Iterable

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, models
from django.utils.translation import gettext_lazy as _


class RowRelation(GenericRelation):
    """A way back from a row that lies in several tables, because its class has parents.

    Something may refer to it as what it is or as what its parents are. When it is deleted, Django
    looks for the first only.
    """

    def bulk_related_objects(
        self, objs: Iterable[models.Model], using: str = DEFAULT_DB_ALIAS
    ) -> models.QuerySet[models.Model]:
        """Return what refers to the rows, whatever it calls them."""
        rows, meant = list(objs), models.Q()
        for kind in (self.model, *self.model._meta.get_parent_list()):
            if any(field.name == self.name for field in kind._meta.private_fields):
                types = ContentType.objects.db_manager(using)
                content_type = types.get_for_model(kind, for_concrete_model=self.for_concrete_model)
                keys = [getattr(row, kind._meta.pk.attname) for row in rows]
                meant |= models.Q(
                    **{
                        self.content_type_field_name: content_type,
                        f"{self.object_id_field_name}__in": keys,
                    }
                )
        return self.remote_field.model._base_manager.db_manager(using).filter(meant)


class ProtectedRelation(RowRelation):
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
