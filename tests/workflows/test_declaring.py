"""What is declared to the Union: paid rows only, once, by separated persons, less what is given back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from applications.enums import Bucket
from applications.models import LedgerEntry, Operation, OperationClaim, OperationClaimLine, PaymentApplication
from backoffice.demo.actors import Case, days
from backoffice.demo.stories import SITE, partly_accepted
from backoffice.demo.world import World
from regions import clock
from regions.models import Programme
from tests.cases import paid_case
from tests.shelf import kept
from tests.walks import undue
from workflows import declaring, gate, recoveries
from workflows.acts import Denied, Forbidden, NotFound
from workflows.verify import verify

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def claimed(world: World) -> OperationClaim:
    """The region's claim for all that was paid up to today."""
    gate.open_operation_claim(world.staff["liquidator"], Operation.objects.get().pk, clock.today())
    return OperationClaim.objects.latest("pk")


@kept
def verified(world: World) -> OperationClaim:
    claim = claimed(world)
    gate.move(world.staff["certifier2"], "operation_claim", claim.pk, "verify", reason="Contrôle sur pièces, conforme.")
    return OperationClaim.objects.get(pk=claim.pk)


@kept
def prepared(world: World) -> PaymentApplication:
    gate.open_payment_application(world.staff["certifier2"], Programme.objects.get().pk, "public")
    return PaymentApplication.objects.latest("pk")


@kept
def sent(world: World) -> PaymentApplication:
    found = prepared(world)
    gate.move(world.staff["authorising"], "payment_application", found.pk, "send", reference="SFC-2025-1")
    return PaymentApplication.objects.get(pk=found.pk)


def corrected(world: World, case: Case, amount: str, **more: object) -> None:
    given = {"amount": Decimal(amount), "ground": "irregular", "audit": True, "reason": "Livrable absent."} | more
    gate.record(world.staff["authorising"], "application", case.pk, "correction", **given)


def test_from_a_payment_to_the_commission(world: World) -> None:
    """2 200.00 paid on one voucher: claimed, verified, declared for the accounting year of the day."""
    paid_case(world)
    claim = verified(world)
    assert claim.declared == Decimal("2200.00")
    assert {line.entry.bucket for line in claim.lines.all() if line.entry} == {Bucket.PAID}
    found = sent(world)
    assert (found.state, found.declared, found.contribution) == ("sent", Decimal("2200.00"), Decimal("2200.00"))
    assert found.year == ("2024-25" if clock.today() < date(2025, 7, 1) else "2025-26")
    assert found.window_start <= clock.today() <= found.window_end
    assert OperationClaim.objects.get().payment_application == found
    assert verify().faults == []


