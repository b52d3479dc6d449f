"""Indexes that are more on PostgreSQL than on other databases."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models.functions import Upper


class TrigramIndex(GinIndex):
    """Finds parts of texts on PostgreSQL, and their beginnings on other databases.

    Django compares texts in capitals where case does not matter, as in ``icontains``. So that is
    what the index keeps.
    """

    def create_sql(
        self,
        model: type[models.Model],
        schema_editor: BaseDatabaseSchemaEditor,
        using: str = "",
        **kwargs: Any,
    ) -> Statement:
        """Create the index that the database has for it."""
        texts = [Upper(name) for name in self.fields]
        if schema_editor.connection.vendor == "postgresql":
            classes = [OpClass(text, name="gin_trgm_ops") for text in texts]
            index: models.Index = GinIndex(*classes, name=self.name)
        else:
            index = models.Index(*texts, name=self.name)
        return index.create_sql(model, schema_editor, using=using, **kwargs)
