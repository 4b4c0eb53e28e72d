"""An exempted grant that was published and changes: each such act makes a correction, published in its turn."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from applications.models import Grant, GrantCorrection, RegisterFiling
from applications.publication import standing, to_correct
from applications.rules.transparency import CorrectionTime, correct_by, correction_time
from backoffice.demo.actors import days
from backoffice.demo.world import World
from regions import clock
from regions.models import SchemeVersion
from reporting.lists.registers import CORRECTIONS, PUBLICATIONS
from reporting.pack.tables import tables
from tests.conftest import _drop_guards
from tests.walks import Walk, exempted, group, published
from workflows import duties, gate, recoveries
from workflows.acts import Denied
from workflows.ledger_check import check_ledger
from workflows.models import Event
from workflows.verify import verify

pytestmark = pytest.mark.django_db
AID = Decimal("120000.00")
Cause = GrantCorrection.Cause


def due(walk: Walk) -> list[tuple[Decimal, Decimal, str]]:
    rows = to_correct(GrantCorrection.objects.filter(grant__application=walk.pk)).order_by("number")
    return [(row.previous, row.equivalent, row.cause) for row in rows]


def listed(listing: Any, walk: Walk) -> list[dict[str, Any]]:
    return list(listing.values(list(listing.source([walk.world.region]).order_by("pk"))))


def amend(walk: Walk, amount: str) -> None:
    walk.act("decider", "amend", amount=Decimal(amount), reason="Projet réduit.")


def take_back(walk: Walk) -> None:
    facts = {"ground": "conditions_not_met", "effect": "withdrawal", "reason": "La mission n’a pas été faite."}
    gate.record(walk.by("officer"), "application", walk.pk, "revocation_proposed", **facts)
    gate.record(walk.manager, "application", walk.pk, "hearing", reason="Pris note.")
    walk.act("decider", "revoke", reason="Constat maintenu.", delegation="Délégation du 2 janvier 2025")


def correct(walk: Walk, **given: Any) -> None:
    row = to_correct(GrantCorrection.objects.filter(filing__isnull=True)).order_by("number").first()
    facts = {"filed_on": clock.today(), "reference": "TAM-2", "correction": row.pk if row else 0} | given
    gate.record(walk.by("officer"), "application", walk.pk, "correction_published", **facts)


def test_a_smaller_grant_corrects_what_was_published(world: World) -> None:
    walk = published(exempted(world))
    days(3)
    amend(walk, "110000.00")
    (row,) = GrantCorrection.objects.all()
    assert (row.number, row.previous, row.equivalent, row.cause) == (1, AID, Decimal("110000.00"), Cause.AMENDED)
    assert (row.corrected_on, row.publish_by) == (clock.today(), correct_by(clock.today()))
    subject, _hash, number = row.event.partition("#")
    assert Event.objects.get(subject=subject, number=number).act == "application.amend"
    (listing,) = listed(CORRECTIONS, walk)
    assert (listing["aid_number"], listing["state"]) == (f"{row.grant.number}/1", "to_enter")
    (grant,) = listed(PUBLICATIONS, walk)
    assert (grant["amount"], grant["standing"]) == (AID, Decimal("110000.00"))
    assert (check_ledger(), verify().faults) == ([], [])


def test_a_grant_not_published_yet_is_published_as_it_stands(world: World) -> None:
    walk = exempted(world)
    amend(walk, "110000.00")
    assert (due(walk), listed(CORRECTIONS, walk)) == ([], [])
    assert listed(PUBLICATIONS, walk)[0]["amount"] == Decimal("110000.00")
    published(walk)
    filing = RegisterFiling.objects.get()
    assert (filing.carried, due(walk)) == (1, [])
    amend(walk, "90000.00")
    assert due(walk) == [(Decimal("110000.00"), Decimal("90000.00"), Cause.AMENDED)]
    (grant,) = listed(PUBLICATIONS, walk)
    assert (grant["amount"], grant["standing"]) == (Decimal("110000.00"), Decimal("90000.00"))


def test_what_was_published_before_an_act_and_noted_after_it_is_corrected(world: World) -> None:
    walk, on = exempted(world), clock.today()
    days(10)
    amend(walk, "110000.00")
    gate.record(walk.by("officer"), "application", walk.pk, "published", filed_on=on, reference="TAM-1")
    assert (RegisterFiling.objects.get().carried, len(due(walk))) == (0, 1)


def test_a_grant_that_came_down_to_the_threshold_is_published_only_if_it_was(world: World) -> None:
    walk = exempted(world)
    amend(walk, "100000.00")
    assert listed(PUBLICATIONS, walk) == []
    with pytest.raises(Denied, match="pas à publier"):
        published(walk)


def test_a_grant_taken_back_is_corrected_to_nothing(world: World) -> None:
    walk = published(exempted(world))
    take_back(walk)
    assert due(walk) == [(AID, Decimal(0), Cause.UNUSED)]
    assert duties.of(walk.file).correct_by == correct_by(clock.today())
    correct(walk)
    assert listed(CORRECTIONS, walk)[0]["state"] == "entered"
    found = duties.of(walk.file)
    assert (found.correct_by, found.published_on) == (None, clock.today())
    assert check_ledger() == []
    kept = {table.key: table.rows for table in tables(walk.file)}
    assert [row["equivalent"] for row in kept["rgec_corrections--gber_corrections"]] == [Decimal(0)]
    assert [row["reference"] for row in kept["rgec_publications--gber_publications"]] == ["TAM-1", "TAM-2"]


def test_each_receipt_of_a_recovery_is_a_correction(world: World) -> None:
    walk = exempted(world)
    walk.paid()
    published(walk)
    event = gate.open_recovery(
        walk.by("officer"), walk.pk, amount=Decimal("50000.00"), reason_code="overpaid", words="Payé deux fois."
    )
    pk = int(event.object.partition(":")[2])
    gate.move(walk.by("officer"), "recovery", pk, "hear")
    days(16)
    gate.move(walk.by("authorising"), "recovery", pk, "order", order_number="T-1", reason="Sans réponse.")
    for amount, reference in (("20000.00", "P-1"), ("30000.00", "P-2")):
        recoveries.collect(
            walk.by("accountant"), pk, amount=Decimal(amount), reference=reference, value_date=clock.today()
        )
    steps = [row[1] for row in due(walk) if row[2] == Cause.RECOVERED]
    assert steps == [standing(Grant.objects.get()) + Decimal("30000.00"), standing(Grant.objects.get())]
    assert standing(Grant.objects.get()) == AID - Decimal("50000.00")
    assert check_ledger() == []


def test_a_firm_that_leaves_and_one_that_takes_its_place_are_corrections(world: World) -> None:
    walk = group(world).running()
    version = SchemeVersion.objects.get(pk=walk.file.scheme_version_id)
    SchemeVersion.objects.filter(pk=version.pk).update(rules=version.rules | {"legal_basis": "gber_18"})
    company = walk.world.companies["F15"]
    gate.record(walk.manager, "application", walk.pk, "member_left", company=company.pk, reason="Elle se retire.")
    assert [d for d in check_ledger() if d.kind == "published"] == []
    gate.record(walk.manager, "application", walk.pk, "member_join", siren=walk.world.companies["F17"].siren)
    walk.confirm_members()
    rows = GrantCorrection.objects.order_by("number").values_list("cause", "previous", "equivalent")
    whole, less = Decimal("30000.00"), Decimal("22500.00")
    assert list(rows) == [(Cause.LEFT, whole, less), (Cause.JOINED, less, whole)]
    assert [d for d in check_ledger() if d.kind == "published"] == []


def test_an_act_that_is_refused_corrects_nothing(world: World) -> None:
    walk = published(exempted(world))
    with pytest.raises(Denied):
        amend(walk, "130000.00")
    assert not GrantCorrection.objects.exists()


def test_a_correction_is_published_once_with_its_day_and_reference(world: World) -> None:
    walk = published(exempted(world))
    days(3)
    amend(walk, "110000.00")
    for given, said in (
        ({"filed_on": date(2025, 1, 1)}, "la correction et aujourd’hui"), ({"reference": " "}, "la référence"),
        ({"correction": 0}, "pas à publier"),
    ):  # fmt: skip
        with pytest.raises(Denied, match=said):
            correct(walk, **given)
    correct(walk)
    (filing,) = RegisterFiling.objects.filter(correction__isnull=False)
    assert (filing.reference, filing.grant, filing.made_by) == ("TAM-2", None, walk.by("officer"))
    with pytest.raises(Denied, match="déjà publiée"):
        correct(walk, correction=filing.correction_id)


@pytest.mark.both
def test_a_correction_altered_behind_the_house_is_found(world: World) -> None:
    walk = exempted(world)
    amend(walk, "110000.00")
    with pytest.raises(TypeError, match="append-only"):
        GrantCorrection.objects.update(number=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuerySet(GrantCorrection).update(equivalent=F("previous"))
    assert check_ledger() == []
    _drop_guards("default")
    QuerySet(GrantCorrection).update(equivalent=F("equivalent") + 1)
    assert [(d.kind, d.application) for d in check_ledger()] == [("published", walk.pk)]


@pytest.mark.both
def test_a_correction_changes_something_and_a_filing_is_of_one_thing(world: World) -> None:
    walk = published(exempted(world))
    amend(walk, "110000.00")
    row, filing = GrantCorrection.objects.get(), RegisterFiling.objects.get()
    same = GrantCorrection(
        grant=row.grant, number=2, previous=row.equivalent, equivalent=row.equivalent, corrected_on=row.corrected_on,
        cause=row.cause, publish_by=row.publish_by, recorded_at=row.recorded_at,
    )  # fmt: skip
    other = RegisterFiling(
        register="de_minimis", correction=row, filed_on=filing.filed_on, reference="X", made_by=filing.made_by,
        recorded_at=filing.recorded_at,
    )  # fmt: skip
    for wrong, name in ((same, "grant_correction_changes"), (other, "filing_of_one_thing")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            wrong.save()


def test_grants_lowered_before_corrections_were_kept_are_taken_up_once(world: World) -> None:
    walk = published(exempted(world))
    amend(walk, "110000.00")
    _drop_guards("default")
    QuerySet(GrantCorrection).delete()
    assert [d.kind for d in check_ledger()] == ["published"]
    import_module("applications.migrations.0023_earlier_changes_of_exempted_grants").take_up(apps, None)
    assert due(walk) == [(AID, Decimal("110000.00"), Cause.EARLIER)]
    assert check_ledger() == []


def test_the_time_of_a_correction_is_dated_and_not_confirmed() -> None:
    assert not correction_time(date(2026, 1, 1)).confirmed
    times = (CorrectionTime(date(2020, 1, 1), 6), CorrectionTime(date(2026, 6, 1), 1, confirmed=True))
    assert [correction_time(date(2026, month, 1), times).months for month in (5, 6)] == [6, 1]
    assert correct_by(date(2026, 8, 31)) == date(2027, 2, 28)
