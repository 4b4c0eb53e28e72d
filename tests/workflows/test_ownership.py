"""A file with its owners: size and undertaking frozen, corrected, shared with the group's other files, recomputed."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from applications.models import CaseVersion, CompanyLink, DeMinimisAward, OwnershipLink, RegisterFiling, Restructuring
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from workflows import assessment, duties, gate, ownership, undertaking
from workflows.acts import Denied, Forbidden, TooLate
from workflows.recompute import recompute
from workflows.verify import verify

pytestmark = pytest.mark.django_db
PARENT, SISTER, FORMER = "732829320", "552100554", "775672272"


def tied(world: World, *links: dict[str, Any], firm: str = "F01") -> Case:
    """A filled draft of a firm that is not independent."""
    case = Case(world, firm).fill(SITE, independent="no")
    for number, link in enumerate(links, 1):
        OwnershipLink.objects.create(application=case.file, number=number, **{"name": f"Exemple {number}"} | link)
    return case


def parent(capital: str = "60", **more: Any) -> dict[str, Any]:
    return {
        "siren": PARENT, "capital": Decimal(capital), "direction": "owner", "headcount": Decimal(30),
        "turnover": Decimal(4_000_000), "balance_sheet": Decimal(3_000_000),
    } | more  # fmt: skip


def sister(**more: Any) -> dict[str, Any]:
    return parent("100") | {"siren": SISTER, "direction": "owned", "around": 1} | more


def earlier(siren: str, amount: str, days: int = 100, number: str = "SA-1") -> None:
    DeMinimisAward(
        siren=siren, amount=Decimal(amount), granted_on=clock.today() - timedelta(days=days), authority="Autre région",
        source="register", aid_number=number, recorded_at=clock.now(),
    ).save()  # fmt: skip


def record(case: Case, kind: str, who: str = "officer", **given: Any) -> None:
    gate.record(case.by(who), "application", case.pk, kind, **given)


def test_the_question_is_asked_before_filing_and_a_tie_with_it(world: World) -> None:
    case = Case(world, "F01").fill(SITE, independent="")
    with pytest.raises(Denied):
        case.file_it()
    case = Case(world, "F02").fill(SITE, independent="no")
    with pytest.raises(Denied):
        case.file_it()


def test_the_group_makes_the_size_of_the_file_and_of_its_versions(world: World) -> None:
    case = tied(world, parent(), sister()).file_it()
    assert ownership.category(case.file) == "medium"
    assert CaseVersion.objects.filter(application=case.file).last().size == "medium"
    decision = json.loads(bytes(case.file.decisions.last().outcome))
    assert (decision["firm"]["size"], decision["firm"]["relation"]) == ("medium", "linked")
    assert {part["id"] for part in decision["firm"]["parts"]} == {case.file.company.siren, PARENT, SISTER}
    assert decision["undertakings"] == [sorted([case.file.company.siren, PARENT, SISTER])]


def test_no_name_is_frozen(world: World) -> None:
    case = tied(world, parent(name="Exemple Holding Secrète")).file_it()
    frozen = b"".join(bytes(one.inputs) + bytes(one.outcome) for one in case.file.decisions.all())
    assert "Secrète".encode() not in frozen


def test_the_aid_of_the_group_counts_even_declared_on_another_file(world: World) -> None:
    """The sister's file says nothing; the company records do."""
    case = tied(world, parent(), sister()).file_it()
    known = {case.file.company.siren, PARENT, SISTER}
    for siren in known:
        assert undertaking.sirens_of(siren) == known
    earlier(SISTER, "299500.00")
    assert assessment.assess(case.file, clock.today()).de_minimis.codes() == ("de_minimis_ceiling",)


def test_a_partner_is_no_part_of_the_undertaking(world: World) -> None:
    case = tied(world, parent("40")).file_it()
    earlier(PARENT, "299500.00")
    verdict = assessment.assess(case.file, clock.today())
    assert verdict.de_minimis.ok
    assert verdict.size is not None
    assert verdict.size.details["relation"] == "partner"


