"""One operation per firm: what the firm spent is declared, in the part whose aid is paid, by who took no part."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from applications.models import Correction, Operation, OperationAmendment, OperationClaim, PaymentApplication, Recovery
from backoffice.demo import stories
from backoffice.demo.actors import Case, days
from backoffice.demo.world import World
from regions import clock
from regions.models import Programme, SpecificObjective
from tests.kinds import LEAD, drafted, examined, notified, opened
from tests.shelf import kept
from workflows import declaring, declaring_firms, gate, letters, recoveries
from workflows.acts import Denied, Forbidden, NotFound
from workflows.models import OutboxMessage
from workflows.verify import verify

pytestmark = [pytest.mark.django_db, pytest.mark.both]

MISSION = ("digital_strategy", "Feuille de route", "8000.00")


@kept
def advised(world: World) -> Case:
    """Exempted aid on real costs: half of 8 000.00, in a scheme where each firm is the beneficiary."""
    return notified(drafted(opened(world, "conseil-digital", "single"), MISSION))


@kept
def advised_and_paid(world: World) -> Case:
    return paid(advised(world))


def paid(case: Case) -> Case:
    """Claimed whole, certified and paid by the accountant."""
    claim = case.claim()
    case.control(claim).certify(claim)
    stories._pay(case.world, case, claim)
    return case


def taken_up(world: World, who: str = "certifier2", until: date | None = None) -> gate.Batch:
    return gate.declare_firms(world.staff[who], Programme.objects.get().pk, until or clock.today())


@kept
def declared(world: World) -> OperationClaim:
    advised_and_paid(world)
    assert taken_up(world).refused == []
    return OperationClaim.objects.latest("pk")


@kept
def sent(world: World) -> PaymentApplication:
    declared(world)
    gate.open_payment_application(world.staff["certifier2"], Programme.objects.get().pk, "public")
    found = PaymentApplication.objects.latest("pk")
    gate.move(world.staff["authorising"], "payment_application", found.pk, "send", reference="SFC-2025-1")
    return PaymentApplication.objects.get(pk=found.pk)


def test_a_firm_told_its_conditions_has_its_operation(world: World) -> None:
    """The document of the conditions of support (art. 73(3)) gives the operation its dates and its amounts."""
    case = examined(drafted(opened(world, "conseil-digital", "single"), MISSION).file_it())
    assert case.file.operation is None
    case.act("officer", "propose")
    days(2)
    case.act("decider", "grant", delegation="Délégation du 2 janvier 2025")
    assert case.file.operation is None
    case.notify()
    made = case.file.operation
    assert made is not None
    assert (made.code, made.beneficiary_mode) == (case.file.reference, "single")
    assert (made.beneficiary_name, made.beneficiary_id) == (case.file.company.name, case.file.company.siret)
    assert (made.total_cost, made.eligible_cost) == (Decimal("8000.00"), Decimal("8000.00"))
    assert made.erdf_support == case.file.agreement.shares.get(funder="erdf").amount == Decimal("1600.00")
    assert (made.decided_on, made.ends_on) == (case.file.notified_on, case.file.complete_by)
    assert (made.location, made.economic_activity) == ("FRY40", "25")
    assert {t.code: t.target for t in made.targets.all()} == {
        "RCO01": 1, "RCO02": 1, "RCO13": 8000, "RCR02": 4000, "RCR13": 1,
    }  # fmt: skip
    assert verify().faults == []


def test_the_letter_of_the_grant_is_the_document_of_the_conditions(world: World) -> None:
    """It names the operation, the Regulation that the aid rests on, and the days within which the firm is paid."""
    file = advised(world).file
    facts = letters.facts_of(OutboxMessage.objects.get(template="grant", application=file))
    assert facts.operation is not None
    assert (facts.operation.code, facts.operation.support) == (file.reference, Decimal("1600.00"))
    assert facts.operation.payment_days == file.scheme_version.rule("when", "payment_days")
    assert facts.regulation == "(UE) n° 651/2014 de la Commission du 17 juin 2014, article 18"


def test_an_amendment_of_the_grant_is_one_of_the_operation(world: World) -> None:
    """3 000.00 instead of 4 000.00, and a month more: known from now on, and not before."""
    case = advised(world)
    before, made = clock.now(), case.file.operation
    assert made is not None
    end = case.file.complete_by + timedelta(days=30)
    days(1)
    given = {"amount": Decimal("3000.00"), "complete_by": end, "reason": "Une étape abandonnée."}
    gate.move(world.staff["decider"], "application", case.pk, "amend", **given)
    told = made.at(clock.now())
    assert (told.ends_on, told.erdf_support, told.eligible_cost) == (end, Decimal("1200.00"), Decimal("8000.00"))
    known = made.at(before)
    assert (known.ends_on, known.erdf_support) == (made.ends_on, Decimal("1600.00"))
    row = made.amendments.get()
    assert (row.proposed_by, row.confirmed_by, row.reason) == (None, world.staff["decider"], "Une étape abandonnée.")


def test_a_voucher_of_the_region_is_in_its_operation_and_makes_none(world: World) -> None:
    Case(world, "F01").fill(stories.SITE).file_it().grant().notify()
    assert Operation.objects.get().beneficiary_mode == "grouped"


def test_an_operation_of_a_firm_never_takes_the_file_of_another(world: World) -> None:
    """Submission looks for the region's operation; those of firms of the same scheme are not it."""
    other = advised(world).world
    case = Case(other, "F02", "P01").fill(MISSION).file_it()
    assert case.file.operation is None


