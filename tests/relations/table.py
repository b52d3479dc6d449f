"""Judge a project of relations by `expected.json`: checks, migrations, columns, and what happens to rows."""

import json
from pathlib import Path

import django
from django.apps import apps
from django.core import checks, management
from django.db import IntegrityError, connection, models, transaction
from django.db.models.deletion import ProtectedError


def fails(error, action):
    try:
        with transaction.atomic():
            action()
    except error:
        return True
    return False


def remains(row):
    return type(row).objects.filter(pk=row.pk).exists()


def judge(row):
    holder = apps.get_model("shop", row["holder"])
    field = next(field for field in holder._meta.local_fields + holder._meta.local_many_to_many if field.is_relation)
    target = field.related_model
    assert type(field).__name__ == row["kind"], field
    one = target.objects.create()
    if field.many_to_many:
        holding = holder.objects.create()
        getattr(holding, field.name).add(one)
        getattr(holding, field.name).add(one)
        assert getattr(holding, field.name).count() == 1, "a pair is linked once"
        one.delete()
        assert remains(holding) and getattr(holding, field.name).count() == 0
        return
    rule = field.remote_field.on_delete
    assert field.null == row["null"], field
    assert rule.__name__ == row["on_delete"], rule
    with connection.cursor() as cursor:
        table = holder._meta.db_table
        columns = {found.name: found for found in connection.introspection.get_table_description(cursor, table)}
    assert bool(columns[field.column].null_ok) == row["null"], columns
    holding = holder.objects.create(**{field.name: one})
    assert fails(IntegrityError, holder.objects.create) == (not row["null"])
    again = fails(IntegrityError, lambda: holder.objects.create(**{field.name: one}))
    assert again == (row["kind"] == "OneToOneField")
    if rule is models.PROTECT:
        assert fails(ProtectedError, one.delete)
        assert remains(one) and remains(holding)
        return
    one.delete()
    assert not remains(one)
    if rule is models.CASCADE:
        assert not remains(holding)
    else:
        assert rule is models.SET_NULL
        holding.refresh_from_db()
        assert getattr(holding, field.name) is None


def main():
    django.setup()
    found = checks.run_checks(include_deployment_checks=False)
    assert not found, found
    management.call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
    management.call_command("migrate", verbosity=0)
    rows = json.loads(Path("expected.json").read_text())
    for row in rows:
        try:
            judge(row)
        except Exception as error:
            error.add_note(f"{row}")
            raise
    print(f"{len(rows)} rows")


main()
