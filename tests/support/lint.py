"""What squawk and django-migration-linter find in the migrations that are still to be applied; run in a project's shell.

Prints a JSON list of findings: the tool, its rule, the migration and the statement. Each migration is applied before the next one is
looked at, because Django looks into the database for the names of constraints.
"""

import json
import subprocess
import sys
from pathlib import Path

from django.core.management.commands.sqlmigrate import Command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django_migration_linter.sql_analyser import analyse_sql_statements, get_sql_analyser_class


class Sink:
    def write(self, text):
        pass


def sql(migration):
    command = Command()
    command.stdout = command.stderr = Sink()
    options = {"app_label": migration.app_label, "migration_name": migration.name, "backwards": False}
    text = command.handle(**options, database="default", verbosity=0)
    return f"BEGIN;\n{text}\nCOMMIT;\n" if command.output_transaction else f"{text}\n"


def squawk(text):
    program = Path(sys.executable).with_name("squawk")
    version = str(connection.pg_version // 10_000)
    process = subprocess.run(
        [program, "--reporter", "json", "--pg-version", version],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode in (0, 1), process.stderr
    lines = text.splitlines()
    for finding in json.loads(process.stdout):
        yield "squawk", finding["rule_name"], lines[finding["line"]]


def linter(text):
    statements = [line for line in text.splitlines() if line and not line.startswith("--")]
    analyser = get_sql_analyser_class(connection.vendor)
    errors, _, warnings = analyse_sql_statements(analyser, statements)
    # It names no statement.
    for found in [*errors, *warnings]:
        yield "django-migration-linter", found.code, ""


executor = MigrationExecutor(connection)
findings = []
for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
    text = sql(migration)
    for look in (squawk, linter):
        findings.extend((tool, rule, migration.name, line) for tool, rule, line in look(text))
    executor.migrate([(migration.app_label, migration.name)])
    executor.loader.build_graph()
print(json.dumps(findings))
