"""The doctor finds nothing wrong with a sound installation, and names what is wrong with another."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from applications.models import Document
from backoffice import doctor
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.models import Role, User
from workflows.models import Deadline, Job, OutboxMessage
from workflows.seal import seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(world: World, settings: Any, tmp_path: Path) -> World:
    """A region at work, its folders and its broker in place, its day sealed."""
    settings.GUICHET_DOCUMENTS_DIR, settings.GUICHET_SEALS_DIR = tmp_path / "documents", tmp_path / "seals"
    Case(world, "F01").fill(SITE).file_it()
    seal(clock.today())
    return world


def told() -> dict[str, doctor.Finding]:
    return {finding.part: finding for finding in doctor.examine()}


def test_a_sound_house_has_nothing_wrong(house: World) -> None:
    output = io.StringIO()
    call_command("doctor", stdout=output)
    assert "Nothing is wrong." in output.getvalue()
    assert {finding.health for finding in told().values()} == {doctor.Health.GOOD}


def no_document(settings: Any) -> None:
    digest = Document.objects.values_list("sha256", flat=True)[0]
    next(Path(settings.GUICHET_DOCUMENTS_DIR).rglob(f"{digest}*")).unlink()


def no_mail_server(settings: Any) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = probe.getsockname()[1]
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"


def no_folder(settings: Any) -> None:
    settings.GUICHET_SEALS_DIR = Path(__file__) / "under-a-file"


def no_scheduler(settings: Any) -> None:
    Deadline.objects.filter(closed_at=None).update(due_at=clock.now())
    clock.advance(hours=2)


def no_worker(settings: Any) -> None:
    Job.objects.create(name="read", key="read:1", created_at=clock.now())
    clock.advance(hours=2)


def no_letter(settings: Any) -> None:
    message = OutboxMessage.objects.order_by("pk")[0]
    OutboxMessage.objects.filter(pk=message.pk).update(sent_at=None, attempts=3, error="SMTPRecipientsRefused")


def no_seal(settings: Any) -> None:
    clock.advance(days=5)


def no_guard(settings: Any) -> None:
    with connection.cursor() as cursor:
        on = " ON workflows_event" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {_guard(cursor)}{on}")


def _guard(cursor: Any) -> str:
    listed = "SELECT trigger_name FROM information_schema.triggers WHERE event_object_table = 'workflows_event'"
    if connection.vendor == "sqlite":
        listed = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'workflows_event'"
    cursor.execute(listed)
    return str(cursor.fetchone()[0])


def nobody(settings: Any) -> None:
    Role.objects.all().delete()


def no_source(settings: Any) -> None:
    settings.GUICHET_SIMULATED_CLOCK = False


@pytest.mark.parametrize(
    ("break_it", "part", "words"),
    [
        (no_document, "documents", "missing from the store"),
        (no_mail_server, "mail", "does not answer"),
        (no_folder, "folders", "GUICHET_SEALS_DIR cannot be written"),
        (no_scheduler, "scheduler", "start worker and scheduler"),
        (no_worker, "jobs", "start the worker"),
        (no_letter, "letters", "SMTPRecipientsRefused"),
        (no_seal, "seals", "manage.py seal"),
        (no_guard, "checks", "workflows_event"),
        (nobody, "people", "first_administrator"),
        (no_source, "source", "GUICHET_SOURCE_URL"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(
    house: World, settings: Any, break_it: Callable[[Any], None], part: str, words: str
) -> None:
    break_it(settings)
    finding = told()[part]
    assert finding.health == doctor.Health.BAD
    assert words in finding.sentence
    with pytest.raises(CommandError, match="fault"):
        call_command("doctor", stdout=io.StringIO())


def test_a_lone_administrator_is_told(house: World) -> None:
    Role.objects.filter(user=User.objects.get(email="admin2@demo.example")).delete()
    finding = told()["people"]
    assert finding.health == doctor.Health.DOUBT
    assert "La Réunion" in finding.sentence
