"""Operations that Django's migrations lack.

Migrations refer to this module for as long as they exist.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from time import sleep
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import OperationalError, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.backends.utils import truncate_name
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState, StateApps, get_references

BATCH = 1000
LOCK_TIMEOUT = "5s"
# Of one statement: less than the second after which PostgreSQL looks for deadlocks,
# and might end what others do.
PATIENCE = "800ms"
ATTEMPTS = 20
PAUSE = 0.5
LOCK_NOT_AVAILABLE = "55P03"


def batches(rows: models.QuerySet) -> Iterator[list[models.Model]]:
    """Give rows by their key, a part at a time: a large table needs little memory."""
    rows = rows.order_by("pk")
    part = list(rows[:BATCH])
    while part:
        yield part
        part = list(rows.filter(pk__gt=part[-1].pk)[:BATCH])


def rows_of(model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> models.QuerySet:
    """Give all rows of a model in the database that is migrated."""
    return model._base_manager.using(schema_editor.connection.alias)


def forget_apps(state: ProjectState) -> None:
    """Make a state that was changed by hand render its models anew."""
    state.__dict__.pop("apps", None)
    state._relations = None


class RenameParent(RenameModel):
    """Renames a model that has children, which Django leaves without their parent."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Let the children follow."""
        forget_apps(state)
        old, new = f"{app_label}.{self.old_name_lower}", f"{app_label}.{self.new_name_lower}"
        rename_bases(state.models.values(), old, new)
        super().state_forwards(app_label, state)


