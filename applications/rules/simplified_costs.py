"""Simplified cost options of the ERDF: flat rates, hourly rates, unit costs, lump sums (CPR art. 53-56).

Amounts in euro; each published line is rounded down to the cent; an hourly rate is rounded half-up
to the cent before use. Rates are percentages. Where an option is used, eligible expenditure is the
calculated amount (art. 63(5)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from applications.rules.base import Reason, Verdict
from regions.money import CENT, ZERO, floor_cent

CPR = "Règlement (UE) 2021/1060"
ANNUAL_HOURS = Decimal(1720)
STAFF = "direct_staff"
OTHER = "other_direct"


@dataclass(frozen=True, slots=True)
class FlatRate:
    """A flat rate of the CPR: its highest percentage, what it applies to and what it pays for."""

    article: str
    maximum: Decimal
    base: tuple[str, ...]
    covers: str
    needs_method: bool = False


FLAT_RATES = {
    "54(a)": FlatRate("54(a)", Decimal(7), (STAFF, OTHER), "indirect"),
    "54(b)": FlatRate("54(b)", Decimal(15), (STAFF,), "indirect"),
    "54(c)": FlatRate("54(c)", Decimal(25), (STAFF, OTHER), "indirect", needs_method=True),
    "55(1)": FlatRate("55(1)", Decimal(20), (OTHER,), STAFF),
    "56": FlatRate("56", Decimal(40), (STAFF,), "all_other"),
}


@dataclass(frozen=True, slots=True)
class ChosenRate:
    """A flat rate of an operation: its article, and its percentage when below the highest."""

    article: str
    rate: Decimal | None = None
    method_calculated: bool = False

    @property
    def option(self) -> FlatRate:
        """The provision of the CPR."""
        return FLAT_RATES[self.article]

    @property
    def percentage(self) -> Decimal:
        """The rate used: the one agreed, by default the highest the article allows."""
        return self.option.maximum if self.rate is None else self.rate


@dataclass(frozen=True, slots=True)
class DirectCosts:
    """The direct costs of an operation, in euro; allowances of participants are paid beside art. 56.

    `large_contracts`: other direct costs include works, supplies or services above the Union's
    procurement thresholds, which art. 55(1) forbids.
    """

    direct_staff: Decimal = ZERO
    other_direct: Decimal = ZERO
    allowances: Decimal = ZERO
    large_contracts: bool = False


def flat_rate_costs(costs: DirectCosts, chosen: Sequence[ChosenRate]) -> Verdict:
    """Eligible expenditure with flat rates; `amount` is the total, None when a rule is broken.

    Staff 40 000, other 25 000, art. 54(a) 7 %: 4 550.00 indirect, 69 550.00 in all. Art. 56 covers
    everything but staff and allowances: 16 000.00, 56 000.00 in all, the real other costs left out.
    """
    reasons = [reason for each in chosen for reason in _rate_faults(each, costs)]
    reasons += _rate_conflicts([each.article for each in chosen])
    if reasons:
        return Verdict(False, tuple(reasons))
    real, remarks = _without_covered(costs, [each.article for each in chosen])
    lines = {STAFF: real.direct_staff, OTHER: real.other_direct, "allowances": real.allowances}
    for each in sorted(chosen, key=lambda one: one.option.covers != STAFF):
        base = sum((lines[part] for part in each.option.base), ZERO)
        lines[each.option.covers] = floor_cent(base * each.percentage / 100)
    lines = {name: floor_cent(amount) for name, amount in lines.items()}
    return Verdict(True, remarks, sum(lines.values(), ZERO), {"lines": lines})


def _without_covered(costs: DirectCosts, articles: Sequence[str]) -> tuple[DirectCosts, tuple[Reason, ...]]:
    """The real costs less those that a flat rate pays for, so that no cost is paid twice (art. 53(1)(e))."""
    remarks = []
    if "56" in articles and costs.other_direct > 0:
        costs, left_out = replace(costs, other_direct=ZERO), costs.other_direct
        remarks.append(_covered(left_out, "les autres coûts réels", "the other real costs", "56(1)"))
    if "55(1)" in articles and costs.direct_staff > 0:
        costs, left_out = replace(costs, direct_staff=ZERO), costs.direct_staff
        remarks.append(_covered(left_out, "les salaires réels", "the real salaries", "55(1)"))
    return costs, tuple(remarks)


def _covered(amount: Decimal, fr: str, en: str, article: str) -> Reason:
    return Reason(
        "covered_by_flat_rate",
        f"Le taux forfaitaire couvre {fr} : {amount} € ne s’y ajoutent pas.",
        f"The flat rate covers {en}: EUR {amount} is not added to it.",
        f"{CPR}, art. {article}",
        blocking=False,
        params={"amount": amount},
    )


def _rate_faults(chosen: ChosenRate, costs: DirectCosts) -> list[Reason]:
    """What is wrong with one flat rate taken alone."""
    option, article = chosen.option, f"{CPR}, art. {chosen.article}"
    faults = []
    if chosen.percentage > option.maximum:
        faults.append(
            Reason(
                "rate_above_maximum",
                f"Le taux de {chosen.percentage} % dépasse le maximum de {option.maximum} %.",
                f"The rate of {chosen.percentage} % exceeds the maximum of {option.maximum} %.",
                article,
                params={"maximum": option.maximum},
            )
        )
    if option.needs_method and not chosen.method_calculated:
        faults.append(
            Reason(
                "method_required",
                "Ce taux exige une méthode de calcul juste, équitable et vérifiable.",
                "This rate needs a fair, equitable and verifiable calculation method.",
                article,
            )
        )
    if chosen.article == "55(1)" and costs.large_contracts:
        faults.append(
            Reason(
                "large_contracts",
                "Le taux forfaitaire de personnel est exclu si les coûts directs comportent des marchés "
                "supérieurs aux seuils européens.",
                "The staff flat rate is excluded if direct costs hold contracts above the Union thresholds.",
                article,
            )
        )
    return faults


def _rate_conflicts(articles: Sequence[str]) -> list[Reason]:
    """What is wrong with the rates taken together: the same cost may not be covered twice."""
    conflicts = []
    covered = [FLAT_RATES[article].covers for article in articles]
    if len(covered) != len(set(covered)) or ("all_other" in covered and "indirect" in covered):
        conflicts.append(_twice("deux taux forfaitaires", "two flat rates", "53(1)(e)"))
    if "56" in articles and "55(1)" in articles:
        conflicts.append(
            Reason(
                "rate_on_flat_staff",
                "Le taux de l’article 56 ne s’applique pas à des frais de personnel eux-mêmes forfaitaires.",
                "The rate of Article 56 does not apply to staff costs that are themselves a flat rate.",
                f"{CPR}, art. 56(3)",
            )
        )
    return conflicts


def _twice(fr: str, en: str, article: str) -> Reason:
    return Reason(
        "cost_covered_twice",
        f"Le même coût serait couvert deux fois, par {fr}.",
        f"The same cost would be covered twice, by {en}.",
        f"{CPR}, art. {article}",
    )


def hourly_rate(
    gross_cost: Decimal,
    *,
    months: int = 12,
    part_time: Decimal = Decimal(1),
    hours_of_period: Decimal | None = None,
) -> Decimal:
    """The hourly rate of a person, in euro, half-up to the cent (CPR art. 55(2)-(4)).

    Latest annual gross employment cost / 1 720 hours, or their share for part-time work
    (`part_time` 0.5). Fewer documented months are brought to twelve. `hours_of_period` uses the
    documented (for instance average monthly) time of the period the cost was paid for instead.
    """
    if hours_of_period is not None:
        rate = gross_cost / hours_of_period
    else:
        rate = gross_cost * 12 / months / (ANNUAL_HOURS * part_time)
    return rate.quantize(CENT, rounding=ROUND_HALF_UP)


def hourly_costs(
    gross_cost: Decimal,
    hours: Decimal,
    *,
    months: int = 12,
    part_time: Decimal = Decimal(1),
    hours_of_period: Decimal | None = None,
) -> Verdict:
    """Hours worked × hourly rate, rounded down to the cent; hours above the divisor are cut.

    51 600 a year, 412 h: 30.00 an hour, 12 360.00. The hours declared for a person may not exceed
    those used for the rate (art. 55(3)).
    """
    rate = hourly_rate(gross_cost, months=months, part_time=part_time, hours_of_period=hours_of_period)
    most = ANNUAL_HOURS * part_time if hours_of_period is None else hours_of_period
    accepted = min(hours, most)
    reasons = () if accepted == hours else (_hours_cut(hours, most),)
    details = {"hourly_rate": rate, "hours_accepted": accepted, "hours_maximum": most}
    return Verdict(True, reasons, floor_cent(rate * accepted), details)


def _hours_cut(hours: Decimal, most: Decimal) -> Reason:
    return Reason(
        "hours_above_rate_base",
        f"{hours} heures sont déclarées ; {most} au plus sont retenues, la base du taux horaire.",
        f"{hours} hours are declared; at most {most} are accepted, the basis of the hourly rate.",
        f"{CPR}, art. 55(3)",
        blocking=False,
        params={"declared": hours, "maximum": most},
    )


def fixed_share(gross_cost: Decimal, percentage: Decimal) -> Verdict:
    """A fixed percentage of the working time: gross cost × percentage, no time sheets (art. 55(5))."""
    return Verdict(True, amount=floor_cent(gross_cost * percentage / 100))


@dataclass(frozen=True, slots=True)
class LumpSum:
    """An amount due in full when its deliverable is accepted, not at all otherwise (art. 53(1)(c))."""

    name: str
    amount: Decimal
    delivered: bool


def lump_sums(items: Sequence[LumpSum]) -> Verdict:
    """The sum of the lump sums whose deliverable was accepted; the others give a reason and nothing."""
    reasons = tuple(
        Reason(
            "not_delivered",
            f"Le livrable « {item.name} » n’est pas accepté : son forfait n’est pas dû.",
            f"The deliverable “{item.name}” is not accepted: its lump sum is not due.",
            f"{CPR}, art. 53(1)(c)",
            blocking=False,
        )
        for item in items
        if not item.delivered
    )
    due = sum((floor_cent(item.amount) for item in items if item.delivered), ZERO)
    return Verdict(True, reasons, due)


@dataclass(frozen=True, slots=True)
class UnitCost:
    """Units delivered at a cost each, in euro; `planned` caps the units when the conditions do."""

    name: str
    units: Decimal
    unit_cost: Decimal
    planned: Decimal | None = None

    @property
    def accepted(self) -> Decimal:
        """The units that count: those delivered, within those planned."""
        return self.units if self.planned is None else min(self.units, self.planned)


def unit_costs(items: Sequence[UnitCost]) -> Verdict:
    """Σ units × unit cost, each line rounded down to the cent (art. 53(1)(b))."""
    reasons = tuple(
        Reason(
            "units_above_plan",
            f"« {item.name} » : {item.units} unités livrées, {item.planned} retenues.",
            f"“{item.name}”: {item.units} units delivered, {item.planned} accepted.",
            f"{CPR}, art. 53(1)(b)",
            blocking=False,
        )
        for item in items
        if item.accepted != item.units
    )
    return Verdict(True, reasons, sum((floor_cent(item.accepted * item.unit_cost) for item in items), ZERO))
