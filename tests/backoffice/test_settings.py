"""Production takes everything from the environment and refuses an unsafe default."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.check import PRODUCTION

ROOT = Path(__file__).resolve().parent.parent.parent


def _start(**changes: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | PRODUCTION | changes
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_complete_environment_starts() -> None:
    assert _start().returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GUICHET_SECRET_KEY", "short"),
        ("GUICHET_SECRET_KEY", "dev-only-" + "x" * 60),
        ("GUICHET_HASH_SALT", ""),
        ("GUICHET_ALLOWED_HOSTS", "*"),
        ("GUICHET_ALLOWED_HOSTS", ""),
        ("GUICHET_DATABASE_URL", "sqlite:///guichet.sqlite3"),
        ("GUICHET_DATABASE_URL", ""),
        ("GUICHET_BROKER_URL", ""),
        ("GUICHET_EMAIL_URL", ""),
    ],
)
def test_an_unsafe_or_missing_setting_is_named(name: str, value: str) -> None:
    refused = _start(**{name: value})
    assert refused.returncode != 0
    assert name in refused.stderr
