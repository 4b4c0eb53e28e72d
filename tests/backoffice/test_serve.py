"""One command starts web, worker and scheduler together, and stops them together."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
HANGS = 300.0  # seconds after which a start that has not come never will


@pytest.fixture
def home() -> Iterator[str]:
    name = f"serve-{uuid.uuid4().hex[:8]}"
    yield name
    shutil.rmtree(ROOT / "var" / name, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _page(address: str, process: subprocess.Popen[str]) -> str:
    """The page's text, as soon as the server answers: a new database takes as long as the machine is busy."""
    end = time.monotonic() + HANGS
    while process.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=30) as response:
                return str(response.read().decode())
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    process.terminate()
    pytest.fail(f"no page at {address}:\n{process.communicate(timeout=60)[0]}")


def test_web_worker_and_scheduler_start_and_stop_together(home: str) -> None:
    port = _free_port()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "backoffice.settings.dev", "GUICHET_HOME": home}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        text = _page(f"http://127.0.0.1:{port}/connexion/", process)
        assert "<h1>" in text
        assert 'lang="fr"' in text
        swept = ROOT / "var" / home
        assert _appears(swept / "beat-schedule")
    finally:
        process.terminate()
        output, _nothing = process.communicate(timeout=60)
    assert process.returncode == 0, output


def _appears(path: Path) -> bool:
    """Whether the scheduler writes its file in time (its suffix depends on the machine's dbm)."""
    end = time.monotonic() + HANGS
    while time.monotonic() < end:
        if any(path.parent.glob(f"{path.name}*")):
            return True
        time.sleep(0.3)
    return False
