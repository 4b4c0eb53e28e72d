"""From the ties that a file declares to the graph of ownership, the size of the firm and its single undertaking.

A file holds no name here: an enterprise is its SIREN, anyone else « L » and the number of the tie. The same
plain values are frozen with a decision, so that size and undertaking can be recomputed from them. Annual
work units, euro, percentages of 0 to 100.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from applications.rules import ownership, sme_size
from applications.rules.aggregation import Aggregate, aggregate
from applications.rules.base import Verdict
from applications.rules.ownership import ENTERPRISE, INVESTORS, WHOLE, Figures, Holder, Holding, Ownership

OWNER, OWNED = "owner", "owned"
FIRM_MARKET = "firm"
FIGURES = ("headcount", "turnover", "balance_sheet")


@dataclass(frozen=True, slots=True)
class Tie:
    """A declared tie: who stands at its other end, which end holds the other, how much, and the figures.

    `around` is the number of the tie whose enterprise is at this end, None for the firm. `same_market`:
    the same market as the firm's or an adjacent one; None when it is not known.
    """

    number: int
    kind: str
    direction: str
    capital: Decimal
    siren: str = ""
    around: int | None = None
    votes: Decimal | None = None
    control: str = ""
    same_market: bool | None = None
    headcount: Decimal | None = None
    turnover: Decimal | None = None
    balance_sheet: Decimal | None = None
    previous_headcount: Decimal | None = None
    previous_turnover: Decimal | None = None
    previous_balance_sheet: Decimal | None = None
    invested: Decimal | None = None
    budget: Decimal | None = None
    inhabitants: int | None = None

    @property
    def id(self) -> str:
        """Its SIREN, which several ties may share; else its own mark."""
        return self.siren if self.siren and self.counts else f"L{self.number}"

    @property
    def counts(self) -> bool:
        """Whether figures are asked of it: an enterprise or an investor, never a person or a public body."""
        return self.kind == ENTERPRISE or self.kind in INVESTORS

    def figures(self, before: bool = False) -> Figures | None:
        """Its figures of the last closed year or of the one before; None when the headcount is not known."""
        return figures_of({name: getattr(self, f"previous_{name}" if before else name) for name in FIGURES})


def figures_of(values: Mapping[str, Any]) -> Figures | None:
    """Figures with a headcount and one amount at least: without them no threshold can be read."""
    headcount, turnover, balance = (values.get(name) for name in FIGURES)
    if headcount is None or (turnover is None and balance is None):
        return None
    return Figures(headcount, turnover, balance)


@dataclass(frozen=True, slots=True)
class Declared:
    """What a file says of its firm: SIREN, figures of one year or two (the latest first), ties.

    `changed`: a merger or an acquisition since the year before, for which the latest figures count at once.
    """

    siren: str
    years: tuple[Figures | None, ...]
    ties: tuple[Tie, ...] = ()
    changed: bool = False

    def graph(self, before: bool = False) -> Ownership:
        """The graph of ownership with the figures of a year; InputError when it cannot be."""
        return ownership.graph(self._holders(before), self._holdings())

    def _holders(self, before: bool) -> list[Holder]:
        firm = Holder(self.siren, figures=self.years[1 if before else 0], markets=frozenset({FIRM_MARKET}))
        holders = {self.siren: firm}
        for tie in self.ties:
            held = _holder(tie, before)
            known = holders.get(tie.id)
            holders[tie.id] = held if known is None else replace(known, figures=known.figures or held.figures)
        return list(holders.values())

    def _holdings(self) -> list[Holding]:
        ends = {tie.number: tie.id for tie in self.ties}
        return [_holding(tie, ends.get(tie.around, self.siren) if tie.around else self.siren) for tie in self.ties]

    @property
    def two_years(self) -> bool:
        """Whether the year before is known for the firm and for every enterprise with figures."""
        known = all(tie.figures(before=True) for tie in self.ties if tie.figures())
        return len(self.years) > 1 and self.years[1] is not None and known


def _holder(tie: Tie, before: bool) -> Holder:
    return Holder(
        tie.id, tie.kind, figures=tie.figures(before), markets=_markets(tie), budget=tie.budget,
        inhabitants=tie.inhabitants,
    )  # fmt: skip


def _markets(tie: Tie) -> frozenset[str]:
    """The firm's market, one of its own, or none: then a link through a person is left for a person to see."""
    if tie.same_market is None:
        return frozenset()
    return frozenset({FIRM_MARKET if tie.same_market else tie.id})


