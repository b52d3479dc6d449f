"""Ask Django what it would write: `python makemigrations.py FOLDER`.

Each folder inside FOLDER is a project with a `project.json`: the settings. One JSON document a line comes back: what the
system checks refuse, the files that `makemigrations` would write without the project's own migrations (`null` if Django
refuses; then they are applied and unapplied), and what it would still write with them.

If the settings name the `last` migrations, the project has changed since the others were written: the files are those that
Django would write in their place, and all are applied and taken back to those named in `before`.

Django 5.2 writes some of them in an order that no database takes; `refused` then says why.
"""

import datetime
import decimal
import traceback
import uuid

import django
from django.apps import apps as registry
from django.core import checks, management
from django.db import connection, migrations, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import autodetector, loader, questioner, state, writer
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from judging import judge_each, set_up


def judge(folder):
    given = set_up(folder)
    answer = {"case": folder.name}
    answer["errors"] = [
        str(found) for found in checks.run_checks() if found.level >= checks.ERROR
    ]
    if "last" not in given:
        answer["written"] = written(
            given["apps"], without=lambda key: key[0] in given["apps"]
        )
    answer["pending"] = written(given["apps"])
    if "last" in given:
        return {**answer, **evolved(given)}
    if answer["written"] is None:
        # Nobody else says whether they are right.
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # For fields that somebody asked for by their class.
                cursor.execute("CREATE EXTENSION IF NOT EXISTS hstore")
        management.call_command("migrate", verbosity=0)
        for app in given["apps"]:
            if registry.get_app_config(app).models:
                management.call_command("migrate", app, "zero", verbosity=0)
    return answer


def evolved(given):
    """What Django would write instead of the last of our steps, and whether ours can be applied and unapplied."""
    last = {tuple(key) for key in given["last"]}
    asked = Questioner(given["apps"], given["fillings"], given["renames"])
    changes = changed(given["apps"], without=lambda key: key in last, asked=asked)
    answer = {"written": texts(changes)}
    if django.VERSION < (6, 0) and changes is not None:
        answer["refused"] = refusal(changes, last)
        # Its own `close` keeps what SQLite has in memory.
        BaseDatabaseWrapper.close(connection)
    try:
        management.call_command("migrate", verbosity=0)
    except Exception:
        answer["failure"] = traceback.format_exc()
        return answer
    try:
        for app, name in given["before"]:
            management.call_command("migrate", app, name, verbosity=0)
    except Exception:
        answer["stuck"] = traceback.format_exc()
    return answer


def refusal(changes, last):
    """Why Django's own migrations cannot be applied."""
    known = loader_without(lambda key: key in last)
    executor = MigrationExecutor(connection)
    executor.loader = known
    executor.migrate(known.graph.leaf_nodes())
    state = known.project_state()
    left = [migration for app in changes.values() for migration in app]
    while left:
        waits = {(migration.app_label, migration.name) for migration in left}
        ready = next(it for it in left if not waits & set(it.dependencies))
        left.remove(ready)
        try:
            with connection.schema_editor(atomic=ready.atomic) as editor:
                state = ready.apply(state, editor)
        except Exception:
            return traceback.format_exc()
    return None


class Questioner(questioner.NonInteractiveMigrationQuestioner):
    """Answers what the diagram would have said. Models are renamed already."""

    def __init__(self, apps, fillings, renames):
        super().__init__(specified_apps=apps)
        self.fillings = fillings
        self.renames = renames

    def ask_rename(self, model_name, old_name, new_name, field_instance):
        return [model_name.lower(), old_name, new_name] in self.renames

    def ask_not_null_addition(self, field_name, model_name):
        text = self.fillings.get(f"{model_name.lower()}.{field_name}", "None")
        return eval(
            text,
            {"datetime": datetime, "uuid": uuid, "django": django, "Decimal": decimal.Decimal},
        )

    def ask_not_null_alteration(self, field_name, model_name):
        if f"{model_name.lower()}.{field_name}" in self.fillings:
            return self.ask_not_null_addition(field_name, model_name)
        return models.NOT_PROVIDED

    def ask_auto_now_add_addition(self, field_name, model_name):
        return timezone.now


class Pinned(autodetector.MigrationAutodetector):
    """Django keeps what a deletion waits for in a set: its order, and with it that of operations and even the name of the file,
    is another one in each process. Sorted is one of them."""

    def add_operation(self, app_label, operation, dependencies=None, beginning=False):
        if isinstance(operation, migrations.DeleteModel) and dependencies:
            dependencies = sorted(
                dependencies,
                key=lambda it: (
                    it.app_label,
                    it.model_name.lower(),
                    it.field_name or "",
                    it.type.value,
                ),
            )
        super().add_operation(app_label, operation, dependencies, beginning)


def loader_without(without):
    class Loader(loader.MigrationLoader):
        def load_disk(self):
            super().load_disk()
            for key in [key for key in self.disk_migrations if without(key)]:
                del self.disk_migrations[key]

    return Loader(None, ignore_no_migrations=True)


def written(apps, without=lambda key: False, asked=None):
    return texts(changed(apps, without, asked))


def changed(apps, without, asked):
    known = loader_without(without)
    detector = Pinned(
        known.project_state(),
        state.ProjectState.from_apps(registry),
        asked or questioner.NonInteractiveMigrationQuestioner(specified_apps=apps),
    )
    try:
        return detector.changes(graph=known.graph)
    except ValueError as refusal:
        if "Cannot resolve operation dependencies" in str(refusal):
            return None
        raise


def texts(changes):
    return (
        changes
        if changes is None
        else {
            f"{app}/migrations/{migration.name}.py": writer.MigrationWriter(
                migration, include_header=False
            ).as_string()
            for app, migrations in changes.items()
            for migration in migrations
        }
    )


judge_each(judge)
