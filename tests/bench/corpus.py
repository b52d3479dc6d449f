"""What becomes of an archive of real diagrams: each file is compiled, and its project judged by Django and ruff.

    python corpus.py FOLDER... --umlaut UMLAUT --python PYTHON --results FILE [--jobs 1] [--sample 60] [--tests] [--keep DIR]
    python corpus.py --table --results FILE

FOLDER has a `COUNTS.jsonl`: a JSON object a line with the `path` of a file in it and the number of its `classes`, or its
`members` if it is an archive. Files with at least one class are built with `umlaut build --isolated --keep-going`. PYTHON is
an interpreter with Django, what the projects require, and ruff beside it. Each step has a time limit:

    built       umlaut writes a project
    checked     `manage.py check` finds nothing
    complete    `makemigrations --check` has nothing to add
    identical   `makemigrations` would write the same files in place of ours, but for the first line; or cannot write them
    migrated    `migrate` on SQLite
    linted      `ruff check`
    formatted   `ruff format --check`
    tested      the project's own tests pass (with `--tests`)

FILE gets a JSON object a line as soon as a file is judged; what it holds already is not done again. The table comes last:
files and steps by tool, then the causes of failures, and notes. `--sample` takes that many files, spread evenly. `--keep`
keeps the projects.
"""

import argparse
import collections
import concurrent.futures
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

STEPS = ["built", "checked", "complete", "identical", "migrated", "linted", "formatted", "tested"]
DJANGO_STEPS = ["checked", "complete", "identical", "migrated"]
# Of the clock; but of the processor for what is Django's.
SECONDS = {"built": 60, "checked": 120, "complete": 120, "identical": 300, "migrated": 300, "tested": 600}
INSIDE = "--inside"


class Failure(Exception):
    """Says why a step failed: the cause, which other files may share, and what was seen here."""

    def __init__(self, cause, seen=""):
        super().__init__(cause)
        self.cause = cause
        self.seen = seen[-2000:]


def timed(step, work, clock=time.monotonic):
    """Does a step: `{"seconds"}`, with a `cause` and what was `seen` if it failed, or a `note`."""
    start = clock()
    answer = {}
    try:
        note = work()
        if isinstance(note, str):
            answer = {"note": note}
    except Failure as failure:
        answer = {"cause": failure.cause, "seen": failure.seen}
    except (TimeoutError, subprocess.TimeoutExpired):
        answer = {"cause": f"not done after {SECONDS[step]} s", "seen": ""}
    return {"seconds": round(clock() - start, 2), **answer}


# Files


def with_classes(folder):
    """The models of a folder that hold a class, by the names that `umlaut build` takes."""
    for line in (folder / "COUNTS.jsonl").read_text().splitlines():
        yield from models(json.loads(line), str(folder))


def models(row, folder):
    path = f"{folder}/{row.get('path') or row['name']}"
    if "members" not in row:
        return [path] if row.get("classes", 0) else []
    found = [model for member in row["members"] for model in models(member, f"{path}!")]
    # An archive with one model is read as that model.
    return found if len(found) > 1 else [path] * len(found)


def size(path):
    return Path(path.split("!")[0]).stat().st_size


def spread(paths, number):
    step = max(len(paths) / number, 1)
    return [paths[int(index * step)] for index in range(min(number, len(paths)))]


# One file


def judge(path, options):
    with contextlib.ExitStack() as stack:
        if options.keep:
            project = options.keep / re.sub(r"\W+", "_", path.split("corpus/")[-1])
            shutil.rmtree(project, ignore_errors=True)
        else:
            project = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "project"
        steps = {"built": timed("built", lambda: build(path, project, options))}
        if "cause" not in steps["built"]:
            steps.update(ask_django(project, options))
            steps["linted"] = timed("linted", lambda: lint(project, options))
            steps["formatted"] = timed("formatted", lambda: reformat(project, options))
            if options.tests:
                steps["tested"] = timed("tested", lambda: test(project, options))
        return {"path": path, "steps": steps}


def run(step, command, folder=None):
    return subprocess.run(
        [str(part) for part in command], cwd=folder, capture_output=True, text=True, timeout=SECONDS.get(step, 120)
    )


