"""Takes rows through migrations: `python rows.py FOLDER`, with the database in `DATABASE_URL`.

Each folder inside FOLDER is a project with a `project.json`: the settings, the migrations that stood `before` it was edited, what it
`kept`, and the `fillings` of fields that rows must have. The first migrations are applied, rows are inserted that the models of both
sides allow, the others are applied, and taken back where Django can. One JSON document a line comes back: what is wrong.
"""

import datetime
import decimal
import random
import traceback
import uuid

import django
from django.apps import apps as registry
from django.core import management
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import autodetector, questioner, state
from django.db.migrations.executor import MigrationExecutor
from judging import judge_each, set_up

ROWS = 3
TRIES = 8
DAY = datetime.date(2020, 1, 1)

KINDS = [
    (models.BooleanField, "boolean"),
    (models.DecimalField, "decimal"),
    (models.FloatField, "float"),
    (models.DurationField, "duration"),
    (models.DateTimeField, "datetime"),
    (models.DateField, "date"),
    (models.TimeField, "time"),
    (models.UUIDField, "uuid"),
    (models.GenericIPAddressField, "address"),
    (models.JSONField, "json"),
    (models.BinaryField, "binary"),
    (models.IntegerField, "integer"),
]
NUMBERS = {"integer", "decimal", "float", "boolean"}


def kind(field):
    return next((name for known, name in KINDS if isinstance(field, known)), "text")


class Unfit(Exception):
    """A row that the models of one side do not allow."""


def judge(folder):
    given = set_up(folder)
    return Journey(given, folder.name).answer()


