"""The tasks are known to whoever asks for them: the web process imports no worker."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from workflows import jobs
from workflows.tasks import wake

ROOT = Path(__file__).resolve().parent.parent.parent
ASKED = "import backoffice.wsgi, celery; print(*sorted(name for name in celery.current_app.tasks if 'guichet' in name))"


def test_the_web_process_knows_every_task_that_is_scheduled_and_the_one_that_wakes_the_worker() -> None:
    run = subprocess.run(
        [sys.executable, "-c", ASKED], cwd=ROOT, env=os.environ, check=True, capture_output=True, text=True
    )
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled | {wake.name} <= set(run.stdout.split())


@pytest.mark.both
def test_a_job_is_done_as_soon_as_what_asked_for_it_is_committed(
    db: None, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setitem(jobs.HANDLERS, "tests.note", lambda text: {"noted": done.append(text)})
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue("tests.note", "tests.note:1", text="kept")
        assert not done
    assert done == ["kept"]
