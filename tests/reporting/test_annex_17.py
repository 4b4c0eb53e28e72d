"""The completeness meter of annex XVII: what applies, what is missing, what comes later."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Application, IndicatorTarget, Operation
from applications.rules.annex_17 import ALWAYS, CASE, FIELDS, INSTRUMENT, NEVER
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from reporting.annex_17 import READ, meter
from tests.cases import paid_case

pytestmark = pytest.mark.django_db


def missing(case: Case) -> list[int]:
    found = meter(Application.objects.get(pk=case.pk), clock.today())
    assert found is not None
    return [gap.field.number for gap in found.missing]


def test_the_annex_has_142_fields_and_each_that_always_applies_is_read() -> None:
    assert [field.number for field in FIELDS] == list(range(1, 143))
    assert {field.number for field in FIELDS if field.when == ALWAYS} <= set(READ)
    assert all(field.when in (ALWAYS, CASE) for field in FIELDS if field.number in READ)
    counted = {when: sum(field.when == when for field in FIELDS) for when in (ALWAYS, CASE, INSTRUMENT, NEVER)}
    assert sum(counted.values()) == 142


def test_what_is_not_due_yet_is_no_gap(world: World) -> None:
    """A file in examination: the operation's 33 fields are known, the firm's wait for the grant, money for payment."""
    case = Case(world, "F01").fill(SITE).file_it()
    found = meter(Application.objects.get(pk=case.pk), clock.today())
    assert found is not None
    assert found.missing == ()
    assert found.known == found.due
    assert found.later > 15
    Application.objects.filter(pk=case.pk).update(operation=None)
    assert meter(Application.objects.get(pk=case.pk), clock.today()) is None


def test_a_gap_is_named_with_its_place_on_the_officers_page(world: World) -> None:
    case = paid_case(world)
    before = meter(Application.objects.get(pk=case.pk), clock.today())
    assert before is not None
    Operation.objects.update(contact="", gender="")
    IndicatorTarget.objects.filter(code__startswith="RCR").delete()
    Application.objects.filter(pk=case.pk).update(digital_intensity_before=None)
    gone = [7, 46, 52, 55]
    assert [number for number in missing(case) if number not in [gap.field.number for gap in before.missing]] == gone
    client = Client()
    client.force_login(world.staff["officer"])
    shown = client.get(reverse("file", args=[case.file.reference])).content.decode()
    for words in ("Données FEDER", "7. Coordonnées du bénéficiaire", "fiche de l’opération", "46. Codes de l’interv"):
        assert words in shown


def test_the_result_is_asked_a_year_after_the_project(world: World) -> None:
    case = paid_case(world)
    assert 55 not in missing(case)
    Application.objects.filter(pk=case.pk).update(digital_intensity_after=None)
    assert 55 not in missing(case)
    clock.advance(days=366)
    assert 55 in missing(case)
