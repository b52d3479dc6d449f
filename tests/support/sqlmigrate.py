"""Ask Django for the SQL of migrations: `python sqlmigrate.py FOLDER`, with the database in `DATABASE_URL`.

Each folder inside FOLDER is a project with a `project.json`: the settings. One JSON document a line comes back: for each migration of
the project's apps, in the order in which they are applied, what `migrate` would do and what `sqlmigrate` prints. The latter knows
only the models that a migration depends on, and so forgets keys of other apps where a model is renamed. Each is applied before
the next one is asked about, because Django looks into the database for the names of constraints.
"""

import json
import os
import sys
import traceback
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.contrib.auth import hashers, validators  # noqa: F401 - once, before the processes part
from django.core.management.commands.sqlmigrate import Command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def judge(folder):
    given = json.loads((folder / "project.json").read_text())
    sys.path.insert(0, str(folder))
    url = urlsplit(os.environ["DATABASE_URL"])
    settings.configure(
        SECRET_KEY="x",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": url.path[1:],
                "USER": url.username,
                "HOST": url.hostname,
                "PORT": url.port,
            }
        },
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.postgres",
            *given["apps"],
        ],
        AUTH_USER_MODEL=given["user"],
    )
    django.setup()
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE EXTENSION hstore")
        cursor.execute("CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm")
    executor = MigrationExecutor(connection)
    answer = {"case": folder.name, "sql": []}
    try:
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        for migration, _ in plan:
            if migration.app_label in given["apps"]:
                sql = [whole(executor, migration), text(migration)]
                answer["sql"].append([migration.app_label, migration.name, *sql])
            executor.migrate([(migration.app_label, migration.name)])
            executor.loader.build_graph()
    except Exception:
        answer["failure"] = traceback.format_exc()
    return answer


def whole(executor, migration):
    state = executor._create_project_state(with_applied_migrations=True)
    with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        migration.apply(state, editor, collect_sql=True)
    return enclosed("\n".join(editor.collected_sql), migration.atomic)


def enclosed(sql, is_atomic):
    return f"BEGIN;\n{sql}\nCOMMIT;\n" if is_atomic else f"{sql}\n"


def text(migration):
    command = Command()
    command.stdout = command.stderr = Sink()
    options = {"app_label": migration.app_label, "migration_name": migration.name, "backwards": False}
    sql = command.handle(**options, database="default", verbosity=0)
    return enclosed(sql, command.output_transaction)


class Sink:
    def write(self, text):
        pass


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