def _holding(tie: Tie, here: str) -> Holding:
    owner, owned = (tie.id, here) if tie.direction == OWNER else (here, tie.id)
    return Holding(owner, owned, tie.capital, tie.votes, tie.control, invested=tie.invested)


# --- the size


def size(declared: Declared) -> Verdict:
    """The size of the firm with its partner and linked enterprises, and what each of them adds.

    `details["parts"]` adds up to the figures, the firm's own first. Not known while the firm's own figures
    are missing: `details["size"]` is then empty.
    """
    if declared.years[0] is None:
        return Verdict(True, details={"size": "", "relation": "", "parts": []})
    years = [declared.graph(), *([declared.graph(before=True)] if declared.two_years else [])]
    verdict = sme_size.assess(years, declared.siren, ownership_changed=declared.changed)
    details = {**verdict.details, "parts": parts(years[0], declared.siren)}
    if "figures_missing" in verdict.codes():
        details["size"] = ""
    return replace(verdict, details=details)


def parts(owners: Ownership, enterprise: str) -> list[dict[str, Any]]:
    """What each enterprise adds: its identifier, how it is related, the percentage counted, the figures added."""
    whole = aggregate(owners, enterprise)
    linked = sorted(whole.linked - {enterprise})
    rows = [(enterprise, "self", WHOLE), *((name, "linked", WHOLE) for name in linked)]
    rows += [(name, "partner", share) for name, share in whole.partners.items()]
    return [_part(owners, *row) for row in rows if not _within(owners, whole, row[0])]


def _within(owners: Ownership, whole: Aggregate, name: str) -> bool:
    return any(name in owners.holders[other].consolidates for other in whole.linked)


def _part(owners: Ownership, name: str, relation: str, share: Decimal) -> dict[str, Any]:
    figures = owners.holders[name].figures
    added = {field: _share(getattr(figures, field), share) if figures else None for field in FIGURES}
    return {"id": name, "relation": relation, "share": share, **added}


def _share(value: Decimal | None, share: Decimal) -> Decimal | None:
    return None if value is None else value * share / WHOLE


def facts(verdict: Verdict) -> dict[str, Any]:
    """The facts that a scheme's conditions may name; a size that is not known is no fact."""
    details = verdict.details
    return {
        "size": details["size"] or None,
        **{f"group_{name}": details.get(name) for name in FIGURES},
    }  # fmt: skip


# --- the single undertaking


def undertaking(declared: Declared) -> frozenset[str]:
    """Every enterprise linked with the firm through enterprises only (Reg. (EU) 2023/2831, art. 2(2))."""
    return ownership.single_undertaking(declared.graph(), declared.siren)


def pairs(declared: Declared) -> list[tuple[str, str]]:
    """The firm with each enterprise of its single undertaking: as edges, beside those that are on record."""
    return [(declared.siren, other) for other in sorted(undertaking(declared) - {declared.siren})]


# --- plain values, as they are frozen


def plain(declared: Declared) -> dict[str, Any]:
    """The declaration as values that canonical JSON can hold."""
    return {
        "siren": declared.siren, "changed": declared.changed,
        "years": [_plain_figures(year) for year in declared.years],
        "links": [{name: getattr(tie, name) for name in Tie.__slots__} for tie in declared.ties],
    }  # fmt: skip


def _plain_figures(figures: Figures | None) -> dict[str, Any] | None:
    return None if figures is None else {name: getattr(figures, name) for name in FIGURES}


def read(values: Mapping[str, Any]) -> Declared:
    """The declaration from its plain values, typed or as canonical JSON kept them."""
    years = tuple(None if year is None else figures_of(_typed(year)) for year in values["years"])
    return Declared(values["siren"], years, ties(values["links"]), values["changed"])


def ties(rows: Iterable[Mapping[str, Any]]) -> tuple[Tie, ...]:
    return tuple(Tie(**_typed(row)) for row in rows)


AS_THEY_ARE: Sequence[str] = ("number", "kind", "direction", "siren", "around", "control", "same_market", "inhabitants")


def _typed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if name in AS_THEY_ARE or value is None else Decimal(str(value)) for name, value in row.items()}
