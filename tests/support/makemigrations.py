"""Ask Django what it would write: `python makemigrations.py FOLDER`.

Each folder inside FOLDER is a project with a `project.json`: the settings. One JSON document a line comes back: what the
system checks refuse, the files that `makemigrations` would write without the project's own migrations (`null` if Django
refuses; then they are applied and unapplied), and what it would still write with them.
"""

import json
import os
import sys
import traceback
from pathlib import Path

import django
from django.apps import apps as registry
from django.conf import settings
from django.contrib.auth import hashers, validators  # noqa: F401 - once, before the processes part
from django.core import checks, management
from django.db import models  # noqa: F401
from django.db.migrations import autodetector, loader, questioner, state, writer


def judge(folder):
    given = json.loads((folder / "project.json").read_text())
    sys.path.insert(0, str(folder))
    settings.configure(
        SECRET_KEY="x",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.postgres",
            *given["apps"],
        ],
        AUTH_USER_MODEL=given["user"],
    )
    django.setup()
    answer = {"case": folder.name}
    answer["errors"] = [str(found) for found in checks.run_checks() if found.level >= checks.ERROR]
    answer["written"] = written(given["apps"], without_own=True)
    answer["pending"] = written(given["apps"], without_own=False)
    if answer["written"] is None:
        # Nobody else says whether they are right.
        management.call_command("migrate", verbosity=0)
        for app in given["apps"]:
            if registry.get_app_config(app).models:
                management.call_command("migrate", app, "zero", verbosity=0)
    return answer


def written(apps, without_own):
    class Loader(loader.MigrationLoader):
        def load_disk(self):
            super().load_disk()
            if without_own:
                for key in [key for key in self.disk_migrations if key[0] in apps]:
                    del self.disk_migrations[key]

    known = Loader(None, ignore_no_migrations=True)
    detector = autodetector.MigrationAutodetector(
        known.project_state(),
        state.ProjectState.from_apps(registry),
        questioner.NonInteractiveMigrationQuestioner(specified_apps=apps),
    )
    try:
        changes = detector.changes(graph=known.graph)
    except ValueError as refusal:
        if "Cannot resolve operation dependencies" in str(refusal):
            return None
        raise
    return {
        f"{app}/migrations/{migration.name}.py": writer.MigrationWriter(migration, include_header=False).as_string()
        for app, migrations in changes.items()
        for migration in migrations
    }


def main():
    for folder in sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir()):
        sys.stdout.flush()
        # Django can be set up once in a process.
        child = os.fork()
        if child == 0:
            try:
                answer = judge(folder)
            except BaseException:
                answer = {"case": folder.name, "crash": traceback.format_exc()}
            print(json.dumps(answer), flush=True)
            os._exit(0)
        os.waitpid(child, 0)


main()
