"""What a grant writes: the act itself, its funders' shares, what is not a grant, the awards, and the booking last."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications import versions
from applications.booking import shares_of
from applications.enums import Bucket
from applications.models import Grant, GrantComponent, GrantShare
from applications.rules import terms
from regions.money import ZERO
from workflows import assessment, group, ownership, undertaking, waiting
from workflows.acts import Act, Denied, Effects
from workflows.machines import awards, money
from workflows.machines.money import Component
from workflows.models import Deadline
from workflows.sentences import euro, in_words

Kind = Deadline.Kind
BEFORE_DECISION = (Kind.WARNING.value, Kind.SILENCE.value, Kind.ANSWER.value)


def grant(file: Any, act: Act) -> Effects:
    """De minimis before the envelope: the undertakings' lock, the rules again, then the booking last."""
    money.draw_on_envelope(file, act)
    waiting.in_turn(file)
    _lock(file)
    file.scheme_version = versions.at_award(file, act.day)
    asked = act.facts.get("amount", file.amount_proposed)
    verdict = assessment.assess(file, act.day, awarded_on=act.day, asked=asked)
    amount = money.amount(act, verdict) if "amount" in act.facts else _confirmed(file, verdict)
    parts = money.components(verdict)
    equivalent = amount + sum((Decimal(part["gross_grant_equivalent"]) for part in parts), ZERO)
    _write(file, act, amount, equivalent, parts)
    awards.register(file, act, amount, parts)
    return Effects(
        facts={"amount": amount, "gross_grant_equivalent": equivalent, "number": file.agreement.number},
        bookings=[*money.free(file, Bucket.RESERVED), *money.on_all(Bucket.COMMITTED, amount, parts)],
        closes=BEFORE_DECISION,
        reliance=money.reliance(verdict),
    )


def _lock(file: Any) -> None:
    """Lock every SIREN at once and in order; Denied when a link came in while it waited, for nothing holds that one."""
    sirens = _sirens(file)
    undertaking.lock(sirens)
    if not _sirens(file) <= sirens:
        raise Denied(_("Les liens de l’entreprise viennent de changer : relire le dossier et recommencer."))


def _sirens(file: Any) -> frozenset[str]:
    """Every SIREN of every undertaking that the aid goes to."""
    declared, sirens = ownership.declared(file), frozenset[str]()
    firms = [party.company.siren for party in group.parties(file)]
    return sirens.union(*(undertaking.sirens_of(siren, undertaking.links(declared, siren)) for siren in firms))


def _confirmed(file: Any, verdict: assessment.Assessment) -> Decimal:
    """The amount proposed, if the rules still give it on the day of the grant."""
    if not verdict.ok:
        raise Denied(in_words(verdict.blocking()))
    if file.amount_proposed > verdict.aid:
        raise Denied(_("Les règles ne donnent plus que %s : retourner le dossier.") % euro(verdict.aid))
    return Decimal(file.amount_proposed)


def _write(file: Any, act: Act, amount: Decimal, equivalent: Decimal, parts: list[Component]) -> None:
    file.amount_granted, file.decided_on = amount, act.day
    made = Grant.objects.create(
        application=file, number=f"D-{file.reference}", amount=amount, gross_grant_equivalent=equivalent,
        decided_on=act.day, signed_by=act.actor, delegation=act.facts.get("delegation", ""),
        voucher_code=f"{file.scheme_version.scheme.prefix}-{secrets.token_hex(5).upper()}",
    )  # fmt: skip
    GrantShare.objects.bulk_create(
        GrantShare(grant=made, funder=funder, amount=part)
        for funder, part in shares_of(file.envelope, ZERO, amount).items()
    )
    rules = file.scheme_version.rules
    GrantComponent.objects.bulk_create(_component(made, part, rules) for part in parts)
    _write_members(file, amount)


def _component(made: Grant, part: Component, rules: Mapping[str, Any]) -> GrantComponent:
    return GrantComponent(
        grant=made, instrument=part["instrument"], amount=Decimal(part["amount"]),
        gross_grant_equivalent=Decimal(part["gross_grant_equivalent"]), months=part.get("months") or 0,
        grace_months=part.get("grace_months") or 0, every_months=part.get("every_months") or 1,
        annual_rate=Decimal(str(part.get("annual_rate_percent") or 0)), method=part.get("method") or "",
        success=terms.success_terms(rules, part["instrument"]),
    )  # fmt: skip


def _write_members(file: Any, amount: Decimal) -> None:
    """Each member's part of the grant: what is cut when it leaves."""
    members = group.taking_part(file)
    for member, part in zip(members, group.parts(amount, len(members) + 1)[1:], strict=True):
        member.share = part
        member.save(update_fields=["share"])
