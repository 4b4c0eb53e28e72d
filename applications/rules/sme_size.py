"""Size of an enterprise: Recommendation 2003/361/EC, annex, art. 2 to 6 (the same text is GBER annex I).

Headcount in annual work units, strictly below the threshold; turnover and balance sheet in euro, not
above it, and only one of the two has to hold. `size_of` reads figures as they are given; `assess` adds
partner and linked enterprises first and applies the rule of two consecutive accounting periods.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from applications.rules.aggregation import PUBLIC_FROM, Aggregate, aggregate, public_share
from applications.rules.base import InputError, Reason, Verdict
from applications.rules.ownership import Ownership

TEXT = "Recommandation 2003/361/CE, annexe"
LARGE = "large"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A size and what it allows: work units below, euro not above."""

    size: str
    headcount: Decimal
    turnover: Decimal
    balance_sheet: Decimal

    def holds(self, headcount: Decimal, turnover: Decimal | None, balance_sheet: Decimal | None) -> bool:
        """Whether the figures fit; an amount that is not known cannot be the one that fits."""
        within_turnover = turnover is not None and turnover <= self.turnover
        within_balance = balance_sheet is not None and balance_sheet <= self.balance_sheet
        return headcount < self.headcount and (within_turnover or within_balance)


def _threshold(size: str, headcount: str, turnover: str, balance_sheet: str) -> Threshold:
    return Threshold(size, Decimal(headcount), Decimal(turnover), Decimal(balance_sheet))


THRESHOLDS = (
    _threshold("micro", "10", "2000000", "2000000"),
    _threshold("small", "50", "10000000", "10000000"),
    _threshold("medium", "250", "50000000", "43000000"),
)
SIZES = (*(t.size for t in THRESHOLDS), LARGE)


def size_of(headcount: Decimal | None, turnover: Decimal | None, balance_sheet: Decimal | None) -> str:
    """« micro », « small », « medium » or « large »; an empty string while the headcount is unknown."""
    if headcount is None:
        return ""
    fitting = (t.size for t in THRESHOLDS if t.holds(headcount, turnover, balance_sheet))
    return next(fitting, LARGE)


def size_over_years(sizes: Sequence[str], *, ownership_changed: bool = False) -> str:
    """The size kept, from those of each accounting period, the latest first (art. 4(2)).

    A threshold counts as crossed once it is in two consecutive periods; the oldest period given is the
    starting point. `ownership_changed`: a merger or an acquisition since the period before, for which
    the latest figures count at once (User guide; to be confirmed).
    """
    if not sizes or any(size not in SIZES for size in sizes):
        raise InputError(
            "sizes",
            f"give one size or more among {', '.join(SIZES)}",
            f"donner une taille ou plus parmi {', '.join(SIZES)}",
        )
    if ownership_changed:
        return sizes[0]
    ranks = [SIZES.index(size) for size in reversed(sizes)]
    return SIZES[sum(_above(ranks, bound) for bound in range(1, len(SIZES)))]


def _above(ranks: Sequence[int], bound: int) -> bool:
    """Whether the status is above one threshold, the periods read from the oldest."""
    crossed = [rank >= bound for rank in ranks]
    status = crossed[0]
    for before, now in zip(crossed, crossed[1:], strict=False):
        status = now if now == before else status
    return status


def assess(years: Sequence[Ownership], enterprise: str, *, ownership_changed: bool = False) -> Verdict:
    """The size of an enterprise; accepted when it is an SME. `years`: one graph per period, latest first.

    A graph holds the relations as they are for that period's figures; the latest alone is enough.
    """
    if not years:
        raise InputError(
            "years",
            "give the ownership and figures of one accounting period or more",
            "donner le capital et les chiffres d’un exercice ou plus",
        )
    wholes = [aggregate(owners, enterprise) for owners in years]
    own = [size_of(w.figures.headcount, w.figures.turnover, w.figures.balance_sheet) for w in wholes]
    size = size_over_years(own, ownership_changed=ownership_changed)
    public = public_share(years[0], enterprise)
    size = LARGE if public >= PUBLIC_FROM else size
    reasons = (*_public(public), *_incomplete(wholes), *_above_all(size, public), *_unplaced(wholes[0]))
    ok = not any(reason.blocking for reason in reasons)
    return Verdict(ok, reasons, details=_details(wholes[0], size, own, public))


def _details(whole: Aggregate, size: str, own: list[str], public: Decimal) -> dict[str, object]:
    return {
        "size": size, "relation": whole.relation, "headcount": whole.figures.headcount,
        "turnover": whole.figures.turnover, "balance_sheet": whole.figures.balance_sheet,
        "linked": sorted(whole.linked), "partners": dict(whole.partners), "size_by_year": own,
        "public_share": public,
    }  # fmt: skip


def _public(share: Decimal) -> list[Reason]:
    if share < PUBLIC_FROM:
        return []
    return [
        Reason(
            "public_body",
            f"Des organismes publics contrôlent {share} % du capital ou des votes : ce n’est pas une PME.",
            f"Public bodies control {share} % of the capital or votes: not an SME.",
            f"{TEXT}, art. 3(4)",
            params={"share": share},
        )
    ]


def _incomplete(wholes: Sequence[Aggregate]) -> list[Reason]:
    names = sorted({name for whole in wholes for name in whole.missing})
    if not names:
        return []
    return [
        Reason(
            "figures_missing",
            f"Il manque les chiffres de {', '.join(names)}, partenaire ou liée.",
            f"The figures of {', '.join(names)}, partner or linked, are missing.",
            f"{TEXT}, art. 6",
            params={"enterprises": names},
        )
    ]


def _above_all(size: str, public: Decimal) -> list[Reason]:
    if size != LARGE or public >= PUBLIC_FROM:
        return []
    return [
        Reason(
            "not_sme",
            "Avec ses entreprises partenaires et liées, l’entreprise dépasse les seuils des PME.",
            "With its partner and linked enterprises, the enterprise is above the SME thresholds.",
            f"{TEXT}, art. 2(1)",
        )
    ]


def _unplaced(whole: Aggregate) -> list[Reason]:
    names = whole.unplaced
    if not names:
        return []
    return [
        Reason(
            "market_unknown",
            f"La même personne détient {', '.join(names)} : dites si les marchés sont les mêmes ou contigus.",
            f"The same person holds {', '.join(names)}: say whether the markets are the same or adjacent.",
            f"{TEXT}, art. 3(3)",
            blocking=False,
            params={"enterprises": list(names)},
        )
    ]