def test_no_grant_without_a_programme_for_its_objective(world: World) -> None:
    SpecificObjective.objects.update(code="RSO1.3")
    case = examined(drafted(opened(world, "conseil-digital", "single"), MISSION).file_it())
    case.act("officer", "propose")
    days(2)
    with pytest.raises(Denied, match="objectif spécifique du dispositif n’est dans aucun programme"):
        case.act("decider", "grant", delegation="Délégation du 2 janvier 2025")


def test_no_notification_once_its_programme_has_ended(world: World) -> None:
    """Granted while the programme was open; the letter would set out conditions of an operation that cannot be."""
    case = examined(drafted(opened(world, "conseil-digital", "single"), MISSION).file_it())
    case.act("officer", "propose")
    days(2)
    case.act("decider", "grant", delegation="Délégation du 2 janvier 2025")
    Programme.objects.update(expenditure_end=clock.today() - timedelta(days=1))
    with pytest.raises(Denied, match="objectif spécifique du dispositif n’est dans aucun programme"):
        case.act("notifier", "notify")
    assert case.file.operation is None


def test_what_a_firm_spent_is_declared_with_the_aid_that_it_was_paid(world: World) -> None:
    """8 000.00 spent and accepted, 4 000.00 of aid paid: columns B and E of annex XXIII differ."""
    found = sent(world)
    assert (found.declared, found.contribution) == (Decimal("8000.00"), Decimal("4000.00"))
    claim = OperationClaim.objects.get()
    assert (claim.state, claim.expenditure, claim.declared) == ("verified", Decimal("8000.00"), Decimal("4000.00"))
    assert sum(line.expenditure for line in claim.lines.all()) == claim.expenditure
    assert claim.operation.applications.get().company.name == claim.operation.beneficiary_name
    assert verify().faults == []


def test_a_lump_sum_is_its_own_expenditure(world: World) -> None:
    """Art. 53(1)(c) and 63(5): 500.00 of lump sum for a quote of 450.00 is 500.00 of eligible expenditure."""
    case = notified(drafted(opened(world, "forfait-numerique", "single"), ("online_sales", "Vente en ligne", "450.00")))
    claim = case.claim()
    case.control(claim).certify(claim)
    stories._pay(case.world, case, claim)
    assert taken_up(world).refused == []
    found = OperationClaim.objects.get()
    assert (found.expenditure, found.declared) == (Decimal("500.00"), Decimal("500.00"))
    assert (found.operation.total_cost, found.operation.eligible_cost) == (Decimal("500.00"), Decimal("500.00"))
    promised = {target.code: target.target for target in found.operation.targets.all()}
    assert (promised["RCO13"], promised["RCR02"]) == (450, 0)  # as the reports will count it: the service, no own money


def test_who_acted_on_the_file_does_not_declare_it(world: World) -> None:
    """The accounting function is apart from the verification of beneficiaries (CPR art. 76(2))."""
    case = advised_and_paid(world)
    assert taken_up(world, "certifier") == gate.Batch()
    with pytest.raises(Forbidden):
        gate._declare_firm(world.staff["liquidator"], case.file.operation_id, clock.today())
    with pytest.raises(Denied, match="vous avez agi sur le dossier|Vous avez agi sur le dossier"):
        gate._declare_firm(world.staff["certifier"], case.file.operation_id, clock.today())
    with pytest.raises(NotFound):
        gate.declare_firms(world.managers["F01"], Programme.objects.get().pk, clock.today())
    assert not OperationClaim.objects.exists()


def test_a_firm_is_declared_once_and_a_region_does_not_claim_in_its_place(world: World) -> None:
    found = declared(world)
    days(1)
    assert taken_up(world) == gate.Batch()
    with pytest.raises(Denied, match="l’entreprise y est bénéficiaire"):
        gate.open_operation_claim(world.staff["liquidator"], found.operation_id, clock.today())