class RenameKey(RenameField):
    """Renames a key that other tables lead to, which Django on SQLite cannot."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Rename the column."""
        self.rename(
            app_label, schema_editor, (from_state, to_state), (self.old_name, self.new_name)
        )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Rename the column back."""
        self.rename(
            app_label, schema_editor, (from_state, to_state), (self.new_name, self.old_name)
        )

    def rename(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        states: tuple[ProjectState, ProjectState],
        names: tuple[str, str],
    ) -> None:
        """Rename the column alone: what leads to it follows by itself."""
        model = states[1].apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        old = states[0].apps.get_model(app_label, self.model_name)._meta.get_field(names[0])
        new = model._meta.get_field(names[1])
        kind = new.db_parameters(schema_editor.connection)["type"]
        schema_editor.execute(schema_editor._rename_field_sql(model._meta.db_table, old, new, kind))


def rename_bases(family: Iterable[ModelState], old: str, new: str) -> None:
    """Replace a base by another one, wherever it is one."""
    for model in family:
        model.bases = tuple(
            new if isinstance(base, str) and base.lower() == old else base for base in model.bases
        )


class MoveModel(Operation):
    """Moves a model here from another app: its rows, its content type and all that leads to it."""

    def __init__(self, name: str, from_app: str) -> None:
        self.name = name
        self.from_app = from_app

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Give the model to this app."""
        forget_apps(state)
        old, new = (self.from_app, self.name.lower()), (app_label, self.name.lower())
        for holder, name, field, reference in list(get_references(state, old)):
            moved = field.clone()
            if reference.to:
                moved.remote_field.model = ".".join(new)
            if reference.through:
                moved.remote_field.through = f"{app_label}.{self.name}"
            holder.fields[name] = moved
        model = state.models.pop(old).clone()
        model.app_label = app_label
        state.models[new] = model
        rename_bases(state.models.values(), ".".join(old), ".".join(new))
        forget_apps(state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Rename the tables."""
        self.move(schema_editor, (self.from_app, from_state), (app_label, to_state))

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Rename the tables back."""
        self.move(schema_editor, (app_label, from_state), (self.from_app, to_state))

    def move(
        self,
        schema_editor: BaseDatabaseSchemaEditor,
        source: tuple[str, ProjectState],
        target: tuple[str, ProjectState],
    ) -> None:
        """Rename the tables, and tell the content type."""
        old = source[1].apps.get_model(source[0], self.name)
        new = target[1].apps.get_model(target[0], self.name)
        if not self.allow_migrate_model(schema_editor.connection.alias, new):
            return
        schema_editor.alter_db_table(new, old._meta.db_table, new._meta.db_table)
        links = zip(old._meta.local_many_to_many, new._meta.local_many_to_many, strict=True)
        for was, now in links:
            through = now.remote_field.through
            if through._meta.auto_created:
                table = was.remote_field.through._meta.db_table
                schema_editor.alter_db_table(through, table, through._meta.db_table)
        types = rows_of(
            target[1].apps.get_model("contenttypes", "ContentType"), schema_editor
        ).filter(model=self.name.lower())
        if kind := types.filter(app_label=source[0]).first():
            types.filter(app_label=target[0]).delete()
            types.filter(app_label=source[0]).update(app_label=target[0])
            # Where the model is renamed as well, Django looks for them in one of the apps alone.
            permission = target[1].apps.get_model("auth", "Permission")
            rows = rows_of(permission, schema_editor).filter(content_type_id=kind.pk)
            for action in new._meta.default_permissions:
                codename = f"{action}_{self.name.lower()}"
                if not rows.filter(codename=codename).exists():
                    name = f"Can {action} {new._meta.verbose_name}"
                    stale = rows.filter(codename__startswith=f"{action}_")
                    stale.update(codename=codename, name=name)

    def references_model(self, name: str, app_label: str) -> bool:
        """Say that nothing may cross it."""
        return True

    def describe(self) -> str:
        """Describe it for `migrate --plan`."""
        return f"Move model {self.name} here from {self.from_app}"


class ChangeParent(Operation):
    """Makes a child a model of its own, or a model a child; rows keep their key.

    What the parent has and the model then lacks, or has twice, is the business of others.
    """

    def __init__(self, name: str, parent: str | None, key_name: str, key: models.Field) -> None:
        self.name = name
        self.parent = parent
        self.key_name = key_name
        self.key = key

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Replace the base and the key."""
        forget_apps(state)
        model = state.models[app_label, self.name.lower()]
        model.bases = (self.parent.lower() if self.parent else models.Model,)
        keys = [name for name, field in model.fields.items() if field.primary_key]
        fields = [(name, field) for name, field in model.fields.items() if name not in keys]
        model.fields = dict([(self.key_name, self.key), *fields])

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Alter the key."""
        old = from_state.apps.get_model(app_label, self.name)
        new = to_state.apps.get_model(app_label, self.name)
        if self.allow_migrate_model(schema_editor.connection.alias, new):
            schema_editor.alter_field(new, own_key(old), own_key(new))
            if isinstance(own_key(new), models.AutoField | models.BigAutoField):
                reset_sequence(new, schema_editor)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Alter the key back."""
        self.database_forwards(app_label, schema_editor, from_state, to_state)

    def references_model(self, name: str, app_label: str) -> bool:
        """Say that nothing may cross it."""
        return True

    def describe(self) -> str:
        """Describe it for `migrate --plan`."""
        return f"Make {self.name} a child of {self.parent or 'nothing'}"


def own_key(model: type[models.Model]) -> models.Field:
    """Give the key in the table of the model itself."""
    return next(field for field in model._meta.local_fields if field.primary_key)


def reset_sequence(model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let new rows get keys after those that are there."""
    connection = schema_editor.connection
    for sql in connection.ops.sequence_reset_sql(no_style(), [model]):
        schema_editor.execute(sql)


class DataOperation(Operation):
    """Changes rows; models and tables stay as they are."""

    reduces_to_sql = False
    model_name: str

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change no model."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Do it."""
        model = self.rendered(app_label, schema_editor, from_state)
        if model is not None:
            self.forwards(model, schema_editor)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Undo it."""
        model = self.rendered(app_label, schema_editor, from_state)
        if model is not None:
            self.backwards(model, schema_editor)

    def rendered(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> type[models.Model] | None:
        """Give the model as it is at this moment, if it is kept in this database."""
        state.clear_delayed_apps_cache()
        model = state.apps.get_model(app_label, self.model_name)
        return model if self.allow_migrate_model(schema_editor.connection.alias, model) else None

    def forwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Change the rows."""
        raise NotImplementedError

    def backwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Change the rows back; nothing, where that is enough."""

    def describe(self) -> str:
        """Describe it for `migrate --plan`."""
        return f"{type(self).__name__} on {self.model_name}"


class FillField(DataOperation):
    """Gives rows without a value one, each its own if it is made by a function."""

    def __init__(self, model_name: str, name: str, value: Any) -> None:
        self.model_name = model_name
        self.name = name
        self.value = value

    def forwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Fill what is empty."""
        rows = rows_of(model, schema_editor).filter(**{f"{self.name}__isnull": True})
        for part in batches(rows):
            for row in part:
                setattr(row, self.name, self.value() if callable(self.value) else self.value)
            rows_of(model, schema_editor).bulk_update(part, [self.name])


class ConvertField(DataOperation):
    """Copies a column into one of another type. A value that does not fit stops it."""

    def __init__(self, model_name: str, source: str, target: str) -> None:
        self.model_name = model_name
        self.source = source
        self.target = target

    def forwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Copy from the old column."""
        self.copy(model, schema_editor, self.source, self.target)

    def backwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Copy from the new column."""
        self.copy(model, schema_editor, self.target, self.source)

    def copy(
        self,
        model: type[models.Model],
        schema_editor: BaseDatabaseSchemaEditor,
        source: str,
        target: str,
    ) -> None:
        """Copy all values."""
        field = cast("models.Field", model._meta.get_field(target))
        # Of a key, that of the row to which it leads.
        old = cast("models.Field", model._meta.get_field(source)).attname
        keys = keys_for(field, schema_editor)
        for part in batches(rows_of(model, schema_editor).exclude(**{source: None})):
            for row in part:
                try:
                    setattr(row, field.attname, fitting(getattr(row, old), field, keys))
                except (ValidationError, ValueError, TypeError) as fault:
                    message = (
                        f"{model._meta.label} {row.pk}: {source} = {getattr(row, old)!r} is no "
                        f"value of {target}; correct it and migrate again"
                    )
                    raise ValueError(message) from fault
            rows_of(model, schema_editor).bulk_update(part, [target])


def keys_for(field: models.Field, schema_editor: BaseDatabaseSchemaEditor) -> set[Any] | None:
    """Give the keys that the field may have, if it leads to rows: there are few of them."""
    if not field.is_relation:
        return None
    to = cast("type[models.Model]", field.related_model)
    return set(rows_of(to, schema_editor).values_list("pk", flat=True))


def fitting(value: Any, field: models.Field, keys: set[Any] | None) -> Any:
    """Give the value that the field has for the value of another type, if it may have it."""
    result = converted(value, field)
    if keys is not None and result is not None and result not in keys:
        raise ValidationError(str(value))
    return result


def converted(value: Any, field: models.Field) -> Any:
    """Give the value that the field has for the value of another type."""
    if isinstance(field, models.CharField | models.TextField):
        text = str(value)
        if field.max_length is not None and len(text) > field.max_length:
            raise ValidationError(text)
        return text
    if value == "" and field.null:
        return None
    result = field.to_python(value)
    is_number = isinstance(value, int | float) or hasattr(value, "as_tuple")
    if is_number and result != value:
        raise ValidationError(str(value))
    return result


class MakeKeys(DataOperation):
    """Gives rows new keys: numbers in the order of the old ones, or the old ones as text."""

    def __init__(self, model_name: str, name: str) -> None:
        self.model_name = model_name
        self.name = name

    def forwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Fill the column."""
        is_text = isinstance(model._meta.get_field(self.name), models.CharField)
        number = 0
        for part in batches(rows_of(model, schema_editor)):
            for row in part:
                number += 1
                setattr(row, self.name, str(row.pk) if is_text else number)
            rows_of(model, schema_editor).bulk_update(part, [self.name])


class CopyKeys(DataOperation):
    """Copies new keys of rows to what leads there."""

    def __init__(self, model_name: str, source: str, target: str, key: str) -> None:
        self.model_name = model_name
        self.source = source
        self.target = target
        self.key = key

    def forwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Copy the new keys."""
        to = cast("type[models.Model]", model._meta.get_field(self.source).related_model)
        found = rows_of(to, schema_editor).filter(pk=models.OuterRef(f"{self.source}_id"))
        keys = models.Subquery(found.order_by().values(self.key)[:1])
        rows_of(model, schema_editor).order_by().update(**{self.target: keys})

    def backwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Look the old keys up."""
        to = cast("type[models.Model]", model._meta.get_field(self.source).related_model)
        found = rows_of(to, schema_editor).filter(**{self.key: models.OuterRef(self.target)})
        keys = models.Subquery(found.order_by().values("pk")[:1])
        rows_of(model, schema_editor).order_by().update(**{self.source: keys})


class CopyObjectIds(DataOperation):
    """Copies new keys of rows to what leads there by content type."""

    def __init__(self, model_name: str, kind: str, object_id: str, target: str, key: str) -> None:
        self.model_name = model_name
        self.kind = kind
        self.object_id = object_id
        self.target = target
        self.key = key

    def forwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Copy the new keys."""
        self.copy(model, schema_editor, "pk", self.key)

    def backwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Look the old keys up."""
        self.copy(model, schema_editor, self.key, "pk")

    def copy(
        self,
        model: type[models.Model],
        schema_editor: BaseDatabaseSchemaEditor,
        source: str,
        target: str,
    ) -> None:
        """Replace one key by the other, where rows lead to the model."""
        apps = cast("StateApps", model._meta.apps)
        to = apps.get_model(self.target)
        kinds = rows_of(apps.get_model("contenttypes", "ContentType"), schema_editor)
        kind = kinds.filter(app_label=to._meta.app_label, model=to._meta.model_name).first()
        if kind is None:
            return
        column = cast("models.Field", model._meta.get_field(self.object_id))
        rows = rows_of(model, schema_editor).filter(**{f"{self.kind}_id": kind.pk})
        for part in batches(rows.exclude(**{self.object_id: None})):
            ids = {getattr(row, self.object_id) for row in part}
            found = rows_of(to, schema_editor).filter(**{f"{source}__in": ids})
            keys = {str(old): new for old, new in found.values_list(source, target)}
            for row in part:
                old = getattr(row, self.object_id)
                setattr(row, self.object_id, column.to_python(keys.get(str(old), old)))
            rows_of(model, schema_editor).bulk_update(part, [self.object_id])


class ContinueNumbers(DataOperation):
    """Lets new rows get keys after those that are there."""

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def forwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Tell the database."""
        reset_sequence(model, schema_editor)


class ChangeRows(DataOperation):
    """Makes, changes and deletes rows that every database has: those that were drawn.

    On the way back, rows that came stay: they harm nobody, and others may lead to them.
    """

    def __init__(
        self, model_name: str, old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]]
    ) -> None:
        self.model_name = model_name
        self.old = old
        self.new = new

    def forwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Write the new rows, and delete those that are gone; what is in use stops it."""
        self.write(model, schema_editor, self.new)
        key = own_key(model).name
        gone = {row[key] for row in self.old} - {row[key] for row in self.new}
        rows_of(model, schema_editor).filter(pk__in=gone).delete()

    def backwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Write the old rows."""
        self.write(model, schema_editor, self.old)

    def write(
        self,
        model: type[models.Model],
        schema_editor: BaseDatabaseSchemaEditor,
        rows: Sequence[dict[str, Any]],
    ) -> None:
        """Write rows by their keys, whether they are there or not."""
        key = own_key(model).name
        for row in rows:
            rows_of(model, schema_editor).update_or_create(**{key: row[key]}, defaults=row)


