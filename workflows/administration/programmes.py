"""What stands above the schemes: one administrator proposes it, another confirms it, and only then it exists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from applications.models import IndicatorTarget, Operation, OperationAmendment, ProgrammeProposal
from regions.models import Priority, PriorityRate, Programme, Region, Scheme, SpecificObjective, User
from workflows.acts import Act, Denied, Forbidden
from workflows.administration.common import act_of, administrator_only, log
from workflows.administration.programme_faults import Kind, faults

DAYS = {"starts_on", "ends_on", "submitted_on", "decided_on", "valid_from", "expenditure_end"}
NUMBERS = {
    "cofinancing_percent", "percent", "total_cost", "eligible_cost", "erdf_support", "baseline", "target",
}  # fmt: skip
ANSWER = (
    "programme", "priority", "operation", "confirmed_by", "confirmed_at", "declined_by", "declined_at",
)  # fmt: skip
ROWS: dict[str, Any] = {"scheme": Scheme, "specific_objective": SpecificObjective}


def propose_in_programme(by: User, kind: str, about: Any, **facts: Any) -> ProgrammeProposal:
    """Propose a programme or an operation of a region, a part of a programme, a rate or an amendment."""
    region = region_above(about)
    administrator_only(by, region, _("Seul un administrateur de la région propose un programme ou une opération."))
    act = act_of(by, region)
    _sound(kind, about, facts, act.day)
    with transaction.atomic():
        proposal = ProgrammeProposal.objects.create(
            kind=kind, region=region, facts=_kept(facts), proposed_by=by, proposed_at=act.at, **_named(about)
        )
        log(proposal, act, "programme.propose", {"kind": kind, **proposal.facts})
        return proposal


def region_above(about: Any) -> Region:
    """The region of what a proposal is about."""
    if isinstance(about, Region):
        return about
    region: Region = about.programme.region if isinstance(about, Priority) else about.region
    return region


def _named(about: Any) -> dict[str, Any]:
    """The columns that name what a proposal is about: a priority stands with its programme."""
    if isinstance(about, Priority):
        return {"programme": about.programme, "priority": about}
    return {} if isinstance(about, Region) else {type(about).__name__.lower(): about}


def _sound(kind: str, about: Any, facts: Mapping[str, Any], day: date) -> None:
    """Refuse what has a fault, with its first sentence."""
    for _name, sentence in faults(kind, about, facts, day):
        raise Denied(sentence)


# --- facts as they are kept, and as they are read again


def _kept(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in facts.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_kept(each) for each in value]
    if isinstance(value, Model):
        return value.pk
    return str(value) if isinstance(value, (date, Decimal)) else value


def facts_of_proposal(proposal: ProgrammeProposal) -> dict[str, Any]:
    """What was proposed, its dates, amounts and rows read again."""
    return {name: _read(name, value) for name, value in proposal.facts.items()}


def _read(name: str, value: Any) -> Any:
    if name in ROWS:
        return ROWS[name].objects.get(pk=value)
    if isinstance(value, list):
        return [{key: _read(key, one) for key, one in each.items()} for each in value]
    if name in DAYS:
        return date.fromisoformat(value)
    return Decimal(value) if name in NUMBERS else value


# --- the answer


def confirm_in_programme(by: User, proposal: ProgrammeProposal) -> ProgrammeProposal:
    """Confirm what another administrator proposed: it exists from now on."""
    sentence = _("Seul un administrateur de la région confirme un programme ou une opération.")
    administrator_only(by, proposal.region, sentence)
    with transaction.atomic():
        proposal = _locked(proposal)
        if by.person_id == proposal.proposed_by.person_id:
            raise Forbidden(_("Une proposition est confirmée par une autre personne que celle qui la fait."))
        act, facts = act_of(by, proposal.region), facts_of_proposal(proposal)
        _sound(proposal.kind, _about(proposal), facts, act.day)
        made = MAKERS[proposal.kind](proposal, facts, act)
        proposal.confirmed_by, proposal.confirmed_at = by, act.at
        return _answered(proposal, act, "confirm", {"made": made.pk})


def decline_in_programme(by: User, proposal: ProgrammeProposal) -> ProgrammeProposal:
    """Say no to a proposal, or take back one's own."""
    sentence = _("Seul un administrateur de la région refuse un programme ou une opération.")
    administrator_only(by, proposal.region, sentence)
    with transaction.atomic():
        proposal = _locked(proposal)
        act = act_of(by, proposal.region)
        proposal.declined_by, proposal.declined_at = by, act.at
        return _answered(proposal, act, "decline", {})