class Journey:
    """The rows of a project on their way."""

    def __init__(self, given, case):
        self.given = given
        self.case = case
        self.kept = {key.lower(): value for key, value in given["kept"].items()}
        self.random = random.Random(case)
        self.serial = 0
        self.faults = []

    def answer(self):
        answer = {"case": self.case, "faults": self.faults}
        loader = MigrationExecutor(connection).loader
        before = [(app, name) for app, name in self.given["before"] if name != "zero"]
        self.old = loader.project_state(before).apps
        self.new = loader.project_state(loader.graph.leaf_nodes()).apps
        for app, name in before:
            management.call_command("migrate", app, name, verbosity=0)
        management.call_command("migrate", "contenttypes", verbosity=0)
        management.call_command("migrate", "auth", verbosity=0)
        self.insert()
        was = {model._meta.label_lower: snapshot(model) for model in self.tables()}
        answer["tables"] = sum(bool(rows) for rows, _ in was.values())
        answer["rows"] = sum(len(rows) for rows, _ in was.values())
        if not self.migrates(None):
            return answer
        if changes := self.pending():
            self.faults.append(f"changes are left: {changes}")
        for label, (rows, links) in was.items():
            if label in self.kept:
                self.compare(label, rows, links)
        if self.faults or self.hindered(loader, before, was):
            return answer
        if not self.migrates(self.steps_back(before)):
            return answer
        for model in self.tables():
            if model._meta.label_lower in self.kept:
                self.compare_back(model, was[model._meta.label_lower][0])
        answer["back"] = not self.faults
        return answer

    def migrates(self, targets):
        try:
            for target in [()] if targets is None else targets:
                management.call_command("migrate", *target, verbosity=0)
        except Exception:
            way = "forwards" if targets is None else "backwards"
            self.faults.append(f"{way}: {traceback.format_exc()[-1500:]}")
            return False
        return True

    def steps_back(self, before):
        """One migration after the other, the last one first.

        Django takes back an app as if those of other apps that come later in its plan had never been applied: its tables
        would then have other columns than it thinks, and SQLite takes the name of one that is missing for a text.
        """
        executor = MigrationExecutor(connection)
        graph = executor.loader.graph
        kept = {key for node in before for key in graph.forwards_plan(node)}
        for migration, _ in reversed(executor.migration_plan(graph.leaf_nodes(), clean_start=True)):
            key = migration.app_label, migration.name
            if key in kept or key[0] not in self.given["apps"]:
                continue
            own = [parent.key[1] for parent in graph.node_map[key].parents if parent.key[0] == key[0]]
            yield key[0], max(own, default="zero")

    def pending(self):
        loader = MigrationExecutor(connection).loader
        detector = autodetector.MigrationAutodetector(
            loader.project_state(),
            state.ProjectState.from_apps(registry),
            questioner.NonInteractiveMigrationQuestioner(specified_apps=self.given["apps"]),
        )
        return {
            app: [operation.describe() for migration in found for operation in migration.operations]
            for app, found in detector.changes(graph=loader.graph).items()
        }

    # Rows that were there before.

    def tables(self):
        return [
            model
            for model in self.old.get_models()
            if model._meta.app_label in self.given["apps"] and not model._meta.proxy
        ]

    def insert(self):
        """Rows in all tables, those that others need first: what finds nothing to lead to comes again."""
        for _ in range(ROWS + 2):
            for model in self.tables():
                if not any(self.is_full(table) for table in family(model)):
                    self.insert_one(model)

    def is_full(self, model):
        return model._base_manager.count() >= (1 if self.becomes_unique(model) else ROWS)

    def insert_one(self, model):
        for _ in range(TRIES):
            try:
                with transaction.atomic():
                    values = {
                        field.name: self.value(field)
                        for field in model._meta.concrete_fields
                        if not (
                            field.generated
                            or isinstance(field, models.AutoField | models.BigAutoField)
                            or is_parent_link(field)
                        )
                    }
                    self.is_fit(model, values)
                    row = model(**values)
                    row.save(force_insert=True)
                    self.link(row)
                return
            except (DatabaseError, Unfit):
                continue

    def link(self, row):
        for field in row._meta.local_many_to_many:
            if field.remote_field.through._meta.auto_created:
                targets = list(field.related_model._base_manager.order_by("pk")[:ROWS])
                found = self.random.sample(targets, self.random.randint(0, min(1, len(targets))))
                getattr(row, field.name).set(found)

    def successor(self, model):
        """The model of the other side; `None` if it is gone."""
        entry = self.kept.get(model._meta.label_lower)
        return self.new.get_model(entry["now"]) if entry else None

    def field_after(self, field):
        """The field of the other side; `None` if it is gone."""
        entry = self.kept.get(field.model._meta.label_lower)
        if field.generated:
            return None
        name = entry and entry["fields"].get(field.name)
        return self.new.get_model(entry["now"])._meta.get_field(name) if name else None

    def becomes_unique(self, model):
        """Whether something new must be different in each row: fillings are not."""
        now = self.successor(model)
        if now is None:
            return False
        known = {self.field_after(field): field.unique for field in model._meta.local_concrete_fields}
        names = {constraint.name for constraint in model._meta.constraints}
        return any(
            field.unique and not field.primary_key and not known.get(field)
            for field in now._meta.local_concrete_fields
        ) or any(
            isinstance(constraint, models.UniqueConstraint) and constraint.name not in names
            for constraint in now._meta.constraints
        )

    def value(self, field):
        now = self.field_after(field)
        is_required = now is not None and not now.null and not now.many_to_many
        may_be_null = field.null and not (is_required and (field.remote_field or is_in_key(now)))
        if may_be_null and self.random.random() < 0.3:
            return None
        if field.remote_field:
            return self.target(field, may_be_null)
        return self.scalar(field, field if now is None or now.remote_field else now)

    def target(self, field, may_be_null):
        rows = field.related_model._base_manager.order_by("pk")
        if field.unique:
            rows = rows.exclude(pk__in=list(field.model._base_manager.exclude(**{field.name: None}).order_by("pk").values_list(field.name, flat=True)))
        rows = list(rows[:ROWS])
        if not rows and not may_be_null:
            raise Unfit
        return self.random.choice(rows) if rows else None

    def scalar(self, field, now):
        """A value that the field can have, and its successor as well."""
        self.serial += 1
        is_converted = kind(field) != kind(now)
        number = self.serial + 10 if field.unique else self.random.choice([0, 1, 2, 3, 5, 7, 50])
        if not is_converted and "Positive" not in type(field).__name__ + type(now).__name__:
            number *= self.random.choice([1, 1, -1])
        if "boolean" in (kind(field), kind(now)):
            number = self.random.choice([0, 1])
        made = {
            "integer": number,
            "boolean": bool(number),
            "float": float(number) if is_converted else number + 0.5,
            "decimal": decimal.Decimal(number if is_converted else number + 0.25),
            "date": DAY + datetime.timedelta(days=number),
            "datetime": datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
            + datetime.timedelta(days=number),
            "time": datetime.time(abs(number) % 24, 30),
            "duration": datetime.timedelta(days=1, hours=number),
            "uuid": uuid.UUID(int=self.random.getrandbits(128)),
            "address": f"10.0.0.{abs(number) % 250}",
            "json": {"number": number},
            "binary": bytes([abs(number) % 250]),
            "text": f"t{number}" if field.unique else self.random.choice(["x", "member_0", "a b", "ü☃", f"t{number}"]),
        }
        if is_converted and kind(field) == "text":
            return made["text"] if kind(now) == "json" else str(made[kind(now)])
        return made[kind(field)]

    def is_fit(self, model, values):
        """Raises if the row would break a condition of the other side."""
        now = self.successor(model)
        if now is None:
            return
        fields = {self.field_after(field): field for field in model._meta.concrete_fields}
        row = now()
        for field in now._meta.concrete_fields:
            if field.generated or is_parent_link(field):
                continue
            was = fields.get(field)
            if was is None:
                setattr(row, field.name, None if field.remote_field else self.filled(field))
            elif was.name in values and not field.many_to_many:
                value = values[was.name]
                if field.remote_field:
                    setattr(row, field.attname, getattr(value, "pk", value))
                else:
                    setattr(row, field.name, self.filled(field) if value is None and not field.null else read(value, field))
        for table in family(now):
            for constraint in table._meta.constraints:
                if isinstance(constraint, models.CheckConstraint):
                    try:
                        constraint.validate(table, row)
                    # What it would say may be no format.
                    except (ValidationError, ValueError) as broken:
                        raise Unfit from broken

    def filling(self, field):
        text = self.given["fillings"].get(f"{field.model._meta.label_lower}.{field.name}")
        known = {"datetime": datetime, "uuid": uuid, "django": django, "Decimal": decimal.Decimal}
        return eval(text, known) if text else None

    def filled(self, field):
        """What rows get that have no value."""
        value = self.filling(field)
        if value is None or field.has_default():
            return BaseDatabaseSchemaEditor._effective_default(field)
        return value() if callable(value) else value

    # What became of them.

    def compare(self, label, rows, links):
        entry = self.kept[label]
        old = self.old.get_model(label)
        now_rows, now_links = snapshot(registry.get_model(entry["now"]))
        if rows.keys() != now_rows.keys():
            self.faults.append(f"{label} had the rows {list(rows)} and has {list(now_rows)}")
            return
        for field in [*old._meta.local_concrete_fields, *old._meta.local_many_to_many]:
            if field.name not in entry["fields"] or is_parent_link(field) or field.generated:
                continue
            now = self.field_after(field)
            if now is None:
                self.faults.append(f"{label}.{field.name} is gone, and nobody said so")
            elif field.many_to_many or now.many_to_many:
                self.compare_links(label, field, now, rows, links, now_links)
            elif not now.generated:
                for key, row in rows.items():
                    value, found = row[field.name], now_rows[key][now.name]
                    if not self.is_right(value, found, now):
                        self.faults.append(f"{label}.{field.name} of {key} was {value!r} and is {found!r}")

    def compare_links(self, label, field, now, rows, links, now_links):
        if not now.remote_field.through._meta.auto_created:
            return
        was = links.get(field.name)
        if was is None:
            was = sorted((key, row[field.name]) for key, row in rows.items() if row[field.name] is not None)
        if was != now_links[now.name]:
            self.faults.append(f"links of {label}.{field.name} were {was} and are {now_links[now.name]}")

    def is_right(self, value, found, now):
        if value is None:
            filling = self.filling(now)
            if now.null:
                return found is None
            return found is not None if filling is None or callable(filling) or now.has_default() else found == filling
        if now.remote_field:
            return found == value
        if isinstance(value, str) and kind(now) == "json":
            return found == value
        if kind(now) == "date" and isinstance(value, datetime.datetime):
            return found == value.date()
        return read(value, now) == read(found, now)

    def hindered(self, loader, before, was):
        """Why Django cannot bring back what was there: columns that rows must have and nobody knows the values of."""
        full = {label for label, (rows, _) in was.items() if rows and label in self.kept}
        full |= {self.kept[label]["now"].lower() for label in full}
        at = loader.project_state(before)
        applied = {key for node in before for key in loader.graph.forwards_plan(node)}
        for leaf in loader.graph.leaf_nodes():
            for key in loader.graph.forwards_plan(leaf):
                if key in applied:
                    continue
                applied.add(key)
                migration = loader.graph.nodes[key]
                for operation in migration.operations:
                    if isinstance(operation, migrations.AddField) and not self.is_readable(operation, key[0]):
                        return f"{key[0]}.{operation.model_name_lower}.{operation.name}"
                    if isinstance(operation, migrations.RemoveField):
                        label = f"{key[0]}.{operation.model_name_lower}"
                        model = at.models[key[0], operation.model_name_lower]
                        field = model.fields[operation.name]
                        is_lost = not field.null and not field.many_to_many and not getattr(field, "generated", False)
                        is_computed = getattr(field, "generated", False)
                        if label in full and is_computed and field.null and connection.vendor == "sqlite":
                            # Django says `ADD COLUMN`, which SQLite cannot for what it computes.
                            return f"{label}.{field.name}"
                        if label in full and is_lost:
                            if field.unique or BaseDatabaseSchemaEditor._effective_default(field) is None:
                                return f"{label}.{field.name}"
                    operation.state_forwards(key[0], at)
        return None

    def is_readable(self, operation, app):
        """Whether Django can read what SQLite knows of a table. It does so where a key that is not checked goes."""
        field = operation.field
        if connection.vendor != "sqlite" or not field.remote_field or getattr(field, "db_constraint", True):
            return True
        models = self.old.all_models[app], registry.all_models[app]
        found = {model[operation.model_name_lower] for model in models if operation.model_name_lower in model}
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            for model in found:
                if model._meta.db_table in tables:
                    try:
                        connection.introspection.get_table_description(cursor, model._meta.db_table)
                    except IndexError:
                        # It takes what stands behind a comma for a column: `MOD("a", 2)`.
                        return False
        return True

    def compare_back(self, model, rows):
        label = model._meta.label_lower
        now_rows, _ = snapshot(model)
        if rows.keys() != now_rows.keys():
            self.faults.append(f"{label} had the rows {list(rows)} and has {list(now_rows)} again")
            return
        for field in model._meta.local_concrete_fields:
            now = self.field_after(field)
            if now is None or field.remote_field or now.remote_field or field.generated or kind(field) != kind(now):
                continue
            for key, row in rows.items():
                value, found = row[field.name], now_rows[key][field.name]
                if value is not None and read(value, field) != read(found, field):
                    self.faults.append(f"{label}.{field.name} of {key} was {value!r} and is {found!r} again")


