"""An irregularity: found by one, assessed by another, reported or exempt by the rule, and in the register."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Irregularity
from backoffice.demo.stories import paid
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from reporting.lists.irregularities import IRREGULARITIES
from tests.backoffice.officer.desk import at_desk, text
from tests.roles import hold
from workflows import gate
from workflows.acts import Denied, Forbidden
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
    case = paid(world)
    row = found(case)
    assert 0 < row.union_share < row.aid
    assert row.union_share + row.national_share + row.private_share == row.expenditure
    with pytest.raises(Denied, match="n’a pas à être signalé"):
        move(case, row, "decider", "confirm")
    row = move(case, row, "decider", "exempt")
    assert (row.state, row.lands_in, bool(row.accounting_year)) == ("exempt", "application", True)
    assert move(case, row, "decider", "close").state == "closed"
    assert verify().faults == []


def test_above_it_is_reported_followed_and_closed(world: World) -> None:
    case = paid(world)
    row = found(case, expenditure=Decimal("20000.00"), aid=Decimal("20000.00"))
    with pytest.raises(Denied, match="est à signaler"):
        move(case, row, "decider", "exempt")
    row = move(case, row, "decider", "confirm")
    assert row.next_actor == "officer"
    with pytest.raises(Denied, match="référence"):
        move(case, row, "officer", "report", reported_on=clock.today())
    row = move(case, row, "officer", "report", reference="IMS-2026-1", reported_on=clock.today())
    assert move(case, row, "officer", "follow").state == "reported"
    assert move(case, row, "decider", "close").ended_on == clock.today()


def test_linked_cases_of_one_firm_count_together(world: World) -> None:
    case = paid(world)
    first = found(case, expenditure=Decimal("9000.00"), aid=Decimal("9000.00"))
    second = found(case, expenditure=Decimal("9000.00"), aid=Decimal("9000.00"))
    if first.union_share * 2 > 10_000:
        move(case, second, "decider", "confirm")
    else:
        move(case, second, "decider", "exempt")


def test_who_found_it_does_not_assess_it(world: World) -> None:
    case = paid(world)
    row = found(case)
    hold(case.by("officer"), RoleKind.DECIDER, world.region)
    for name in ("exempt", "drop"):
        with pytest.raises(Forbidden, match="Une autre personne"):
            move(case, row, "officer", name)
    assert move(case, row, "decider", "drop").state == "dropped"


def test_the_screens_note_it_assess_it_and_export_the_register(world: World) -> None:
    case = paid(world)
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
