"""Judge whole projects: ``python projects.py FOLDER URL [FOLDER URL ..]``.

Each project gets a process of its own, which begins with Django already there: the system checks find nothing, the
migrations are those of the models, and a database at the URL takes them. What is refused is printed; nothing else is.
"""

import os
import sys
import traceback

import django
from django import forms, template, test  # noqa: F401 - once, before the processes part
from django.contrib.auth import hashers  # noqa: F401
from django.core import checks, management
from django.db import migrations, models  # noqa: F401
from django.db.migrations import autodetector, loader, writer  # noqa: F401


def judge(folder, url):
    os.chdir(folder)
    sys.path.insert(0, folder)
    os.environ.update(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="config.settings.local")
    django.setup()
    management.call_command("check", fail_level="WARNING", databases=["default"])
    management.call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    management.call_command("migrate", verbosity=0)
    management.call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    assert not checks.run_checks(databases=["default"])


def main(arguments):
    for folder, url in zip(arguments[::2], arguments[1::2], strict=True):
        sys.stdout.flush()
        if child := os.fork():
            if os.waitpid(child, 0)[1]:
                print(f"^^^ {folder}")
            continue
        sys.stdout = sys.stderr = open(os.dup(1), "w")
        try:
            with open(os.devnull, "w") as nowhere:
                shown, sys.stdout = sys.stdout, nowhere
                judge(folder, url)
                sys.stdout = shown
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)


main(sys.argv[1:])