class CopyLinks(DataOperation):
    """Copies what a key leads to into a many-to-many relation, or the other way round.

    A row with several links has no single one: that stops it.
    """

    def __init__(self, model_name: str, source: str, target: str) -> None:
        self.model_name = model_name
        self.source = source
        self.target = target

    def forwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Copy from the old relation."""
        if model._meta.get_field(self.source).many_to_many:
            self.to_key(model, schema_editor, self.source, self.target)
        else:
            self.to_links(model, schema_editor, self.source, self.target)

    def backwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Copy from the new relation."""
        if model._meta.get_field(self.target).many_to_many:
            self.to_key(model, schema_editor, self.target, self.source)
        else:
            self.to_links(model, schema_editor, self.target, self.source)

    def to_links(
        self,
        model: type[models.Model],
        schema_editor: BaseDatabaseSchemaEditor,
        key: str,
        links: str,
    ) -> None:
        """Make a link of each key."""
        through, near, far = link_table(model, links)
        for part in batches(rows_of(model, schema_editor).exclude(**{key: None})):
            made = [through(**{near: row.pk, far: getattr(row, f"{key}_id")}) for row in part]
            rows_of(through, schema_editor).bulk_create(made)

    def to_key(
        self,
        model: type[models.Model],
        schema_editor: BaseDatabaseSchemaEditor,
        links: str,
        key: str,
    ) -> None:
        """Make a key of each link."""
        through, near, far = link_table(model, links)
        rows = rows_of(through, schema_editor)
        several = rows.values(near).annotate(links=models.Count("pk")).filter(links__gt=1)
        if first := several.order_by(near).first():
            message = (
                f"{model._meta.label} {first[near]} has {first['links']} {links}, and there is "
                f"room for one; take links away and migrate again"
            )
            raise ValueError(message)
        for part in batches(rows):
            for link in part:
                row = rows_of(model, schema_editor).filter(pk=getattr(link, near))
                row.update(**{key: getattr(link, far)})