def build(path, project, options):
    command = [options.umlaut, "build", path, "-o", project, "--isolated", "--keep-going", "--format", "short"]
    done = run("built", command)
    if not (project / "manage.py").exists():
        codes = re.findall(r"error\[(\w+)\]", done.stderr)
        last = done.stderr.strip().splitlines()[-1:] or [f"status {done.returncode}"]
        raise Failure(codes[0] if codes else last[0], done.stderr)


def lint(project, options):
    done = run("linted", [options.python.parent / "ruff", "check", "--no-cache", "--output-format=json"], project)
    found = json.loads(done.stdout or "[]")
    if found or done.returncode:
        codes = sorted({each["code"] or "syntax" for each in found})
        first = [f"{each['filename']}:{each['location']['row']}: {each['code']} {each['message']}" for each in found]
        raise Failure(" ".join(codes), "\n".join(first[:20]))


def reformat(project, options):
    done = run("formatted", [options.python.parent / "ruff", "format", "--no-cache", "--diff"], project)
    if done.returncode:
        files = re.findall(r"^--- (?:.*/)?(.*)$", done.stdout, re.MULTILINE)
        raise Failure(" ".join(sorted(set(files))) or done.stderr[:200], done.stdout[:2000])


def test(project, options):
    done = run("tested", [options.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short"], project)
    if done.returncode:
        kinds = re.findall(r"^E   ([\w.]+(?:: .{0,60})?)", done.stdout, re.MULTILINE)
        causes = collections.Counter(re.sub(r"\d+", "N", kind) for kind in kinds)
        cause = causes.most_common(1)[0][0] if causes else f"status {done.returncode}"
        raise Failure(cause, done.stdout)


# Django, asked in a process of its own


def ask_django(project, options):
    command = [str(options.python), __file__, INSIDE]
    said, last = "", ""
    try:
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=3600)
        said, last = done.stdout, (done.stderr.strip().splitlines() or ["no answer"])[-1]
    except subprocess.TimeoutExpired as late:
        said, last = (late.stdout or b"").decode(), "no answer within an hour"
    steps = {}
    for line in said.splitlines():
        with contextlib.suppress(ValueError):
            steps.update(json.loads(line))
    for step in DJANGO_STEPS:
        steps.setdefault(step, {"seconds": 0, "cause": f"Django: {last[:120]}", "seen": ""})
    return steps


def inside():
    """In the folder of a project: does the steps that are Django's, and prints an object for each."""
    sys.path.insert(0, os.getcwd())
    os.environ["DJANGO_SETTINGS_MODULE"] = re.search(r"[\"'](\w+\.settings[\w.]*)", Path("manage.py").read_text())[1]
    signal.signal(signal.SIGPROF, too_late)
    import django

    django.setup()
    for step, work in zip(DJANGO_STEPS, [check, complete, identical, migrate], strict=True):
        signal.setitimer(signal.ITIMER_PROF, SECONDS[step])
        answer = timed(step, lambda work=work: explained(work), time.process_time)
        signal.setitimer(signal.ITIMER_PROF, 0)
        print(json.dumps({step: answer}), flush=True)


def too_late(_signal, _frame):
    raise TimeoutError


def explained(work):
    """Whatever Django raises is a failure of the step."""
    try:
        return work()
    except (Failure, TimeoutError):
        raise
    except BaseException as error:
        cause = re.sub(r"[\"'].*?[\"']", "…", str(error).split("\n")[0])[:100]
        raise Failure(f"{type(error).__name__}: {cause}", traceback.format_exc()) from error


def check():
    from django.core import checks

    found = [each for each in checks.run_checks() if not each.is_silenced()]
    if found:
        raise Failure(" ".join(sorted({each.id for each in found})), "\n".join(str(each) for each in found))


def complete():
    left = changes(without=())
    if left:
        raise Failure("migrations are left to write", "\n".join(f"{path}\n{text}" for path, text in left.items()))


def identical():
    from django.apps import apps

    root = Path.cwd()
    ours, labels = {}, set()
    for config in apps.get_app_configs():
        folder = Path(config.path, "migrations")
        if root not in folder.parents or not any(config.get_models()):
            continue
        labels.add(config.label)
        for file in folder.glob("[0-9]*.py"):
            ours[f"{config.label}/{file.name}"] = file.read_text().split("\n\n", 1)[1]
    try:
        theirs = changes(without=labels)
    except ValueError as refusal:
        if "Cannot resolve operation dependencies" in str(refusal):
            return "Django cannot write them"
        raise
    if ours.keys() != theirs.keys():
        raise Failure("other files", f"ours: {sorted(ours)}; Django's: {sorted(theirs)}")
    for path, text in sorted(ours.items()):
        for our, their in zip(text.splitlines(), theirs[path].splitlines(), strict=False):
            if our != their:
                raise Failure("another line", f"{path}\nours:   {our}\nDjango: {their}")
        if text != theirs[path]:
            raise Failure("another end", path)


def changes(without):
    """What `makemigrations` would write if the migrations of some apps were not there."""
    from django.apps import apps
    from django.db.migrations import autodetector, loader, questioner, state, writer

    class Loader(loader.MigrationLoader):
        def load_disk(self):
            super().load_disk()
            for key in [key for key in self.disk_migrations if key[0] in without]:
                del self.disk_migrations[key]

    known = Loader(None, ignore_no_migrations=True)
    detector = autodetector.MigrationAutodetector(
        known.project_state(),
        state.ProjectState.from_apps(apps),
        questioner.NonInteractiveMigrationQuestioner(specified_apps=without),
    )
    return {
        f"{app}/{migration.name}.py": writer.MigrationWriter(migration, include_header=False).as_string()
        for app, migrations in detector.changes(graph=known.graph).items()
        for migration in migrations
    }


def migrate():
    from django.core import management

    management.call_command("migrate", verbosity=0, skip_checks=True)


# The table


def table(results):
    """Files by tool and step, then the causes, and the slowest files."""
    tools = collections.defaultdict(collections.Counter)
    causes, notes = collections.defaultdict(list), collections.defaultdict(list)
    for result in results:
        for name in ("/".join(result["path"].split("corpus/")[-1].split("/")[:2]), "total"):
            tools[name]["files"] += 1
            for step, answer in result["steps"].items():
                tools[name][step] += "cause" not in answer
        for step, answer in result["steps"].items():
            if "cause" in answer:
                causes[step, answer["cause"]].append(result["path"])
            elif "note" in answer:
                notes[step, answer["note"]].append(result["path"])
    print(f"{'':28}" + "".join(f"{step:>10}" for step in ["files", *STEPS]))
    total = tools.pop("total", collections.Counter())
    for name, counts in [*sorted(tools.items()), ("total", total)]:
        print(f"{name:28}" + "".join(f"{counts[step]:>10}" for step in ["files", *STEPS]))
    for prefix, found in (("not ", causes), ("", notes)):
        for (step, cause), paths in sorted(found.items(), key=lambda item: (STEPS.index(item[0][0]), -len(item[1]))):
            names = ", ".join(Path(path).name for path in paths[:3])
            print(f"{len(paths):5} {prefix}{step}: {cause}: {names}")


def held(file):
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--umlaut", type=Path)
    parser.add_argument("--python", type=Path)
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--tests", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--table", action="store_true", help="print what the results hold, and do nothing")
    options = parser.parse_args()
    if not options.table:
        # Projects are judged in their own folders. The link to an interpreter is what makes its environment.
        options.umlaut, options.python = options.umlaut.resolve(), options.python.absolute()
        options.keep = options.keep and options.keep.resolve()
        paths = [path for folder in options.folders for path in with_classes(folder.resolve())]
        if options.sample:
            paths = spread(paths, options.sample)
        done = {result["path"] for result in held(options.results)}
        # Small files first: they say most in the least time.
        paths = sorted((path for path in paths if path not in done), key=size)
        with options.results.open("a") as results, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for result in concurrent.futures.as_completed(pool.submit(judge, path, options) for path in paths):
                print(json.dumps(result.result()), file=results, flush=True)
    table(held(options.results))


if __name__ == "__main__":
    inside() if INSIDE in sys.argv else main()
