"""Delete rows at random, and compare what remains with the decisions of `decisions.json`.

`python cascade.py SEED`: fills the tables of the project with rows, deletes some of them, each from the same state, and asks an
interpreter of the decisions what must come of it. The interpreter works on plain dictionaries and knows nothing of Django.
"""

import json
import random
import sys
from pathlib import Path

import django
from django.apps import apps
from django.core import checks, management
from django.db import IntegrityError, connection, transaction
from django.db.models.deletion import ProtectedError, RestrictedError

# Models can be imported once there are apps.
django.setup()

from django.contrib.contenttypes.fields import GenericForeignKey  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402


class Rows:
    """All rows, by table and key, each with its references; the parts of one object share their key path by `same`."""

    def __init__(self, decisions):
        self.decisions = decisions
        # Table and key -> column of the reference -> key of the target, or None.
        self.rows = {}

    def read(self):
        for name, model in self.decisions.items():
            table = [reference["column"] for reference in model["references"]]
            # Of a reference to rows of several tables the column has the key, another one says which table it is.
            kinds = [reference["kind"] for reference in model["references"] if "kind" in reference]
            columns = ", ".join(connection.ops.quote_name(column) for column in [model["key"], *table, *kinds])
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {columns} FROM {connection.ops.quote_name(model['table'])}")
                for key, *values in cursor.fetchall():
                    self.rows[name, key] = dict(zip([*table, *kinds], values, strict=True))
        return self

    @staticmethod
    def target(reference, values):
        """The row that a reference leads to."""
        to = reference["targets"].get(values[reference["kind"]]) if "kind" in reference else reference["to"]
        return to, values[reference["column"]]

    def delete(self, *start):
        """What remains after deleting a row, or the name of the exception."""
        doomed = set()
        ahead = list(start)
        while ahead:
            row = ahead.pop()
            if row in doomed:
                continue
            doomed.add(row)
            for other, values in self.rows.items():
                for reference in self.decisions[other[0]]["references"]:
                    leads_here = self.target(reference, values) == row
                    if leads_here and reference["rule"] == "CASCADE":
                        ahead.append(other)
                    # An object is one: with its parts above.
                    if other == row and reference["is_parent"]:
                        ahead.append(self.target(reference, values))
        remaining = {row: dict(values) for row, values in self.rows.items() if row not in doomed}
        met = set()
        for row, values in self.rows.items():
            for reference in self.decisions[row[0]]["references"]:
                if self.target(reference, values) not in doomed:
                    continue
                rule = reference["rule"]
                if rule == "PROTECT" or (rule in ("RESTRICT", "DO_NOTHING") and row not in doomed):
                    met.add(rule)
                elif rule == "SET_NULL" and row not in doomed:
                    remaining[row][reference["column"]] = None
        for rule, error in [
            ("PROTECT", "ProtectedError"),
            ("RESTRICT", "RestrictedError"),
            ("DO_NOTHING", "IntegrityError"),
        ]:
            if rule in met:
                return error
        return remaining


def name(app, decisions):
    """Say where the tables and columns of the decisions are: only Django knows how it calls them."""
    for key, model in decisions.items():
        if model["links_of"]:
            owner, field = model["links_of"]
            field = apps.get_model(app, owner)._meta.get_field(field)
            meta = field.remote_field.through._meta
            columns = [meta.get_field(name()).column for name in (field.m2m_field_name, field.m2m_reverse_field_name)]
        else:
            meta = apps.get_model(app, key)._meta
            links = {parent.__name__: link.column for parent, link in meta.parents.items() if link}
            columns = [
                links[reference["to"]] if reference["is_parent"] else meta.get_field(reference["name"]).column
                for reference in model["references"]
            ]
        model["table"] = meta.db_table
        model["key"] = meta.pk.column
        for reference, column in zip(model["references"], columns, strict=True):
            reference["column"] = column
            if "kind" in reference:
                kind = meta.get_field(reference["kind"])
                kinds = ContentType.objects.filter(kind.get_limit_choices_to())
                reference["kind"] = kind.column
                reference["targets"] = {kind.pk: kind.model_class().__name__ for kind in kinds}


