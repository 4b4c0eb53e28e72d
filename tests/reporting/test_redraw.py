"""The night draws every kept sample again: nothing when it agrees, a word to the audit alone when it does not."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db.models import QuerySet
from django.urls import reverse

from backoffice.demo.world import World
from regions.enums import RoleKind
from reporting import tasks
from reporting.audit import drawing
from reporting.models import Sample
from tests.backoffice.payments.people import elsewhere
from tests.conftest import _drop_guards
from tests.reporting.test_samples import asked, two_claims
from workflows import jobs

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def altered(what: str, sample: Sample) -> dict[str, Any]:
    """A population, a seed or a draw that was changed behind the house."""
    return {
        "population": {"population": sample.population.replace("2200.00", "2201.00", 1)},
        "draw": {"drawn": sample.drawn | {"seed": "autre"}},
        "hash": {"drawn_sha256": "0" * 64},
    }[what]


@pytest.mark.parametrize("what", ["population", "draw", "hash"])
def test_a_sample_that_is_no_longer_drawn_alike_is_told_once_to_its_auditors(world: World, what: str) -> None:
    sample = drawing.take(asked(two_claims(world)), world.staff["auditor"])
    elsewhere(RoleKind.AUDITOR)
    assert tasks.redraw_samples() == {"differ": []}
    _drop_guards("default")
    QuerySet(Sample).filter(pk=sample.pk).update(**altered(what, sample))
    jobs.drain()
    mail.outbox.clear()
    for _night in range(2):
        assert tasks.redraw_samples() == {"differ": [sample.pk]}
        jobs.drain()
    (message,) = mail.outbox
    assert message.to == [world.staff["auditor"].email]
    assert reverse("audit-sample", args=[sample.pk]) in message.body
    assert sample.seed not in message.body


def test_the_night_is_asked_to_do_it() -> None:
    assert "guichet.redraw_samples" in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
