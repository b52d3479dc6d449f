"""What the judges of migrations share: a project in a folder is set up in a process of its own, and answers one JSON document."""

import json
import os
import sys
import traceback
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.contrib.auth import hashers, validators  # noqa: F401 - once, before the processes part
from django.db import connection, migrations, models  # noqa: F401


def set_up(folder):
    """Set Django up for the project in the folder, with an empty database, and return its `project.json`."""
    given = json.loads((folder / "project.json").read_text())
    sys.path.insert(0, str(folder))
    settings.configure(
        SECRET_KEY="x",
        USE_TZ=True,
        TIME_ZONE="UTC",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": database(os.environ.get("DATABASE_URL"))},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.postgres",
            *given["apps"],
        ],
        AUTH_USER_MODEL=given["user"],
    )
    django.setup()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return given


def database(url):
    if not url or url.startswith("sqlite"):
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path[1:],
        "USER": parts.username,
        "HOST": parts.hostname,
        "PORT": parts.port,
    }


def judge_each(judge):
    """Print `judge(folder)` for each folder inside the one that the command line names, or how it crashed."""
    for folder in sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir()):
        sys.stdout.flush()
        # Django can be set up once in a process.
        child = os.fork()
        if child == 0:
            try:
                answer = judge(folder)
            except BaseException:
                answer = {"case": folder.name, "crash": traceback.format_exc()}
            print(json.dumps(answer, default=str), flush=True)
            os._exit(0)
        os.waitpid(child, 0)
