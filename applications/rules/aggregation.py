"""The figures of an enterprise with its partner and linked enterprises (Rec. 2003/361/EC, annex, art. 3 and 6).

Linked enterprises count whole, immediate partners for the larger of their percentages of capital and of
votes, with what is linked to these partners; partners of partners never count. What is already within
consolidated accounts is not added again. No rounding: the thresholds are compared with exact figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from applications.rules.base import InputError
from applications.rules.ownership import (
    WHOLE,
    Figures,
    Groups,
    Ownership,
    controlled_by,
    controls,
    firms_of_persons,
    linked_groups,
)

PARTNER_FROM = Decimal(25)
PUBLIC_FROM = Decimal(25)
NOTHING = Figures(Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The whole: figures, linked enterprises (itself included), partner percentages, what is missing.

    `missing` names the enterprises whose figures are not known; `unplaced` those held by the same
    person for which the markets are not known, so that a link can neither be found nor excluded.
    """

    figures: Figures
    linked: frozenset[str]
    partners: Mapping[str, Decimal]
    missing: tuple[str, ...] = ()
    unplaced: tuple[str, ...] = ()

    @property
    def relation(self) -> str:
        """« linked », « partner » or « autonomous » (art. 3(1) to (3))."""
        if len(self.linked) > 1:
            return "linked"
        return "partner" if self.partners else "autonomous"


def aggregate(owners: Ownership, enterprise: str) -> Aggregate:
    """Add up an enterprise with all that counts; InputError when it is not in the graph."""
    if enterprise not in owners.members():
        raise InputError(
            "enterprise",
            f"{enterprise} is not among the enterprises described",
            f"{enterprise} n’est pas parmi les entreprises décrites",
        )
    groups = linked_groups(owners)
    linked = groups[enterprise]
    shares = partner_shares(owners, groups, linked)
    counted = _not_consolidated(owners, linked, {linked: WHOLE, **shares})
    partners = dict(sorted((name, share) for group, share in shares.items() for name in group))
    missing = tuple(name for name in sorted(counted) if _unknown(owners, name))
    return Aggregate(_add_up(owners, counted), linked, partners, missing, _unplaced(owners, enterprise))


def partner_shares(owners: Ownership, groups: Groups, linked: frozenset[str]) -> dict[frozenset[str], Decimal]:
    """The percentage for which each other group of linked enterprises is an immediate partner."""
    others = set(groups.values()) - {linked}
    shares = {other: partner_share(owners, linked, other) for other in others}
    return {other: share for other, share in shares.items() if share}


def partner_share(owners: Ownership, group: frozenset[str], other: frozenset[str]) -> Decimal:
    """The percentage between two groups of linked enterprises, at most 100; zero below 25 %.

    Held jointly by linked enterprises, stakes add up; of cross-holdings the greater counts. A partner
    of several enterprises of the group counts for each, never above the whole (to be confirmed).
    """
    upstream = sum((_stake(owners, other, one) for one in group), Decimal(0))
    downstream = sum((_stake(owners, group, one) for one in other), Decimal(0))
    return min(max(upstream, downstream), WHOLE)


def _stake(owners: Ownership, holders: frozenset[str], owned: str) -> Decimal:
    """The larger of capital and votes held in one enterprise; exempt investors apart, zero below 25 %."""
    held = [h for h in owners.into(owned, holders) if not owners.is_exempt(h.owner, owned)]
    capital, votes = (sum(column, Decimal(0)) for column in ([h.capital for h in held], [h.voting for h in held]))
    stake = max(capital, votes)
    return stake if stake >= PARTNER_FROM else Decimal(0)


def _not_consolidated(
    owners: Ownership, linked: frozenset[str], shares: Mapping[frozenset[str], Decimal]
) -> dict[str, Decimal]:
    """The percentage of each enterprise, without those within the accounts of one that counts whole.

    A partner's own consolidation covers what is linked to that partner.
    """
    within = _consolidated(owners, linked)
    return {name: share for group, share in shares.items() for name in group - within - _consolidated(owners, group)}


def _consolidated(owners: Ownership, group: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(owners.holders[name].consolidates for name in group))


def _unknown(owners: Ownership, name: str) -> bool:
    return owners.holders[name].figures is None


def _add_up(owners: Ownership, counted: Mapping[str, Decimal]) -> Figures:
    total = NOTHING
    for name, share in counted.items():
        total = total.plus(owners.holders[name].figures or NOTHING, share)
    return total


def _unplaced(owners: Ownership, enterprise: str) -> tuple[str, ...]:
    """The firms of the same person for which no market is given, this one's included."""
    around = [firms for firms in firms_of_persons(owners) if enterprise in firms and len(firms) > 1]
    names = {name for firms in around for name in firms}
    blind = {name for name in names if not owners.holders[name].markets}
    return tuple(sorted(names - {enterprise} if enterprise in blind else blind))


def public_share(owners: Ownership, enterprise: str) -> Decimal:
    """The percentage of capital or votes that public bodies control, alone or together (art. 3(4)).

    Through an enterprise that public bodies control, its stake counts whole. The exempt investors are
    left out as long as they are not linked to the enterprise.
    """
    bodies = frozenset(key for key, holder in owners.holders.items() if holder.is_public)
    counted = frozenset(body for body in bodies if _counts(owners, body, enterprise))
    held = owners.into(enterprise, counted | controlled_by(owners, counted))
    capital, votes = (sum(column, Decimal(0)) for column in ([h.capital for h in held], [h.voting for h in held]))
    governed = controls(owners, {h.owner for h in held}, enterprise)
    return max(capital, votes, PUBLIC_FROM if governed else Decimal(0))


def _counts(owners: Ownership, body: str, enterprise: str) -> bool:
    """Whether a public body is under the rule for this enterprise: not exempt, or linked to it."""
    return not owners.is_exempt(body, enterprise) or controls(owners, {body}, enterprise)


def is_public_controlled(owners: Ownership, enterprise: str) -> bool:
    """Whether public bodies hold 25 % or more: not an SME whatever its figures (art. 3(4))."""
    return public_share(owners, enterprise) >= PUBLIC_FROM