def link_table(model: type[models.Model], links: str) -> tuple[type[models.Model], str, str]:
    """Give the model between, and the names of the keys to this and the other side."""
    field = cast("models.ManyToManyField", model._meta.get_field(links))
    near, far = field.m2m_field_name(), field.m2m_reverse_field_name()
    return cast("type[models.Model]", field.remote_field.through), f"{near}_id", f"{far}_id"


class MakeTargets(DataOperation):
    """Makes a row of another model from each value of a column, and leads to it."""

    def __init__(self, model_name: str, source: str, target: str, attribute: str) -> None:
        self.model_name = model_name
        self.source = source
        self.target = target
        self.attribute = attribute

    def forwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Make one row for each value."""
        target = cast("type[models.Model]", model._meta.get_field(self.target).related_model)
        rows = rows_of(model, schema_editor).exclude(**{self.source: None})
        for value in list(rows.order_by().values_list(self.source, flat=True).distinct()):
            made = rows_of(target, schema_editor).create(**{self.attribute: value})
            rows.filter(**{self.source: value}).update(**{self.target: made})

    def backwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Take the values back."""
        rows = rows_of(model, schema_editor).exclude(**{self.target: None})
        for part in batches(rows.select_related(self.target)):
            for row in part:
                setattr(row, self.source, getattr(getattr(row, self.target), self.attribute))
            rows_of(model, schema_editor).bulk_update(part, [self.source])