def _answered(proposal: ProgrammeProposal, act: Act, word: str, facts: dict[str, Any]) -> ProgrammeProposal:
    proposal.save(update_fields=ANSWER)
    log(proposal, act, f"programme.{word}", {"kind": proposal.kind} | facts)
    return proposal


def _locked(proposal: ProgrammeProposal) -> ProgrammeProposal:
    """The proposal, locked behind its region: two proposals about the same thing are answered one after the other."""
    Region.objects.select_for_update(of=("self",)).get(pk=proposal.region_id)
    rows = ProgrammeProposal.objects.select_for_update(of=("self",)).select_related(
        "proposed_by", "region", "programme__region", "priority__programme__region", "operation__region"
    )
    row = rows.get(pk=proposal.pk)
    if not row.is_proposed:
        raise Denied(_("Cette proposition a déjà reçu sa réponse."))
    return row


def _about(proposal: ProgrammeProposal) -> Any:
    """What the proposal is about: the narrowest row that it names."""
    return proposal.operation or proposal.priority or proposal.programme or proposal.region


# --- what each kind makes


def _programme(proposal: ProgrammeProposal, facts: dict[str, Any], act: Act) -> Model:
    proposal.programme = Programme.objects.create(region=proposal.region, **facts)
    return proposal.programme


def _priority(proposal: ProgrammeProposal, facts: dict[str, Any], act: Act) -> Model:
    """A priority comes with its first objective: without one, no operation could stand under it."""
    own = {name: facts[name] for name in ("code", "name", "cofinancing_percent")}
    made = Priority.objects.create(programme=_about(proposal), **own)
    SpecificObjective.objects.create(priority=made, code=facts["objective_code"], name=facts["objective_name"])
    proposal.priority = made
    return made


def _objective(proposal: ProgrammeProposal, facts: dict[str, Any], act: Act) -> Model:
    return SpecificObjective.objects.create(priority=_about(proposal), **facts)


def _rate(proposal: ProgrammeProposal, facts: dict[str, Any], act: Act) -> Model:
    return PriorityRate.objects.create(
        priority=_about(proposal), percent=facts["percent"], valid_from=facts["valid_from"], **_hands(proposal, act)
    )


def _hands(proposal: ProgrammeProposal, act: Act) -> dict[str, Any]:
    return {"proposed_by": proposal.proposed_by, "confirmed_by": act.actor, "recorded_at": act.at}


def _operation(proposal: ProgrammeProposal, facts: dict[str, Any], act: Act) -> Model:
    targets = facts.pop("targets")
    made = Operation.objects.create(
        region=proposal.region, beneficiary_mode=Operation.Mode.GROUPED, recorded_at=act.at, **facts
    )
    for target in targets:
        IndicatorTarget.objects.create(operation=made, **target)
    proposal.operation = made
    return made


def _amendment(proposal: ProgrammeProposal, facts: dict[str, Any], act: Act) -> Model:
    return OperationAmendment.objects.create(operation=_about(proposal), **facts, **_hands(proposal, act))


MAKERS: dict[str, Callable[[ProgrammeProposal, dict[str, Any], Act], Model]] = {
    Kind.PROGRAMME: _programme, Kind.PRIORITY: _priority, Kind.OBJECTIVE: _objective, Kind.RATE: _rate,
    Kind.OPERATION: _operation, Kind.AMENDMENT: _amendment,
}  # fmt: skip