def test_the_region_s_own_operation_is_not_taken_up_as_a_firm_s(world: World) -> None:
    stories.paid(world)
    assert declaring_firms.total(Programme.objects.get(), clock.today()) == (0, Decimal(0))
    with pytest.raises(Denied, match="la région y est bénéficiaire"):
        gate._declare_firm(world.staff["certifier2"], Operation.objects.get().pk, clock.today())


def test_what_waits_is_told_before_it_is_taken_up(world: World) -> None:
    advised_and_paid(world)
    programme = Programme.objects.get()
    assert declaring_firms.total(programme, clock.today()) == (1, Decimal("4000.00"))
    assert declaring_firms.total(programme, date(2025, 1, 1)) == (0, Decimal(0))
    taken_up(world)
    assert declaring_firms.total(programme, clock.today()) == (0, Decimal(0))
    assert declaring.ready_total(programme, clock.today()) == (Decimal("8000.00"), Decimal("4000.00"))


def test_a_part_refused_leaves_the_part_accepted(world: World) -> None:
    """6 001.00 accepted of 8 000.00: 3 000.50 of aid."""
    case = advised(world)
    claim = case.claim()
    case.control(claim, {1: ("6001.00", "out_of_period", "Une journée hors du projet.")}).certify(claim)
    stories._pay(case.world, case, claim)
    taken_up(world)
    found = OperationClaim.objects.get()
    assert (found.expenditure, found.declared) == (Decimal("6001.00"), Decimal("3000.50"))


def test_a_correction_takes_the_expenditure_back_with_the_aid(world: World) -> None:
    """1 000.00 of aid corrected of 4 000.00 takes 2 000.00 of expenditure of 8 000.00."""
    found = sent(world)
    case = OperationClaim.objects.get().operation.applications.get()
    given = {"amount": Decimal("1000.00"), "ground": "irregular", "audit": True, "reason": "Livrable absent."}
    gate.record(world.staff["authorising"], "application", case.pk, "correction", **given)
    assert Correction.objects.get().expenditure == Decimal("2000.00")
    days(1)
    assert declaring_firms.total(found.programme, clock.today()) == (1, Decimal("-1000.00"))
    taken_up(world)
    claim = OperationClaim.objects.latest("pk")
    assert (claim.expenditure, claim.declared) == (Decimal("-2000.00"), Decimal("-1000.00"))


def test_the_last_correction_leaves_no_cent_of_expenditure(world: World) -> None:
    """Three thirds of the aid, one of them to the accounts: all the expenditure goes with them."""
    found = sent(world)
    file = OperationClaim.objects.get().operation.applications.get()
    for amount, year_end in (("1333.33", None), ("1333.33", found.year_end), ("1333.34", None)):
        given = {"amount": Decimal(amount), "ground": "irregular", "year_end": year_end, "reason": "Livrable absent."}
        gate.record(world.staff["authorising"], "application", file.pk, "correction", **given)
    assert sum(each.expenditure for each in Correction.objects.all()) == Decimal("8000.00")
    given = {"amount": Decimal("0.01"), "ground": "irregular", "reason": "Encore."}
    with pytest.raises(Denied, match="au plus celui qui est déclaré"):
        gate.record(world.staff["authorising"], "application", file.pk, "correction", **given)


def test_aid_given_back_reduces_the_next_claim(world: World) -> None:
    declared(world)
    case = Case.of(world, LEAD)
    event = gate.open_recovery(
        case.by("officer"), case.pk, amount=Decimal("1000.00"), reason_code="overpaid", words="Facture payée deux fois."
    )
    recovery = Recovery.objects.get(pk=event.object.partition(":")[2])
    gate.move(case.by("officer"), "recovery", recovery.pk, "hear")
    gate.move(case.manager, "recovery", recovery.pk, "observe", reason="La facture est unique.")
    gate.move(case.by("authorising"), "recovery", recovery.pk, "order", order_number="T-1", reason="Deux factures.")
    given = {"amount": Decimal("1000.00"), "reference": "ENC-1", "value_date": clock.today()}
    recoveries.collect(case.by("accountant"), recovery.pk, **given)
    days(1)
    taken_up(world)
    claim = OperationClaim.objects.latest("pk")
    assert (claim.expenditure, claim.declared) == (Decimal("-2000.00"), Decimal("-1000.00"))


def test_the_database_refuses_an_amendment_of_the_region_that_nobody_proposed(world: World) -> None:
    made = Operation.objects.get()
    facts = {name: getattr(made, name) for name in ("total_cost", "eligible_cost", "erdf_support", "ends_on")}
    with pytest.raises(IntegrityError), transaction.atomic():
        OperationAmendment.objects.create(
            operation=made, **facts, decided_on=clock.today(), decided_by="Région", reason="Seul.",
            confirmed_by=world.staff["admin"], recorded_at=clock.now(),
        )  # fmt: skip
