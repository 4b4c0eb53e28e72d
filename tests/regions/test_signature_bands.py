"""The amount above which two persons signed, of terms made before there were bands, is kept as a band of two."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from regions import clock, guards
from regions.models import PayingTerms, Region, User
from regions.territory import load_regions

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]
BEFORE = ("regions", "0010_complaint_terms")


def _back() -> None:
    call_command("migrate", *BEFORE, verbosity=0)


def _forth() -> None:
    """To the last migration of every app: those that came since were undone too."""
    call_command("migrate", verbosity=0)


def _then() -> Any:
    """The terms as the code of that time knew them."""
    return MigrationExecutor(connection).loader.project_state([BEFORE]).apps.get_model("regions", "PayingTerms")


def _terms(threshold: Decimal | None) -> int:
    """Terms confirmed before the bands."""
    proposer, other = (User.objects.create_user(f"{n}{threshold}@demo.example", "Exemple") for n in ("a", "b"))
    made: int = (
        _then()
        .objects.create(
            region_id=Region.objects.get(code="04").pk, valid_from=clock.today(), proposed_by_id=proposer.pk,
            proposed_at=clock.now(), confirmed_by_id=other.pk, confirmed_at=clock.now(),
            two_signatures_above=threshold,
        )
        .pk
    )  # fmt: skip
    return made


def test_a_threshold_becomes_a_band_of_two_and_comes_back() -> None:
    load_regions()
    _back()
    try:
        high, zero, none = _terms(Decimal("50000.10")), _terms(Decimal(0)), _terms(None)
    finally:
        _forth()
    bands = {
        row.pk: list(row.bands.values_list("above", "signatures"))
        for row in PayingTerms.objects.prefetch_related("bands")
    }
    assert bands == {high: [(Decimal("50000.10"), 2)], zero: [(Decimal(0), 2)], none: []}
    assert guards.missing() == []
    _back()
    try:
        kept = dict(_then().objects.values_list("pk", "two_signatures_above"))
    finally:
        _forth()
    assert kept == {high: Decimal("50000.10"), zero: Decimal(0), none: None}
