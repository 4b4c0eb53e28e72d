"""Which form a grant may take: the EUR 200 000 rule and the combination of forms (CPR art. 53).

Under the ceiling the ERDF contribution is unit costs, lump sums or flat rates, unless the support is
State aid. In grouped mode the operation is the whole scheme, so its total cost is the scheme's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from applications.rules.base import Reason, Verdict

CPR = "Règlement (UE) 2021/1060"
SCO_CEILING = Decimal(200_000)
FORMS = ("real_costs", "unit_costs", "lump_sums", "flat_rates")


@dataclass(frozen=True, slots=True)
class Funding:
    """What decides whether simplified costs are compulsory for an operation (art. 53(2)).

    `total_cost` in euro, of the operation (the whole scheme in grouped mode); `forms` among
    real_costs, unit_costs, lump_sums, flat_rates; `real_costs_are_base`: real costs serve only as the
    base of the flat rate; `research_exempt`: research operation exempted by the managing authority
    with the approval of the monitoring committee; `draft_budget`: method of art. 53(3)(b).
    """

    total_cost: Decimal
    forms: frozenset[str]
    aid_regime: str = "none"
    research_exempt: bool = False
    real_costs_are_base: bool = False
    draft_budget: bool = False


def obligation(funding: Funding) -> Verdict:
    """Whether the form of the grant is allowed: simplified costs up to EUR 200 000, State aid apart.

    De minimis aid is not State aid, so a small operation under de minimis must use them. Art. 53(2).
    """
    compulsory = is_compulsory(funding)
    real = "real_costs" in funding.forms
    tolerated = "flat_rates" in funding.forms and funding.real_costs_are_base
    reasons = []
    if compulsory and real and not tolerated:
        reasons.append(_must_simplify(funding))
    if funding.draft_budget and funding.total_cost > SCO_CEILING:
        reasons.append(_budget_too_large())
    return Verdict(not reasons, tuple(reasons), details={"simplified_costs_compulsory": compulsory})


def is_compulsory(funding: Funding) -> bool:
    """Total cost of EUR 200 000 or less, no State aid, no exempted research (art. 53(2))."""
    exempt = funding.aid_regime == "state_aid" or funding.research_exempt
    return funding.total_cost <= SCO_CEILING and not exempt


def _must_simplify(funding: Funding) -> Reason:
    return Reason(
        "simplified_costs_compulsory",
        "Le coût total ne dépasse pas 200 000 € et le soutien n’est pas une aide d’État : la contribution "
        "doit prendre la forme de coûts unitaires, de montants forfaitaires ou de taux forfaitaires.",
        "The total cost does not exceed EUR 200 000 and the support is not State aid: the contribution "
        "must take the form of unit costs, lump sums or flat rates.",
        f"{CPR}, art. 53(2)",
        params={"total_cost": funding.total_cost, "ceiling": SCO_CEILING},
    )


def _budget_too_large() -> Reason:
    return Reason(
        "draft_budget_ceiling",
        "La méthode du projet de budget est réservée aux opérations d’un coût total de 200 000 € au plus.",
        "The draft budget method is reserved for operations whose total cost does not exceed EUR 200 000.",
        f"{CPR}, art. 53(3)(b)",
    )


@dataclass(frozen=True, slots=True)
class FormUse:
    """One form of the grant, the cost category it pays for and, if several, its project or phase."""

    form: str
    category: str
    project: str = ""
    phase: str = ""

    @property
    def scope(self) -> tuple[str, str, str]:
        """Two uses with the same scope pay for the same cost."""
        return (self.category, self.project, self.phase)


def combination(uses: Sequence[FormUse]) -> Verdict:
    """Forms may be combined for different categories, projects or successive phases (art. 53(1)(e))."""
    seen: dict[tuple[str, str, str], FormUse] = {}
    reasons = []
    for use in uses:
        first = seen.setdefault(use.scope, use)
        if first.form != use.form:
            reasons.append(_overlap(first, use))
    return Verdict(not reasons, tuple(reasons))


def _overlap(first: FormUse, second: FormUse) -> Reason:
    return Reason(
        "forms_overlap",
        f"La catégorie « {second.category} » est couverte par deux formes : {first.form} et {second.form}.",
        f"The category “{second.category}” is covered by two forms: {first.form} and {second.form}.",
        f"{CPR}, art. 53(1)(e)",
        params={"category": second.category, "forms": (first.form, second.form)},
    )
