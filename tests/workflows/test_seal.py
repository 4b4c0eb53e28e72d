"""The daily seal leaves the house: as a file and by e-mail, also the night after one that failed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from workflows.seal import seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def outside(settings: Any, tmp_path: Path, world: World) -> Path:
    settings.GUICHET_SEAL_ADDRESSES = ["cour@example.org"]
    settings.GUICHET_SEALS_DIR = tmp_path
    Case(world, "F01").fill(SITE).file_it()
    mail.outbox.clear()
    return tmp_path


def test_a_seal_is_mailed_once_and_kept_as_a_file(outside: Path) -> None:
    made = seal(clock.today())
    seal(clock.today())
    (message,) = mail.outbox
    assert (message.to, message.body.strip()) == (["cour@example.org"], made.root)
    (file,) = outside.iterdir()
    assert file.read_bytes() == bytes(made.content)


def test_a_seal_that_could_not_be_mailed_leaves_the_next_night(outside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(message: Any) -> int:
        raise ConnectionError("no mail server")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", down)
        with pytest.raises(ConnectionError):
            seal(clock.today())
    assert list(outside.iterdir()) == []
    clock.advance(days=1)
    made = seal(clock.today())
    assert [message.body.strip() for message in mail.outbox] == [made.previous, made.root]
    assert len(list(outside.iterdir())) == 2
