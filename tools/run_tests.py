"""All the tests: the whole suite on PostgreSQL, then those that must hold on SQLite too.

What Python compiles is kept beside the sources (`make clean` removes it): otherwise each process that starts compiles
every module and every test again, which takes longer than to import them.

Extra arguments go to pytest. A test that was skipped or expected to fail is a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import browser, messages, postgres  # noqa: E402


def run(arguments: list[str], **environment: str) -> int:
    """One pytest run in its own process."""
    command = [sys.executable, "-m", "pytest", *arguments]
    kept = os.environ | {"PYTHONDONTWRITEBYTECODE": ""} | environment
    return subprocess.run(command, cwd=ROOT, env=kept, check=False).returncode


def main(extra: list[str]) -> int:
    messages.main(["compile"])
    # A worker that has done its half takes tests of the other's: the slow ones stand together.
    workers = ["-n", os.environ.get("GUICHET_TEST_WORKERS", "2"), "--dist", "worksteal"]
    whole = run([*workers, *extra], GUICHET_TEST_DATABASE_URL=postgres.find(), GUICHET_BROWSER=browser.find())
    embedded = run([*workers, "-m", "both", *extra], GUICHET_TEST_DB="sqlite")
    return whole or embedded


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