def family(model):
    return [model, *(parent for parent in model._meta.all_parents if not parent._meta.abstract)]


def is_parent_link(field):
    return bool(field.remote_field and getattr(field.remote_field, "parent_link", False))


def is_in_key(field):
    """Whether values of the field must differ."""
    return field.unique or any(
        isinstance(constraint, models.UniqueConstraint) for constraint in field.model._meta.constraints
    )


def read(value, field):
    """The value of the field that a value of another type stands for."""
    if value is None:
        return None
    if kind(field) == "text":
        return str(value)
    if kind(field) == "binary":
        return bytes(value)
    if kind(field) == "json":
        return value
    if kind(field) == "datetime" and isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return datetime.datetime.combine(value, datetime.time(), tzinfo=datetime.timezone.utc)
    if kind(field) == "date" and isinstance(value, datetime.datetime):
        return value.date()
    if kind(field) == "time" and isinstance(value, datetime.datetime):
        return value.time()
    if kind(field) in NUMBERS and isinstance(value, str) and kind(field) != "boolean":
        value = decimal.Decimal(value)
    return field.to_python(value)


def snapshot(model):
    """The rows by their key, and the links of each relation without a model of its own."""
    names = [field.name for field in model._meta.local_concrete_fields]
    rows = {row["pk"]: row for row in model._base_manager.order_by("pk").values("pk", *names)}
    links = {}
    for field in model._meta.local_many_to_many:
        through = field.remote_field.through
        if through._meta.auto_created:
            ends = (f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id")
            links[field.name] = sorted(through._base_manager.values_list(*ends))
    return rows, links


judge_each(judge)