def test_aid_under_the_former_regulation_counts_in_the_three_years(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    row = {"authority": "Autre région", "source": "register", "recorded_at": clock.now(), "regulation": "1407/2013"}
    siren = case.file.company.siren
    DeMinimisAward(siren=siren, amount=Decimal("199000"), granted_on="2023-11-20", aid_number="A", **row).save()
    DeMinimisAward(siren=siren, amount=Decimal("199000"), granted_on="2021-11-20", aid_number="B", **row).save()
    assert assessment.assess(case.file, clock.today()).de_minimis.details["prior_sum"] == Decimal("199000.00")


def test_an_officer_corrects_a_tie_as_a_new_row_with_its_reason(world: World) -> None:
    case = tied(world, parent(), sister()).file_it()
    with pytest.raises(Denied):
        record(case, "ownership", link=1, capital=Decimal(40))
    record(case, "ownership", link=1, capital=Decimal(40), reason="Statuts du 2 janvier 2025.")
    rows = list(case.file.ownership_links.filter(number=1).order_by("pk"))
    assert [(row.capital, row.reason) for row in rows] == [
        (Decimal("60.00"), ""), (Decimal("40.00"), "Statuts du 2 janvier 2025."),
    ]  # fmt: skip
    assert (rows[1].replaces, rows[1].name) == (rows[0], "Exemple 1")
    assert list(case.file.ownership_links.live().filter(number=1)) == [rows[1]]
    assert ownership.size(case.file).details["relation"] == "partner"
    assert undertaking.sirens_of(SISTER) == {SISTER}
    assert CompanyLink.objects.filter(valid_to__isnull=True).count() == 0
    assert verify().faults == []


def test_a_tie_is_added_or_taken_away_and_the_answer_follows(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    record(case, "ownership", name="Exemple Mère", holder="enterprise", reason="Registre du commerce.", **parent())
    assert (case.file.independent, undertaking.sirens_of(PARENT)) == (False, {case.file.company.siren, PARENT})
    record(case, "ownership", link=1, removed=True, reason="Parts cédées avant le dépôt.")
    assert case.file.independent is True
    assert case.file.ownership_links.count() == 2
    with pytest.raises(Denied):
        record(case, "ownership", link=1, capital=Decimal(30), reason="Trop tard.")


def test_a_correction_that_cannot_be_is_refused_whole(world: World) -> None:
    case = tied(world, parent(), sister()).file_it()
    with pytest.raises(Denied, match="100"):
        record(
            case, "ownership", name="Autre", holder="enterprise", direction="owner", capital=Decimal(50), reason="Non."
        )
    assert case.file.ownership_links.count() == 2


@pytest.mark.parametrize("who", ["decider", "accountant", "auditor"])
def test_only_an_officer_corrects(world: World, who: str) -> None:
    case = tied(world, parent()).file_it()
    with pytest.raises(Forbidden):
        record(case, "ownership", who, link=1, capital=Decimal(40), reason="Je voudrais.")


def test_after_the_grant_nothing_is_corrected(world: World) -> None:
    case = tied(world, parent("40")).file_it().grant()
    with pytest.raises(TooLate):
        record(case, "ownership", link=1, capital=Decimal(30), reason="Trop tard.")


# --- mergers and splits


def test_a_merger_brings_the_aid_of_the_firm_that_was_absorbed(world: World) -> None:
    """DM-08: it counts for new aid, to the day it took effect."""
    case = Case(world, "F01").fill(SITE).file_it()
    earlier(FORMER, "299500.00")
    siren = case.file.company.siren
    assert assessment.assess(case.file, clock.today()).de_minimis.ok
    record(
        case, "restructuring", operation="merger", effective_on=clock.today(), before=FORMER, after=[(siren, None)],
        reason="Traité de fusion.",
    )  # fmt: skip
    verdict = assessment.assess(case.file, clock.today())
    assert verdict.de_minimis.details["prior_sum"] == Decimal("299500.00")
    assert not verdict.de_minimis.ok


def test_a_split_shares_the_aid_by_equity(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    earlier(FORMER, "100000.00")
    after = [(case.file.company.siren, Decimal(30_000)), (SISTER, Decimal(90_000))]
    record(
        case, "restructuring", operation="split", effective_on=clock.today(), before=FORMER, after=after, reason="Acte."
    )
    assert assessment.assess(case.file, clock.today()).de_minimis.details["prior_sum"] == Decimal("25000.00")


@pytest.mark.parametrize(
    "given",
    [
        {"operation": "split", "after": [(SISTER, Decimal(0))]},
        {"operation": "merger", "after": [(SISTER, None), (PARENT, None)]},
        {"operation": "merger", "after": [(FORMER, None)]},
        {"operation": "merger", "after": []},
        {"operation": "other", "after": [(SISTER, None)]},
    ],
)
def test_an_operation_that_says_too_little_is_refused(world: World, given: dict[str, Any]) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    with pytest.raises(Denied):
        record(case, "restructuring", effective_on=clock.today(), before=FORMER, reason="Acte.", **given)
    assert not Restructuring.objects.exists()


def test_the_same_operation_is_noted_once(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    given = {"operation": "merger", "effective_on": clock.today(), "before": FORMER, "after": [(SISTER, None)]}
    record(case, "restructuring", reason="Acte.", **given)
    with pytest.raises(Denied):
        record(case, "restructuring", reason="Acte.", **given)


# --- what is due, and recomputation


def test_the_register_has_its_day_until_the_award_is_there(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it().grant()
    award = case.file.de_minimis_awards.get()
    assert (duties.of(case.file).register_by, duties.of(case.file).registered_on) == (award.register_by, None)
    RegisterFiling(
        register="de_minimis", award=award, filed_on=clock.today(), reference="SA.1", made_by=case.by("officer"),
        recorded_at=clock.now(),
    ).save()  # fmt: skip
    assert (duties.of(case.file).register_by, duties.of(case.file).registered_on) == (None, clock.today())


def test_every_decision_is_run_again_with_its_size_and_undertaking(world: World) -> None:
    earlier(FORMER, "1000.00", days=200)
    case = tied(world, parent(), sister()).file_it()
    record(
        case, "restructuring", operation="merger", effective_on=clock.today(), before=FORMER, after=[(SISTER, None)],
        reason="Traité.",
    )  # fmt: skip
    case.grant()
    CompanyLink.objects.all().update(valid_to=clock.today())
    found = [recompute(decision) for decision in case.file.decisions.all()]
    assert len(found) == 3
    assert all(one.intact and one.same for one in found)


def test_a_size_that_was_changed_in_the_frozen_facts_is_seen(world: World) -> None:
    case = tied(world, parent()).file_it()
    decision = case.file.decisions.last()
    decision.inputs = bytes(decision.inputs).replace(b'"capital":"60.00"', b'"capital":"10.00"')
    assert not recompute(decision).intact
