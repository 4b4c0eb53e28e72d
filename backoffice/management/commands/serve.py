"""Web, worker and scheduler in one command, stopped together: no server needed beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Start web, worker and scheduler together (Ctrl-C stops all)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--exit-after", type=float, help="seconds, for tests")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        processes = {name: subprocess.Popen(line) for name, line in _commands(options["port"]).items()}
        self.stdout.write(f"http://127.0.0.1:{options['port']}/")
        if getattr(settings, "EMAIL_FILE_PATH", None):
            self.stdout.write(f"http://127.0.0.1:{options['port']}/courriels/ (the mails that are not sent)")
        died = self._wait(processes, options["exit_after"])
        _stop(processes)
        if died:
            raise CommandError(f"{', '.join(died)} stopped by itself: see its message above.")

    def _wait(self, processes: dict[str, subprocess.Popen[bytes]], limit: float | None) -> list[str]:
        """Wait for a signal, the limit, or the first process that dies; returns those that died."""
        asked: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda received, frame: asked.append(received))
        start = time.monotonic()
        while not asked and (limit is None or time.monotonic() - start < limit):
            died = [name for name, process in processes.items() if process.poll() is not None]
            if died:
                return died
            time.sleep(0.2)
        return []


def _commands(port: int) -> dict[str, list[str]]:
    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    python, module = sys.executable, os.environ["DJANGO_SETTINGS_MODULE"]
    os.environ["DJANGO_SETTINGS_MODULE"] = module
    return {
        "web": [python, "-m", "gunicorn", "backoffice.wsgi", "-b", f"127.0.0.1:{port}", "-w", "2", "--threads", "4"],
        "worker": [
            python, "-m", "celery", "-A", "backoffice", "worker", "-B", "-P", "threads", "-c", "2", "-l", "warning",
            "-s", str(Path(settings.HOME) / "beat-schedule"),
        ],
    }  # fmt: skip


def _stop(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in processes.values():
        if process.poll() is None:
            process.terminate()
    for process in processes.values():
        process.wait(30)