def test_what_is_verified_but_not_paid_is_not_claimed(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it().grant().notify()
    claim = case.claim()
    case.control(claim).certify(claim)
    with pytest.raises(Denied, match="Rien n’a été payé"):
        claimed(world)


def test_a_euro_is_claimed_once(world: World) -> None:
    paid_case(world)
    claim = verified(world)
    days(1)
    with pytest.raises(Denied, match="Rien n’a été payé"):
        claimed(world)
    line = claim.lines.first()
    assert line is not None
    twin = OperationClaimLine(
        claim=claim, application=line.application, entry=line.entry, booked=line.booked, declared=line.declared
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_the_database_refuses_a_line_that_was_not_paid(world: World) -> None:
    case = paid_case(world)
    claim = claimed(world)
    gate.move(world.staff["certifier2"], "operation_claim", claim.pk, "give_back", reason="À reprendre.")
    row = LedgerEntry.objects.filter(application=case.pk, bucket=Bucket.VERIFIED).first()
    good = LedgerEntry.objects.filter(application=case.pk, bucket=Bucket.PAID).first()
    assert row is not None
    assert good is not None
    for entry, amount in ((row, row.amount), (good, good.amount + 1), (good, good.amount - 1)):
        line = OperationClaimLine(claim=claim, application=case.file, entry=entry, booked=amount, declared=amount)
        with pytest.raises(IntegrityError), transaction.atomic():
            line.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        OperationClaimLine(
            claim=claim, application=case.file, entry=good, booked=good.amount, declared=good.amount + 1
        ).save()


def test_who_took_part_in_a_file_does_not_verify_the_claim(world: World) -> None:
    paid_case(world)
    claim = claimed(world)
    with pytest.raises(Denied, match="n’y a pas pris part"):
        gate.move(world.staff["certifier"], "operation_claim", claim.pk, "verify", reason="Vu.")
    with pytest.raises(Forbidden):
        gate.move(world.staff["liquidator"], "operation_claim", claim.pk, "verify", reason="Vu.")
    with pytest.raises(Denied):
        gate.move(world.staff["certifier2"], "operation_claim", claim.pk, "verify")
    with pytest.raises(NotFound):
        gate.open_operation_claim(world.managers["F01"], Operation.objects.get().pk, clock.today())


def test_a_returned_claim_frees_its_rows(world: World) -> None:
    paid_case(world)
    claim = claimed(world)
    gate.move(world.staff["certifier2"], "operation_claim", claim.pk, "give_back", reason="Pièce illisible.")
    again = verified(world)
    assert (again.number, again.declared) == (2, Decimal("2200.00"))


def test_what_the_authority_sets_aside_is_not_declared(world: World) -> None:
    paid_case(world)
    claim = claimed(world)
    line = claim.lines.order_by("-booked").first()
    assert line is not None
    aside = {"line": line.pk, "declared": line.booked - Decimal("100.00")}
    with pytest.raises(Denied, match="pourquoi"):
        gate.record(world.staff["certifier2"], "operation_claim", claim.pk, "withhold", **aside)
    gate.record(
        world.staff["certifier2"], "operation_claim", claim.pk, "withhold", reason="Logo de l’Union absent.", **aside
    )
    gate.move(world.staff["certifier2"], "operation_claim", claim.pk, "verify", reason="Conforme pour le reste.")
    assert sent(world).declared == Decimal("2100.00")


def test_a_correction_reduces_the_next_application(world: World) -> None:
    """2 200.00 declared; then 300.00 is corrected on that file: the next one is what was paid since, less 300.00."""
    case = paid_case(world)
    verified(world)
    sent(world)
    with pytest.raises(Denied, match="au plus celui qui est déclaré"):
        corrected(world, case, "2200.01")
    days(100)
    corrected(world, case, "300.00")
    assert declaring.declared_of(case.file) == Decimal("1900.00")
    other = partly_accepted(world)
    since = LedgerEntry.objects.filter(application=other.pk, bucket=Bucket.PAID)
    second = verified(world)
    assert second.declared == sum((row.amount for row in since), Decimal(0)) - Decimal("300.00")
    assert sent(world).declared == second.declared
    assert second.lines.get(correction__isnull=False).declared == Decimal("-300.00")
    assert declaring.declared_of(case.file) == Decimal("1900.00")
    assert verify().faults == []


def test_what_is_given_back_reduces_the_claim_but_for_what_was_set_aside(world: World) -> None:
    """100.00 set aside; 500.00 come back on that file: the next claim is reduced by 400.00, and not by nothing."""
    case, recovery = undue(world)
    claim = claimed(world)
    line = claim.lines.order_by("-booked")[0]
    aside = {"line": line.pk, "declared": line.booked - Decimal("100.00"), "reason": "Logo de l’Union absent."}
    gate.record(world.staff["certifier2"], "operation_claim", claim.pk, "withhold", **aside)
    gate.move(world.staff["certifier2"], "operation_claim", claim.pk, "verify", reason="Conforme pour le reste.")
    gate.move(case.by("officer"), "recovery", recovery.pk, "hear")
    gate.move(case.manager, "recovery", recovery.pk, "observe", reason="La facture est unique.")
    gate.move(case.by("authorising"), "recovery", recovery.pk, "order", order_number="T-1", reason="Deux factures.")
    given = {"amount": Decimal("500.00"), "reference": "ENC-1", "value_date": clock.today()}
    recoveries.collect(case.by("accountant"), recovery.pk, **given)
    days(1)
    assert claimed(world).declared == Decimal("-400.00")


def test_one_application_per_period_and_two_persons(world: World) -> None:
    paid_case(world)
    verified(world)
    found = prepared(world)
    with pytest.raises(Denied, match="existe déjà"):
        prepared(world)
    with pytest.raises(Denied, match="SFC2021"):
        gate.move(world.staff["authorising"], "payment_application", found.pk, "send", reference=" ")
    with pytest.raises(Forbidden):
        gate.move(world.staff["certifier2"], "payment_application", found.pk, "send", reference="SFC-1")
    gate.move(world.staff["authorising"], "payment_application", found.pk, "cancel", reason="Erreur de saisie.")
    assert sent(world).number == 2


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 2, 28), "2025-26"), (date(2026, 6, 15), "2025-26"), (date(2026, 7, 31), "2025-26"),
        (date(2026, 8, 1), "2026-27"), (date(2026, 12, 31), "2026-27"),
    ],
)  # fmt: skip
def test_the_accounting_year_of_an_application(day: date, year: str) -> None:
    """The application of the period that ends on 31 July is the final one of the year ended on 30 June."""
    assert declaring.year_of(day).label == year
