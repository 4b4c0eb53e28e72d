"""The quality checks, one after the other; all run, and the first failure decides the status."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def tool(name: str) -> str:
    return str(BIN / name)


CHECKS: dict[str, list[str]] = {
    "style": [tool("ruff"), "check", "."],
    "format": [tool("ruff"), "format", "--check", "."],
    "types": [tool("mypy"), "."],
    "layers": [tool("lint-imports")],
    "templates": [tool("djlint"), "templates", "--lint", "--quiet"],
    "messages": [sys.executable, "tools/messages.py", "check"],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "deployment": [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
}
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "backoffice.settings.production",
    "GUICHET_SECRET_KEY": secrets.token_urlsafe(60),
    "GUICHET_HASH_SALT": secrets.token_urlsafe(60),
    "GUICHET_ALLOWED_HOSTS": "guichet.example.org",
    "GUICHET_DATABASE_URL": "postgres://guichet@127.0.0.1/guichet",
    "GUICHET_BROKER_URL": "redis://127.0.0.1/0",
    "GUICHET_EMAIL_URL": "smtp://127.0.0.1:25",
    "GUICHET_FROM_EMAIL": "guichet@example.org",
}
TEST = {"DJANGO_SETTINGS_MODULE": "backoffice.settings.test", "GUICHET_TEST_DB": "sqlite"}


def main() -> int:
    failed = [name for name, command in CHECKS.items() if not _passes(name, command)]
    print("Every check passed." if not failed else f"Failed: {', '.join(failed)}.")
    return len(failed)


def _passes(name: str, command: list[str]) -> bool:
    print(f"— {name}", flush=True)
    environment = os.environ | (PRODUCTION if name == "deployment" else TEST)
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    raise SystemExit(main())
