"""Who holds whom: linked enterprises in an ownership graph (Recommendation 2003/361/EC, annex, art. 3).

Percentages are 0 to 100. Two readings are drawn from one graph: the linked enterprises of the size
definition, where a natural person or a group of persons acting jointly links two firms of the same or
of adjacent markets, and the single undertaking of de minimis aid, where only enterprises link
(Reg. (EU) 2023/2831, art. 2(2)). Neither is linked through a public body: the size definition has its
own rule for these (art. 3(4)), and recital 5 of the regulation sets them aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations

from applications.rules.base import InputError

MAJORITY = Decimal(50)
WHOLE = Decimal(100)
ANGELS_BELOW = Decimal(1_250_000)
BUDGET_BELOW = Decimal(10_000_000)
INHABITANTS_BELOW = 5_000
ENTERPRISE, PERSON, PUBLIC_BODY, LOCAL_AUTHORITY = "enterprise", "person", "public_body", "local_authority"
ANGEL = "business_angel"
INVESTORS = ("public_investment", "venture_capital", ANGEL, "university", "institutional")
KINDS = (ENTERPRISE, PERSON, PUBLIC_BODY, LOCAL_AUTHORITY, *INVESTORS)
CONTROLS = ("", "board", "contract", "agreement")


@dataclass(frozen=True, slots=True)
class Figures:
    """Annual work units, turnover and balance sheet total in euro; an amount may be unknown."""

    headcount: Decimal
    turnover: Decimal | None
    balance_sheet: Decimal | None

    def plus(self, other: Figures, share: Decimal = WHOLE) -> Figures:
        """These figures and a percentage of others; what is unknown on one side stays unknown."""
        headcount = self.headcount + other.headcount * share / WHOLE
        return Figures(
            headcount, _add(self.turnover, other.turnover, share), _add(self.balance_sheet, other.balance_sheet, share)
        )


def _add(one: Decimal | None, other: Decimal | None, share: Decimal) -> Decimal | None:
    return None if one is None or other is None else one + other * share / WHOLE


@dataclass(frozen=True, slots=True)
class Holder:
    """An enterprise, a person, a public body or an investor of art. 3(2), second subparagraph.

    `markets` are the markets it is active in; `consolidates` the enterprises already within its
    figures; `acts_with` names a group of persons acting jointly; `public` says that an investor is a
    public body; `budget` (euro a year) and `inhabitants` are those of a local authority.
    """

    id: str
    kind: str = ENTERPRISE
    figures: Figures | None = None
    markets: frozenset[str] = frozenset()
    consolidates: frozenset[str] = frozenset()
    acts_with: str = ""
    public: bool = False
    budget: Decimal | None = None
    inhabitants: int | None = None

    @property
    def is_public(self) -> bool:
        """Whether it is a public body, an exempt one included."""
        return self.public or self.kind in (PUBLIC_BODY, LOCAL_AUTHORITY)

    @property
    def is_small_authority(self) -> bool:
        """Art. 3(2)(d): budget below EUR 10 million and fewer than 5 000 inhabitants, both known."""
        if self.kind != LOCAL_AUTHORITY or self.budget is None or self.inhabitants is None:
            return False
        return self.budget < BUDGET_BELOW and self.inhabitants < INHABITANTS_BELOW

    @property
    def links(self) -> bool:
        """Whether it can stand among linked enterprises: no person, no public body as such."""
        return self.kind not in (PERSON, PUBLIC_BODY, LOCAL_AUTHORITY)


@dataclass(frozen=True, slots=True)
class Holding:
    """A stake: percentages of the capital and of the votes (the capital's when not given).

    `control` names another control than votes: « board » (right to appoint or remove a majority),
    « contract » (dominant influence), « agreement » (majority by agreement with other holders).
    `manages`: an exempt investor takes part in the management; if not, it is presumed to have no
    dominant influence. `invested` is a business angel's investment in euro.
    """

    owner: str
    owned: str
    capital: Decimal = Decimal(0)
    votes: Decimal | None = None
    control: str = ""
    manages: bool = False
    invested: Decimal | None = None

    @property
    def voting(self) -> Decimal:
        return self.capital if self.votes is None else self.votes


@dataclass(frozen=True, slots=True)
class Ownership:
    """The graph: holders by identifier, holdings, and pairs of adjacent markets (art. 3(3))."""

    holders: Mapping[str, Holder]
    holdings: tuple[Holding, ...] = ()
    adjacent: frozenset[frozenset[str]] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        for holding in self.holdings:
            _check_holding(self, holding)
        for holder in self.holders.values():
            _check_holder(self, holder)

    def into(self, owned: str, owners: Iterable[str]) -> list[Holding]:
        """The holdings of some owners in an enterprise; what it holds of itself does not count."""
        among = frozenset(owners) - {owned}
        return [h for h in self.holdings if h.owned == owned and h.owner in among]

    def members(self, *, public: bool = True) -> frozenset[str]:
        """Every holder that may be linked: enterprises and investors, public investors or not."""
        return frozenset(key for key, h in self.holders.items() if h.links and (public or not h.is_public))

    def angels_invested(self, owned: str) -> Decimal:
        """What business angels together invested in an enterprise, in euro."""
        held = [h for h in self.holdings if h.owned == owned and self.holders[h.owner].kind == ANGEL]
        return sum((h.invested or Decimal(0) for h in held), Decimal(0))

    def is_exempt(self, owner: str, owned: str) -> bool:
        """Whether an investor may pass 25 % without being a partner, as far as it is not linked."""
        holder = self.holders[owner]
        if holder.kind == ANGEL:
            return self.angels_invested(owned) < ANGELS_BELOW
        return holder.kind in INVESTORS or holder.is_small_authority


def graph(
    holders: Iterable[Holder], holdings: Iterable[Holding] = (), adjacent: Iterable[Iterable[str]] = ()
) -> Ownership:
    """Build the graph; InputError when a holding names an unknown holder or more than the whole."""
    pairs = frozenset(frozenset(pair) for pair in adjacent)
    return Ownership({holder.id: holder for holder in holders}, tuple(holdings), pairs)


def _check_holding(owned_by: Ownership, holding: Holding) -> None:
    for name in (holding.owner, holding.owned):
        if name not in owned_by.holders:
            raise InputError(
                "holdings",
                f"{name} is not among the holders: describe it, or drop the holding",
                f"{name} n’est pas parmi les détenteurs : le décrire, ou retirer cette participation",
            )
    if holding.control not in CONTROLS:
        raise InputError(
            "control",
            f"give one of {', '.join(CONTROLS[1:])}, or nothing",
            f"donner l’une de ces valeurs : {', '.join(CONTROLS[1:])}, ou rien",
        )
    if not (0 <= holding.capital <= WHOLE and 0 <= holding.voting <= WHOLE):
        raise InputError(
            "holdings",
            f"the stake of {holding.owner} in {holding.owned} must be between 0 and 100 %",
            f"la part de {holding.owner} dans {holding.owned} doit être comprise entre 0 et 100 %",
        )


def _check_holder(owners: Ownership, holder: Holder) -> None:
    if holder.kind not in KINDS:
        raise InputError("kind", f"give one of {', '.join(KINDS)}", f"donner l’un de ces codes : {', '.join(KINDS)}")
    held = [h for h in owners.holdings if h.owned == holder.id]
    if sum((h.capital for h in held), Decimal(0)) > WHOLE or sum((h.voting for h in held), Decimal(0)) > WHOLE:
        fr = f"les participations dans {holder.id} dépassent ensemble 100 %."
        raise InputError("holdings", f"the stakes in {holder.id} add up to more than 100 %", fr)
    if any(holder.id in owners.holders[other].consolidates for other in holder.consolidates if other in owners.holders):
        fr = f"{holder.id} et une autre entreprise se consolident l’une l’autre."
        raise InputError("consolidates", f"{holder.id} and another enterprise each consolidate the other", fr)


def controls(owners: Ownership, group: Iterable[str], owned: str) -> bool:
    """Whether a group together controls an enterprise: more than half of the votes, or another control."""
    held = owners.into(owned, group)
    return sum((h.voting for h in held), Decimal(0)) > MAJORITY or any(_governs(owners, h) for h in held)


def _governs(owners: Ownership, holding: Holding) -> bool:
    """Control without votes; an exempt investor out of the management is presumed not to dominate."""
    if holding.control == "contract" and owners.is_exempt(holding.owner, holding.owned):
        return holding.manages
    return bool(holding.control)


Groups = Mapping[str, frozenset[str]]


def linked_groups(owners: Ownership, *, through_persons: bool = True, public: bool = True) -> Groups:
    """For each enterprise, those it is linked with, itself included; directly or through others."""
    groups: dict[str, frozenset[str]] = {key: frozenset({key}) for key in owners.members(public=public)}
    before = 0
    while len(set(groups.values())) != before:
        before = len(set(groups.values()))
        _link_enterprises(owners, groups)
        if through_persons:
            _link_through_persons(owners, groups)
    return groups


def _link_enterprises(owners: Ownership, groups: dict[str, frozenset[str]]) -> None:
    for owned in sorted(groups):
        for group in set(groups.values()):
            if controls(owners, group, owned):
                _merge(groups, group | groups[owned])


def _link_through_persons(owners: Ownership, groups: dict[str, frozenset[str]]) -> None:
    for held in firms_of_persons(owners):
        for one, other in combinations(sorted(held), 2):
            if same_or_adjacent(owners, one, other):
                _merge(groups, groups[one] | groups[other])


def _merge(groups: dict[str, frozenset[str]], names: frozenset[str]) -> None:
    whole = names.union(*(groups[name] for name in names))
    for name in whole:
        groups[name] = whole


def firms_of_persons(owners: Ownership) -> list[frozenset[str]]:
    """For each person, or group of persons acting jointly, the enterprises controlled."""
    acting: dict[str, set[str]] = {}
    for holder in owners.holders.values():
        if holder.kind == PERSON:
            acting.setdefault(holder.acts_with or holder.id, set()).add(holder.id)
    return [controlled_by(owners, persons) for persons in acting.values()]


def controlled_by(owners: Ownership, holders: Iterable[str]) -> frozenset[str]:
    """The enterprises that some holders control together, directly or through those they control."""
    first = frozenset(holders)
    found: frozenset[str] = frozenset()
    while True:
        more = frozenset(key for key in owners.members() - first if controls(owners, first | found, key))
        if more <= found:
            return found
        found |= more


def same_or_adjacent(owners: Ownership, one: str, other: str) -> bool:
    """Whether two firms share a market or have markets directly upstream or downstream; False if unknown."""
    here, there = owners.holders[one].markets, owners.holders[other].markets
    return bool(here & there) or any(frozenset((a, b)) in owners.adjacent for a in here for b in there)


def single_undertaking(owners: Ownership, enterprise: str) -> frozenset[str]:
    """The single undertaking of de minimis aid: linked through enterprises only, no 25 % rule."""
    return linked_groups(owners, through_persons=False, public=False)[enterprise]