class CopyFromParent(DataOperation):
    """Copies values of the row of another model with the same key."""

    def __init__(self, model_name: str, parent: str, fields: Sequence[str]) -> None:
        self.model_name = model_name
        self.parent = parent
        self.fields = fields

    def forwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Copy to the child."""
        self.to_child(model, schema_editor)

    def backwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Copy to the parent."""
        self.to_parent(model, schema_editor)

    def parent_of(self, model: type[models.Model]) -> type[models.Model]:
        """Give the other model."""
        return cast("StateApps", model._meta.apps).get_model(self.parent)

    def to_child(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Copy the values to rows that are there."""
        parents = rows_of(self.parent_of(model), schema_editor)
        for part in batches(rows_of(model, schema_editor)):
            found = parents.in_bulk([row.pk for row in part])
            for row in part:
                for name in self.fields:
                    setattr(row, name, getattr(found[row.pk], name))
            if self.fields:
                rows_of(model, schema_editor).bulk_update(part, self.fields)

    def to_parent(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Copy the values to rows that are there, or are made."""
        parent = self.parent_of(model)
        alias = schema_editor.connection.alias
        for part in batches(rows_of(model, schema_editor)):
            found = rows_of(parent, schema_editor).in_bulk([row.pk for row in part])
            for row in part:
                is_new = row.pk not in found
                copy = parent(pk=row.pk) if is_new else found[row.pk]
                for name in self.fields:
                    setattr(copy, name, getattr(row, name))
                copy.save_base(raw=True, using=alias, force_insert=is_new)
        reset_sequence(parent, schema_editor)


class CopyToParent(CopyFromParent):
    """Makes the row of another model with the same key from values of this one."""

    def forwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Copy to the parent."""
        self.to_parent(model, schema_editor)

    def backwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Copy to the child."""
        self.to_child(model, schema_editor)


class MergeTables(DataOperation):
    """Copies rows of joined tables into the one that they are joined to, which then says the kind.

    Each part is a table, the kind of its rows, all kinds that rows in it are of, and its columns
    with those that they become; children come before their parents.
    """

    def __init__(
        self,
        model_name: str,
        kind: str,
        own: str | int | None,
        parts: Sequence[tuple[str, str | int | None, Sequence[str | int], dict[str, str]]],
    ) -> None:
        self.model_name = model_name
        self.kind = kind
        self.own = own
        self.parts = parts

    def forwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Copy into the one table."""
        self.merge(model, schema_editor)

    def backwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Copy into the joined tables."""
        self.divide(model, schema_editor)

    def merge(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Give each row what other tables have of it, and its kind."""
        whole = rows_of(model, schema_editor)
        for label, own, kinds, names in self.parts:
            part = cast("StateApps", model._meta.apps).get_model(label)
            columns = columns_of(part, names, model)
            for rows in batches(rows_of(part, schema_editor)):
                found = whole.in_bulk([row.pk for row in rows])
                for row in rows:
                    copy = found[row.pk]
                    for source, target in columns.items():
                        setattr(copy, target, getattr(row, source))
                    self.tell(copy, own, kinds, part)
                whole.bulk_update(found.values(), [self.kind, *names.values()])
        if self.own is None and (row := whole.filter(**{self.kind: None}).first()):
            message = f"{model._meta.label} {row.pk} is of no kind; correct it and migrate again"
            raise ValueError(message)
        whole.filter(**{self.kind: None}).update(**{self.kind: self.own})

    def tell(
        self,
        row: models.Model,
        own: str | int | None,
        kinds: Sequence[str | int],
        part: type[models.Model],
    ) -> None:
        """Set the kind of a row, unless it is of a class below: a row is of one kind."""
        known = getattr(row, self.kind)
        if known is None and own is not None:
            setattr(row, self.kind, own)
        elif known not in kinds:
            also = f"of the kind {known!r} as well" if known is not None else "of no kind below it"
            message = (
                f"{row._meta.label} {row.pk} is a {part._meta.verbose_name} and {also}; "
                f"correct it and migrate again"
            )
            raise ValueError(message)

    def divide(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Make the rows of other tables."""
        alias = schema_editor.connection.alias
        for label, _, kinds, names in reversed(self.parts):
            part = cast("StateApps", model._meta.apps).get_model(label)
            columns = columns_of(part, names, model)
            whole = rows_of(model, schema_editor).filter(**{f"{self.kind}__in": kinds})
            for rows in batches(whole):
                found = rows_of(part, schema_editor).in_bulk([row.pk for row in rows])
                for row in rows:
                    # Tables that were left for older servers have some of them.
                    is_new = row.pk not in found
                    copy = part(pk=row.pk) if is_new else found[row.pk]
                    for source, target in columns.items():
                        setattr(copy, source, getattr(row, target))
                    # Dates that set themselves stay as they are.
                    copy.save_base(raw=True, using=alias, force_insert=is_new)


def columns_of(
    part: type[models.Model], names: dict[str, str], whole: type[models.Model]
) -> dict[str, str]:
    """Give the attributes that hold the values of fields here and there."""
    return {
        cast("models.Field", part._meta.get_field(source)).attname: cast(
            "models.Field", whole._meta.get_field(target)
        ).attname
        for source, target in names.items()
    }


class DivideTable(MergeTables):
    """Copies rows of one table into tables that are joined to it, each into those of its kind."""

    def forwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Copy into the joined tables."""
        self.divide(model, schema_editor)

    def backwards(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Copy into the one table."""
        self.merge(model, schema_editor)


class LimitLockWait(Operation):
    """Gives up soon where others hold a table: those who come later would wait as well."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change no model."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Limit the wait in this transaction."""
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Do nothing: it comes last."""

    def describe(self) -> str:
        """Describe it for `migrate --plan`."""
        return "Limit the wait for locks"


class WithoutBlocking(BaseDatabaseSchemaEditor):
    """Does what the editor of PostgreSQL does, so that others can write meanwhile.

    What was interrupted can be done again: it first takes away what it left.
    """

    def execute(self, sql: Statement | str, params: Sequence[Any] | None = ()) -> None:
        """Execute one statement, or those that do the same."""
        for statement in self.steps(sql):
            # Building an index waits for everybody who came before, and keeps nobody waiting.
            limit = "0" if "CONCURRENTLY" in str(statement) else PATIENCE
            super().execute(f"SET lock_timeout = '{limit}'", None)
            for _ in range(ATTEMPTS):
                try:
                    super().execute(statement, params)
                    break
                except OperationalError as fault:
                    if getattr(fault.__cause__, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                        raise
                    # Others go first.
                    sleep(PAUSE)
            else:
                super().execute(statement, params)

    def steps(self, sql: Statement | str) -> Iterator[Statement | str]:
        """Give the statements that block nobody for long."""
        if not isinstance(sql, Statement):
            yield sql
            return
        table, name = sql.parts.get("table"), sql.parts.get("name")
        again = f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}"
        if sql.template in (self.sql_create_index, self.sql_create_unique_index):
            yield f"DROP INDEX CONCURRENTLY IF EXISTS {name}"
            yield Statement(sql.template.replace("INDEX", "INDEX CONCURRENTLY", 1), **sql.parts)
        elif sql.template == self.sql_create_unique:
            yield again
            yield f"DROP INDEX CONCURRENTLY IF EXISTS {name}"
            index = (
                "CREATE UNIQUE INDEX CONCURRENTLY %(name)s ON %(table)s (%(columns)s)"
                "%(nulls_distinct)s"
            )
            yield Statement(index, **sql.parts)
            constraint = "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s UNIQUE USING INDEX %(name)s"
            yield Statement(f"{constraint}%(deferrable)s", **sql.parts)
        elif sql.template in (self.sql_create_fk, self.sql_create_check):
            yield again
            yield Statement(f"{sql.template} NOT VALID", **sql.parts)
            yield f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}"
        else:
            yield sql


@contextmanager
def without_blocking(
    schema_editor: BaseDatabaseSchemaEditor,
) -> Iterator[BaseDatabaseSchemaEditor]:
    """Give an editor that keeps nobody from writing; where there is none, the same in one go."""
    connection = schema_editor.connection
    if isinstance(schema_editor, WithoutBlocking):
        yield schema_editor
    elif connection.vendor != "postgresql":
        with transaction.atomic(connection.alias):
            yield schema_editor
    else:
        editor = copy(schema_editor)
        editor.__class__ = type("Editor", (WithoutBlocking, type(schema_editor)), {})
        editor.deferred_sql = []
        try:
            yield editor
            for statement in editor.deferred_sql:
                editor.execute(statement, None)
        finally:
            schema_editor.execute("RESET lock_timeout", None)


class Online(Operation):
    """Does on PostgreSQL what an operation of Django's does, while others write."""

    atomic = False

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Do it."""
        with without_blocking(schema_editor) as editor:
            super().database_forwards(app_label, editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Undo it."""
        with without_blocking(schema_editor) as editor:
            super().database_backwards(app_label, editor, from_state, to_state)


class AddIndexOnline(Online, AddIndex):
    """Builds an index concurrently."""


class AddConstraintOnline(Online, AddConstraint):
    """Adds a constraint for new rows, then looks at the old ones; builds indexes concurrently."""


class AlterFieldOnline(Online, AlterField):
    """Alters a field; what is demanded of rows is looked for while others write."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Alter it."""
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        with without_blocking(schema_editor) as editor:
            old = from_state.apps.get_model(app_label, self.model_name)
            now = cast("models.Field", model._meta.get_field(self.name))
            is_demanded = old._meta.get_field(self.name).null and not now.null
            if not is_demanded or not isinstance(editor, WithoutBlocking):
                super().database_forwards(app_label, editor, from_state, to_state)
                return
            # With the condition known to hold, PostgreSQL does not look at the rows again.
            length = editor.connection.ops.max_name_length()
            name = editor.quote_name(truncate_name(f"{now.column}_required", length))
            alter = f"ALTER TABLE {editor.quote_name(model._meta.db_table)}"
            condition = f"CHECK ({editor.quote_name(now.column)} IS NOT NULL)"
            self.fill(old, now, editor)
            editor.execute(f"{alter} DROP CONSTRAINT IF EXISTS {name}", None)
            editor.execute(f"{alter} ADD CONSTRAINT {name} {condition} NOT VALID", None)
            self.fill(old, now, editor)
            editor.execute(f"{alter} VALIDATE CONSTRAINT {name}", None)
            super().database_forwards(app_label, editor, from_state, to_state)
            editor.execute(f"{alter} DROP CONSTRAINT {name}", None)

    def fill(
        self,
        model: type[models.Model],
        field: models.Field,
        schema_editor: BaseDatabaseSchemaEditor,
    ) -> None:
        """Give rows without a value the default, a part at a time."""
        source = field if field.has_default() or field.has_db_default() else self.field
        if schema_editor.collect_sql or not (source.has_default() or source.has_db_default()):
            return
        rows = rows_of(model, schema_editor)
        for part in batches(rows.filter(**{f"{self.name}__isnull": True})):
            value = source.get_default() if source.has_default() else source.db_default
            keys = [row.pk for row in part]
            rows.filter(pk__in=keys, **{f"{self.name}__isnull": True}).update(**{self.name: value})


class AddFieldKeepingDefault(AddField):
    """Adds a required field, and lets the database go on giving its default.

    Servers that do not know the field yet go on adding rows.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Add the column."""
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        model = to_state.apps.get_model(app_label, self.model_name)
        connection = schema_editor.connection
        if connection.vendor != "postgresql" or not self.allow_migrate_model(
            connection.alias, model
        ):
            return
        field = cast("models.Field", model._meta.get_field(self.name))
        field = copy(field)
        field.default = self.field.default
        # A field remembers what its default was.
        vars(field).pop("_get_default", None)
        changes, params = schema_editor._alter_column_default_sql(model, None, field)
        table = schema_editor.quote_name(model._meta.db_table)
        schema_editor.execute(f"ALTER TABLE {table} {changes}", params)


class InModelsAlone(Operation):
    """Changes the models; the database goes on as it is, for servers with the older ones."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Do nothing."""

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Do nothing."""

    def describe(self) -> str:
        """Describe it for `migrate --plan`."""
        return f"{super().describe()}, later in the database"


class InModelsOrAside(Operation):
    """Changes the models; the database keeps a column that they do not know.

    SQLite makes tables anew from what the models say, and has no servers with older ones: the
    values are in a table of their own there.
    """

    name: str
    model_name: str
    leaves: bool
    put_aside = "CREATE TABLE %(table)s AS SELECT %(key)s, %(column)s FROM %(of)s"
    bring_back = (
        "UPDATE %(of)s SET %(column)s = (SELECT %(column)s FROM %(table)s "
        "WHERE %(table)s.%(key)s = %(of)s.%(key)s) WHERE %(key)s IN (SELECT %(key)s FROM %(table)s)"
    )

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Leave the column, or take it back."""
        move = self.leave if self.leaves else self.take_back
        move(app_label, schema_editor, (from_state, to_state))

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Do the other of both."""
        move = self.take_back if self.leaves else self.leave
        move(app_label, schema_editor, (from_state, to_state))

    def leave(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        states: tuple[ProjectState, ProjectState],
    ) -> None:
        """Put the values aside."""
        model = states[0].apps.get_model(app_label, self.model_name)
        connection = schema_editor.connection
        if connection.vendor != "sqlite" or not self.allow_migrate_model(connection.alias, model):
            return
        field = cast("models.Field", model._meta.get_field(self.name))
        if not field.generated:
            names = self.names(model, field, schema_editor)
            schema_editor.execute(Statement(self.put_aside, **names), None)
        schema_editor.remove_field(model, field)

    def take_back(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        states: tuple[ProjectState, ProjectState],
    ) -> None:
        """Bring the values back."""
        model = states[0].apps.get_model(app_label, self.model_name)
        connection = schema_editor.connection
        if connection.vendor != "sqlite" or not self.allow_migrate_model(connection.alias, model):
            return
        now = states[1].apps.get_model(app_label, self.model_name)
        field = cast("models.Field", now._meta.get_field(self.name))
        if field.generated:
            schema_editor._remake_table(model, create_field=field)
            return
        schema_editor.add_field(model, field)
        names = self.names(now, field, schema_editor)
        for template in (self.bring_back, schema_editor.sql_delete_table):
            schema_editor.execute(Statement(template, **names), None)

    def names(
        self,
        model: type[models.Model],
        field: models.Field,
        schema_editor: BaseDatabaseSchemaEditor,
    ) -> dict[str, str]:
        """Give the table of the model and that of the values, the key and the column."""
        table, key = model._meta.db_table, model._meta.pk.column
        names = {"of": table, "key": key, "column": field.column}
        names["table"] = f"left_{table}_{field.column}"
        return {part: schema_editor.quote_name(name) for part, name in names.items()}


class LeaveField(InModelsOrAside, RemoveField):
    """Takes a field from a model, and leaves its column."""

    leaves = True

    def describe(self) -> str:
        """Describe it for `migrate --plan`."""
        return f"{super().describe()}, later in the database"


class TakeBackField(InModelsOrAside, AddField):
    """Gives a model a field whose column was left."""

    leaves = False

    def describe(self) -> str:
        """Describe it for `migrate --plan`."""
        return f"{super().describe()}, which the database has"


class LeaveModel(InModelsAlone, DeleteModel):
    """Takes a model away, and leaves its table."""


class AlterFieldLater(AlterFieldOnline):
    """Demands a value of a model. Rows get theirs, and the column may still be empty.

    On SQLite it may not: it could not any more once the table is made anew.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Give rows without a value theirs, a part at a time."""
        if schema_editor.connection.vendor == "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            old = from_state.apps.get_model(app_label, self.model_name)
            field = cast("models.Field", model._meta.get_field(self.name))
            self.fill(old, field, schema_editor)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Let it be empty again, where it may not."""
        if schema_editor.connection.vendor == "sqlite":
            super().database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Describe it for `migrate --plan`."""
        return f"{super().describe()}, later in the database"
