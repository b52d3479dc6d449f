"""Measures the whole process: processor time and peak memory of the release binary, for each model named.

    cargo build --release
    cargo bench --bench front -- write /tmp/models
    python3 tests/bench/process.py target/release/umlaut /tmp/models/*.xmi ../shared/corpus/modern/perf/*

Runs `umlaut check` (or `--command "build --force"` and the like) on each and fails if one needs more memory than
12 times its size and 64 MiB. Of generated models of growing size it prints how time and memory grow with them, and fails
where time grows half as fast again as the model.
"""

import argparse
import itertools
import os
import re
import subprocess
import sys
import tempfile

MIB = 1 << 20
# Time may grow so many times as fast as the model.
DEFECT = 1.5


def allowed(size):
    return 12 * size + 64 * MIB


def run(words, folder):
    """Seconds of processor time, peak bytes and exit status of a process."""
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    # Popen must not wait for it again.
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, process.returncode


def scaling(measured):
    """Prints how time and memory grow from each generated model to the next larger one; gives what grows too fast."""
    forms = {}
    for name, (size, seconds, peak) in measured.items():
        if found := re.fullmatch(r"generated-(\d+)-(\w+)\.xmi", name):
            forms.setdefault(found[2], []).append((int(found[1]), size, seconds, peak))
    too_fast = []
    for form, rows in forms.items():
        rows.sort()
        for before, after in itertools.pairwise(rows):
            size, seconds, peak = (after[place] / before[place] for place in (1, 2, 3))
            print(f"{before[0]} to {after[0]} classes ({form}): size x{size:.1f}, time x{seconds:.1f}, memory x{peak:.1f}")
            if seconds > DEFECT * size:
                too_fast.append(f"{before[0]} to {after[0]} ({form})")
    return too_fast


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("models", nargs="+")
    parser.add_argument("--command", default="check", help="the command with its options")
    arguments = parser.parse_args()
    binary = os.path.abspath(arguments.binary)
    too_much, measured = [], {}
    print(f"{'model':<44} {'MB':>7} {'seconds':>8} {'peak MiB':>9} {'allowed':>8} {'times':>6} status")
    for model in arguments.models:
        path = os.path.abspath(model)
        size = os.path.getsize(path)
        with tempfile.TemporaryDirectory() as folder:
            seconds, peak, status = run([binary, *arguments.command.split(), path], folder)
        name = os.path.basename(path)
        print(
            f"{name:<44} {size / 1e6:>7.2f} {seconds:>8.2f} {peak / MIB:>9.0f} {allowed(size) / MIB:>8.0f} "
            f"{peak / size:>6.1f} {status}"
        )
        if status < 0:
            sys.exit(f"{name}: killed by signal {-status}")
        measured[name] = size, seconds, peak
        if peak > allowed(size):
            too_much.append(name)
    if too_fast := scaling(measured):
        sys.exit(f"time grows faster than the model: {', '.join(too_fast)}")
    if too_much:
        sys.exit(f"more memory than allowed: {', '.join(too_much)}")


if __name__ == "__main__":
    main()