def fill(random, models, decisions):
    """Rows in all tables; what the tables do not accept is left out."""
    made = {model: [] for model in models}
    named = {model.__name__: model for model in models}
    # What columns by content type may lead to: the models by the name of the column with the key.
    several = {
        (model, reference["column"]): [named[target] for target in reference["targets"].values()]
        for model in models
        for reference in decisions[model.__name__]["references"]
        if "kind" in reference
    }
    for turn in range(4):
        for model in random.sample(models, len(models)):
            for _ in range(random.randint(1, 3)):
                values = {}
                for field in model._meta.get_fields():
                    if isinstance(field, GenericForeignKey):
                        holder = model._meta.get_field(field.fk_field)
                        targets = [row for to in several[holder.model, holder.column] for row in made[to]]
                        if targets and random.random() < 0.75:
                            values[field.name] = random.choice(targets)
                        continue
                    if not field.concrete or field.many_to_many or not field.editable:
                        continue
                    if field.related_model is ContentType:
                        continue
                    if field.is_relation and not field.remote_field.parent_link:
                        targets = made[field.related_model]
                        choice = random.choice(targets) if targets and random.random() < 0.75 else None
                        values[field.name] = choice
                    elif field.get_internal_type() == "CharField":
                        values[field.name] = f"{turn}{random.random()}"
                try:
                    with transaction.atomic():
                        row = model.objects.create(**values)
                except (IntegrityError, ValueError):
                    continue
                made[model].append(row)
                for parent in model._meta.get_parent_list():
                    if parent in made:
                        made[parent].append(parent.objects.get(pk=getattr(row, parent._meta.pk.attname)))
    for model in models:
        for field in model._meta.local_many_to_many:
            if field.remote_field.through._meta.auto_created:
                for row in made[model]:
                    targets = made[field.related_model]
                    getattr(row, field.name).add(*random.sample(targets, min(len(targets), random.randint(0, 2))))
    return made


def outcome(decisions, row):
    """What Django makes of it, undone."""
    found = None
    try:
        with transaction.atomic():
            row.delete()
            connection.check_constraints()
            found = Rows(decisions).read().rows
            transaction.set_rollback(True)
    except (ProtectedError, RestrictedError, IntegrityError) as error:
        found = type(error).__name__
    return found


def main(seed):
    assert not checks.run_checks(), checks.run_checks()
    management.call_command("migrate", verbosity=0)
    every = json.loads(Path("decisions.json").read_text())
    for app, decisions in every.items():
        name(app, decisions)
    tally = {}
    for number, (app, decisions) in enumerate(every.items()):
        draw = random.Random(f"{seed} {number}")
        models = [apps.get_model(app, name) for name in decisions if not decisions[name]["links_of"]]
        made = fill(draw, models, decisions)
        before = Rows(decisions).read()
        for model in models:
            for row in draw.sample(made[model], min(3, len(made[model]))):
                # Another object of the same row may stand in its place.
                row = model.objects.get(pk=row.pk)
                expected = before.delete((model.__name__, row.pk))
                found = outcome(decisions, row)
                kind = expected if isinstance(expected, str) else f"deleted {min(len(before.rows) - len(expected), 3)}"
                tally[kind] = tally.get(kind, 0) + 1
                if found != expected:
                    print(f"seed {seed}, {app}: deleting {model.__name__} {row.pk}", file=sys.stderr)
                    print(f"rows: {before.rows}\nexpected: {expected}\nfound: {found}", file=sys.stderr)
                    sys.exit(1)
        assert Rows(decisions).read().rows == before.rows
    print(json.dumps(tally))


main(int(sys.argv[1]))
