"""Compares the time of our migrations with that of `manage.py makemigrations`, for generated models.

    cargo build --release
    python3 tests/bench/migrations.py target/release/umlaut [SIZE ...] [--python PYTHON]

PYTHON has the packages of a generated project. Each model is built; then its migrations are taken away and Django writes them again.
The whole `umlaut build` is measured, which reads the model and writes models, admin, API and tests besides; `makemigrations`
finds `models.py` there already. Both times are of the processor. Fails if the files differ in more than their first line.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

TYPES = ["String", "Integer", "Boolean", "Real"]


def model(count):
    """A model of `count` classes in packages of 50, each with four attributes and up to two associations."""
    uml = "http://www.omg.org/spec/UML/20131001"
    lines = [f'<xmi:XMI xmlns:xmi="http://www.omg.org/spec/XMI/20131001" xmlns:uml="{uml}"><uml:Model xmi:id="m" name="bench">']
    for first in range(0, count, 50):
        lines.append(f'<packagedElement xmi:type="uml:Package" xmi:id="p{first}" name="part{first // 50}">')
        for number in range(first, min(first + 50, count)):
            lines.append(f'<packagedElement xmi:type="uml:Class" xmi:id="c{number}" name="Class{number}">')
            for place, name in enumerate(TYPES):
                kind = f'<type xmi:type="uml:PrimitiveType" href="{uml}/PrimitiveTypes.xmi#{name}"/>'
                lines.append(f'<ownedAttribute xmi:id="a{number}_{place}" name="value{place}">{kind}</ownedAttribute>')
            # Within the package, and to the one before: no circles.
            targets = {number - 1, number - 50} if number % 3 else {number - 1}
            for target in sorted(target for target in targets if target >= 0):
                lines.append(f'<ownedAttribute xmi:id="k{number}_{target}" name="to{target}" type="c{target}"/>')
            lines.append("</packagedElement>")
        lines.append("</packagedElement>")
    return "\n".join([*lines, "</uml:Model></xmi:XMI>"])


def seconds(words, folder, **environment):
    """Seconds of processor time; fails with what the process says if it fails."""
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, env={**os.environ, **environment})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def migrations(project):
    """The files without their first line."""
    paths = sorted(project.glob("*/migrations/0*.py"))
    return {str(path.relative_to(project)): path.read_text().split("\n", 1)[1] for path in paths}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=Path)
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 10_000])
    parser.add_argument("--python", default=sys.executable)
    arguments = parser.parse_args()
    is_same = True
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "bench.xmi").write_text(model(size))
            binary = arguments.binary.resolve()
            ours = seconds([binary, "build", "bench.xmi", "-o", "project", "--isolated", "-q"], folder)
            project = folder / "project"
            written = migrations(project)
            for path in project.glob("*/migrations/0*.py"):
                path.unlink()
            url = f"sqlite:///{folder / 'db.sqlite3'}"
            words = [arguments.python, "manage.py", "makemigrations", "-v", "0"]
            theirs = seconds(words, project, DATABASE_URL=url)
            same = migrations(project) == written
            is_same &= same
            verdict = "the same files" if same else "OTHER FILES"
            print(
                f"{size} models: umlaut build {ours:.2f} s, makemigrations {theirs:.2f} s: "
                f"x{theirs / ours:.1f}, {len(written)} migrations, {verdict}"
            )
    if not is_same:
        sys.exit("Django writes something else")


if __name__ == "__main__":
    main()
