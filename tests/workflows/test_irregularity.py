"""An irregularity: found by one, assessed by another, reported or exempt by the rule, and in the register."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.models import Correction, Irregularity
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from reporting.lists.irregularities import IRREGULARITIES
from tests.backoffice.officer.desk import at_desk, text
from tests.cases import paid_case
from tests.roles import hold
from tests.workflows.test_declaring import sent, verified
from workflows import declaring, gate, irregularities
from workflows.acts import Denied, Forbidden
from workflows.emails import compose
from workflows.models import OutboxMessage
from workflows.sweeper import sweep
from workflows.verify import verify

pytestmark = pytest.mark.django_db


def found(case: Any, **given: Any) -> Irregularity:
    facts = {
        "nature": "eligibility", "provision": "Règlement du dispositif, article 4", "detected_on": clock.today(),
        "detected_how": "desk", "expenditure": Decimal("1000.00"), "aid": Decimal("800.00"),
        "declared_on": clock.today(), "words": "La facture vise un autre site.",
    }  # fmt: skip
    event = gate.open_irregularity(case.by("officer"), case.pk, **(facts | given))
    return Irregularity.objects.get(pk=event.object.partition(":")[2])


def move(case: Any, row: Irregularity, who: str, name: str, **given: Any) -> Irregularity:
    gate.move(case.by(who), "irregularity", row.pk, name, reason="Apprécié.", **given)
    return Irregularity.objects.get(pk=row.pk)


def test_below_the_threshold_it_is_exempt_and_its_correction_has_a_place(world: World) -> None:
    case = paid_case(world)
    row = found(case)
    assert 0 < row.union_share < row.aid
    assert row.union_share + row.national_share + row.private_share == row.expenditure
    with pytest.raises(Denied, match="n’a pas à être signalé"):
        move(case, row, "decider", "confirm")
    row = move(case, row, "decider", "exempt")
    assert (row.state, row.lands_in, bool(row.accounting_year)) == ("exempt", "application", True)
    with pytest.raises(Denied, match="Il reste 800,00\u202f€ à corriger"):
        move(case, row, "decider", "close")
    row = move(case, row, "authorising", "waive")
    with pytest.raises(Denied, match="déjà abandonné"):
        move(case, row, "authorising", "waive")
    hold(case.by("authorising"), RoleKind.DECIDER, world.region)
    with pytest.raises(Forbidden, match="Une autre personne"):
        move(case, row, "authorising", "close")
    assert "abandonné, avec son motif" in text(at_desk(case.by("decider")).get(reverse("irregularity", args=[row])))
    assert move(case, row, "decider", "close").state == "closed"
    assert verify().faults == []


def test_above_it_is_reported_followed_and_closed(world: World) -> None:
    case = paid_case(world)
    row = found(case, expenditure=Decimal("20000.00"), aid=Decimal("20000.00"))
    with pytest.raises(Denied, match="est à signaler"):
        move(case, row, "decider", "exempt")
    row = move(case, row, "decider", "confirm")
    assert row.next_actor == "officer"
    with pytest.raises(Denied, match="référence"):
        move(case, row, "officer", "report", reported_on=clock.today())
    row = move(case, row, "officer", "report", reference="IMS-2026-1", reported_on=clock.today())
    assert move(case, row, "officer", "follow").state == "reported"
    move(case, row, "authorising", "waive")
    assert move(case, row, "decider", "close").ended_on == clock.today()


def test_a_recovery_begun_afterwards_is_tied_to_it_by_another(world: World) -> None:
    case = paid_case(world)
    row = found(case)
    with pytest.raises(Denied, match="constater d’abord l’indu"):
        move(case, row, "certifier", "link")
    event = gate.open_recovery(
        case.by("officer"), case.pk, amount=Decimal("800.00"), reason_code="overpaid", words="Facture d’un autre site."
    )  # fmt: skip
    recovery = case.file.recoveries.get(pk=event.object.partition(":")[2])
    with pytest.raises(Forbidden, match="Une autre personne"):
        move(case, row, "officer", "link", recovery=recovery)
    with pytest.raises(Denied, match="Choisir un recouvrement"):
        move(case, row, "certifier", "link")
    act = reverse("irregularity-act", args=[row.number, "link"])
    given = {"recovery": recovery.pk, "reason": "Le même constat."}
    assert recovery.number in text(at_desk(case.by("certifier")).post(act, given, follow=True))
    row = Irregularity.objects.get()
    assert row.recovery == recovery
    with pytest.raises(Denied, match="déjà rattaché"):
        move(case, row, "certifier", "link", recovery=recovery)
    assert verify().faults == []


def test_linked_cases_of_one_firm_count_together(world: World) -> None:
    case = paid_case(world)
    first = found(case, expenditure=Decimal("9000.00"), aid=Decimal("9000.00"))
    second = found(case, expenditure=Decimal("9000.00"), aid=Decimal("9000.00"))
    if first.union_share * 2 > 10_000:
        move(case, second, "decider", "confirm")
    else:
        move(case, second, "decider", "exempt")


def test_who_found_it_does_not_assess_it(world: World) -> None:
    case = paid_case(world)
    row = found(case)
    hold(case.by("officer"), RoleKind.DECIDER, world.region)
    for name in ("exempt", "drop"):
        with pytest.raises(Forbidden, match="Une autre personne"):
            move(case, row, "officer", name)
    assert move(case, row, "decider", "drop").state == "dropped"


def test_the_screens_note_it_assess_it_and_export_the_register(world: World) -> None:
    case = paid_case(world)
    officer, page = at_desk(case.by("officer")), reverse("irregularity-open", args=[case.file.reference])
    wrong = {"nature": "eligibility", "expenditure": "100", "aid": "200", "words": "Constat."}
    assert "ne peut pas dépasser la dépense" in text(officer.post(page, wrong))
    right = wrong | {
        "aid": "80", "provision": "Article 4", "detected_on": f"{clock.today():%Y-%m-%d}", "detected_how": "desk",
    }  # fmt: skip
    assert "une autre personne l’apprécie" in text(officer.post(page, right, follow=True))
    row = Irregularity.objects.get()
    decider: Client = at_desk(case.by("decider"))
    assert "1 irrégularité attend un acte" in text(decider.get(reverse("home")))
    assert row.number in text(decider.get(reverse("irregularities")))
    act = reverse("irregularity-act", args=[row.number, "exempt"])
    assert "Avant toute déclaration" in text(decider.post(act, {"reason": "Moins de 10 000 €."}, follow=True))
    assert row.number in text(officer.get(reverse("file", args=[case.file.reference])))
    export = b"".join(officer.get(reverse("irregularities-export", args=["csv"])).streaming_content)  # type: ignore[attr-defined]
    assert row.number in export.decode("utf-8-sig")
    values = list(IRREGULARITIES.values(list(IRREGULARITIES.source([world.region]))))
    assert [one["irregularity"] for one in values] == [row.number]


def declared(case: Any) -> None:
    """The whole payment of the file stands declared to the Commission."""
    verified(case.world)
    sent(case.world)


def test_a_correction_lands_where_the_day_puts_it_and_ties_to_its_rows(world: World) -> None:
    """Declared in the year, corrected the same day: the next application; 300 of 800, then no more than 500."""
    case = paid_case(world)
    declared(case)
    row = move(case, found(case), "decider", "exempt")
    assert row.next_actor == "authorising"
    row = move(case, row, "authorising", "correct", amount=Decimal("300.00"))
    one = case.file.corrections.get()
    assert (one.irregularity, one.amount, one.lands_in, one.year_end) == (row, Decimal("300.00"), "application", None)
    assert (row.state, irregularities.corrected(row), irregularities.remaining(row)) == (
        "exempt", Decimal("300.00"), Decimal("500.00"),
    )  # fmt: skip
    with pytest.raises(Denied, match="reste à corriger : 500"):
        move(case, row, "authorising", "correct", amount=Decimal("500.01"))
    row = move(case, row, "authorising", "correct", amount=Decimal("500.00"))
    with pytest.raises(Denied, match="déjà corrigé"):
        move(case, row, "authorising", "correct", amount=Decimal("0.01"))
    assert (declaring.declared_of(case.file), row.next_actor) == (Decimal("1400.00"), "decider")
    value = next(IRREGULARITIES.values(list(IRREGULARITIES.source([world.region]))))
    assert (value["corrected"], value["left"], value["recovered"]) == (Decimal("800.00"), Decimal(0), Decimal(0))
    assert verify().faults == []


def test_once_the_year_is_closed_it_is_left_out_of_its_accounts_then_borne_by_a_later_year(world: World) -> None:
    """Paid and declared in 2024-25: corrected in October 2025, its accounts; in March 2026, the year 2025-26."""
    case = paid_case(world)
    declared(case)
    row = move(case, found(case, declared_on=date(2025, 5, 10)), "decider", "exempt")
    for day, place, year, end in (
        (date(2025, 10, 1), "accounts", "2024-25", date(2025, 6, 30)), (date(2026, 3, 2), "later", "2025-26", None),
    ):  # fmt: skip
        clock.advance(days=(day - clock.today()).days)
        row = move(case, row, "authorising", "correct", amount=Decimal("100.00"))
        one = case.file.corrections.latest("pk")
        assert (one.lands_in, one.accounting_year, one.year_end) == (place, year, end)


def test_who_found_it_does_not_correct_it_and_nothing_undeclared_is_corrected(world: World) -> None:
    case = paid_case(world)
    row = move(case, found(case), "decider", "exempt")
    with pytest.raises(Denied, match="Rien n’est déclaré"):
        move(case, row, "authorising", "correct", amount=Decimal("1.00"))
    declared(case)
    hold(case.by("officer"), RoleKind.AUTHORISING, world.region)
    with pytest.raises(Forbidden, match="Une autre personne"):
        move(case, row, "officer", "correct", amount=Decimal("1.00"))


@pytest.mark.both
def test_the_database_refuses_more_than_the_irregular_aid(world: World) -> None:
    case = paid_case(world)
    row = found(case)
    given = {
        "application": case.file, "irregularity": row, "kind": "irregular", "lands_in": "application",
        "decided_on": clock.today(), "recorded_at": clock.now(), "made_by": case.by("authorising"),
    }  # fmt: skip
    Correction(amount=Decimal("799.99"), **given).save()
    with pytest.raises(DatabaseError), transaction.atomic():
        Correction(amount=Decimal("0.02"), **given).save()
    Correction(amount=Decimal("0.01"), **given).save()


def test_the_page_shows_what_was_corrected_and_what_is_left(world: World) -> None:
    case = paid_case(world)
    declared(case)
    row = move(case, found(case), "decider", "exempt")
    page, act = reverse("irregularity", args=[row.number]), reverse("irregularity-act", args=[row.number, "correct"])
    authorising = at_desk(case.by("authorising"))
    assert "Décidée aujourd’hui, la correction s’inscrirait dans" in text(authorising.get(page))
    assert "ce qui reste à corriger" in text(authorising.post(act, {"amount": "800,01", "reason": "Trop."}))
    shown = text(authorising.post(act, {"amount": "650,50", "reason": "Facture d’un autre site."}, follow=True))
    assert "650,50 €" in shown
    assert "149,50 €" in shown
    assert "La prochaine" in shown


def open_dates(case: Any) -> list[tuple[str, date]]:
    """The open days of the file's calendar that are about a report."""
    rows = case.file.deadlines.filter(kind__startswith="irregularity", closed_at__isnull=True).order_by("due_at")
    return [(row.kind, timezone.localtime(row.due_at, ZoneInfo(case.file.zone)).date()) for row in rows]


