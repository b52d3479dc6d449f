"""Ask Django for the SQL of migrations: `python sqlmigrate.py FOLDER`, with the database in `DATABASE_URL`.

Each folder inside FOLDER is a project with a `project.json`: the settings. One JSON document a line comes back: for each migration of
the project's apps, in the order in which they are applied, what `migrate` would do and what `sqlmigrate` prints. The latter knows
only the models that a migration depends on, and so forgets keys of other apps where a model is renamed. Each is applied before
the next one is asked about, because Django looks into the database for the names of constraints.
"""

import traceback
from contextlib import contextmanager

from django.core.management.commands.sqlmigrate import Command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from judging import judge_each, set_up


def judge(folder):
    given = set_up(folder)
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION hstore; CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm")
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
        with renames_known(editor):
            migration.apply(state, editor, collect_sql=True)
    return enclosed("\n".join(editor.collected_sql), migration.atomic)


@contextmanager
def renames_known(editor):
    """Let Django 5.2 look at tables that it would have renamed by the names that they still have, as 6.1 does by itself."""
    look, rename, names = connection.introspection.get_constraints, editor.alter_db_table, {}

    def alter_db_table(model, old, new):
        rename(model, old, new)
        names[new] = names.pop(old, old)

    if not hasattr(editor, "collected_table_renames"):
        editor.alter_db_table = alter_db_table
        connection.introspection.get_constraints = lambda cursor, table: look(cursor, names.get(table, table))
    try:
        yield
    finally:
        connection.introspection.get_constraints = look


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


judge_each(judge)
