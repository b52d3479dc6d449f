"""Write the rows of `expected.json`, and hold what the database and `full_clean` refuse against what the interpreter says."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

from django import setup
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, models, transaction

setup()
call_command("migrate", verbosity=0)

from django.apps import apps  # noqa: E402

expected = json.loads(Path("expected.json").read_text())
owners = [apps.get_model("shop", "Owner").objects.create(**owner) for owner in expected["owners"]]
parts = [apps.get_model("shop", "Part").objects.create(**part) for part in expected["parts"]]
for owner, tools in zip(owners, expected["tools"], strict=True):
    owner.tools.set([parts[number] for number in tools])
counts = {"checks": 0, "cleaned": 0, "nothing": 0, "rows": 0, "refused": 0, "generated": 0, "computed": 0}
wrong = []


def value(field: models.Field, given):
    if given is None:
        return None if field.null else ""
    if isinstance(field, models.DecimalField):
        return Decimal(given) / 10
    return date(2026, 1, 1 + given) if isinstance(field, models.DateField) else given


def is_refused(error, action) -> bool:
    try:
        with transaction.atomic():
            action()
    except error:
        return True
    return False


for rule in expected["rules"]:
    model = apps.get_model("shop", rule["model"])
    by_database = bool(model._meta.constraints)
    by_clean = "clean" in vars(model)
    counts["checks" if by_database else "cleaned" if by_clean else "nothing"] += 1
    # What was not translated is a stub in the class above.
    derived_names = [name for name in ("v", "t") if name in vars(model)]
    for name in derived_names:
        counts["computed" if isinstance(getattr(model, name), property) else "generated"] += 1
    for given in rule["rows"]:
        values = {name: value(model._meta.get_field(name), one) for name, one in given["values"].items()}
        row = model(**values, owner=None if given["owner"] is None else owners[given["owner"]])
        verdicts = {}
        with transaction.atomic():
            if not rule["is_translated"]:
                row.save()
            elif by_database:
                verdicts["full_clean"] = is_refused(ValidationError, row.full_clean)
                verdicts["database"] = is_refused(IntegrityError, row.save)
            else:
                row.save()
                row.parts.set([parts[number] for number in given["parts"]])
                verdicts["full_clean"] = is_refused(ValidationError, row.full_clean)
            if row.pk and not row._state.adding:
                row.parts.set([parts[number] for number in given["parts"]])
                row = model.objects.get(pk=row.pk)
                number = None if given["v"] is None else Decimal(given["v"]) / 10000
                derived = {"v": number, "t": given["t"]}
                for name in derived_names:
                    if (found := getattr(row, name)) != derived[name]:
                        wrong.append(f"{name} is {found} and not {derived[name]}: {rule[name]}\n    {given}")
            transaction.set_rollback(True)
        counts["rows"] += 1
        counts["refused"] += given["refused"]
        for judge, refused in verdicts.items():
            if refused != given["refused"]:
                wrong.append(f"{judge} {'refuses' if refused else 'accepts'} {rule['ocl']}\n    {given}")

print(json.dumps(counts))
if wrong:
    raise SystemExit(f"{len(wrong)} differences:\n" + "\n".join(wrong[:12]))