def test_the_last_day_to_report_is_in_the_calendar_announced_and_told_when_missed(world: World) -> None:
    """Detected on 1 April 2025, second quarter: report by 31 August; announced on 1 August, late on 1 September."""
    case = paid_case(world)
    row = found(case, detected_on=date(2025, 4, 1), expenditure=Decimal("20000.00"), aid=Decimal("20000.00"))
    assert open_dates(case) == [("irregularity_soon", date(2025, 8, 1)), ("irregularity", date(2025, 8, 31))]
    move(case, row, "decider", "confirm")
    clock.advance(days=(date(2025, 8, 2) - clock.today()).days)
    sweep()
    officer = at_desk(case.by("officer"))
    assert "1 irrégularité est à signaler dans le mois" in text(officer.get(reverse("home")))
    clock.advance(days=30)
    sweep()
    assert list(
        OutboxMessage.objects.filter(template__startswith="irregularity")
        .order_by("pk")
        .values_list("template", flat=True)
    ) == ["irregularity_soon", "irregularity_late"]
    mail = compose(OutboxMessage.objects.latest("pk"))
    assert {case.by("officer").email, case.by("decider").email} <= set(mail.to)
    assert open_dates(case) == []
    shown = text(officer.get(reverse("irregularities"), {"etape": "presse"}))
    assert row.number in shown
    assert "En retard" in shown
    move(case, Irregularity.objects.get(), "officer", "report", reference="IMS-1", reported_on=clock.today())
    assert "à signaler dans le mois" not in text(officer.get(reverse("home")))


def test_each_case_of_a_file_has_its_turn_in_the_calendar(world: World) -> None:
    """April to June: 31 August; July to September: 30 November. The first being exempt, the second's day is set."""
    case = paid_case(world)
    first = found(case, detected_on=date(2025, 4, 1))
    clock.advance(days=(date(2025, 7, 2) - clock.today()).days)
    found(case, detected_on=date(2025, 7, 1))
    assert ("irregularity", date(2025, 8, 31)) in open_dates(case)
    move(case, first, "decider", "exempt")
    assert open_dates(case) == [("irregularity_soon", date(2025, 10, 31)), ("irregularity", date(2025, 11, 30))]
    assert case.file.due_on is None
