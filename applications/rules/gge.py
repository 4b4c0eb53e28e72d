"""Gross grant equivalent of aid that is not a plain grant (Reg. (EU) 2023/2831, art. 3(5), (6) and 4).

Amounts in euro, rates in percent a year, durations in years. A grant equivalent is a measure set against
a ceiling, not a sum that is paid: it is rounded to the nearest cent, half up, where rounding down would
understate the aid; sums that are paid follow `regions.money`. Instalments are rounded one by one, so
that the parts shown add up to the total. Nothing else is rounded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from applications.rules.base import InputError, Reason, Verdict
from applications.rules.de_minimis_regimes import CURRENT, Regime, regime
from regions.money import CENT, ZERO

SHORT, LONG = Decimal(5), Decimal(10)
COLLATERAL_FROM = Decimal(50)
GUARANTEE_SHARE = Decimal(80)
DISCOUNT_MARGIN = Decimal(1)
UNRATED_MARGIN = Decimal(4)
# Margins in percentage points by rating, for high, normal and low collateral (Communication 2008/C
# 14/02; to be confirmed).
COLLATERAL = ("high", "normal", "low")
MARGINS: Mapping[str, tuple[Decimal, Decimal, Decimal]] = {
    "AAA-A": (Decimal("0.60"), Decimal("0.75"), Decimal("1.00")),
    "BBB": (Decimal("0.75"), Decimal("1.00"), Decimal("2.20")),
    "BB": (Decimal("1.00"), Decimal("2.20"), Decimal("4.00")),
    "B": (Decimal("2.20"), Decimal("4.00"), Decimal("6.50")),
    "CCC": (Decimal("4.00"), Decimal("6.50"), Decimal("10.00")),
}


@dataclass(frozen=True, slots=True)
class BaseRate:
    """A base rate of the Commission for France, in percent, from a day on. None is shipped: it is published."""

    valid_from: date
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Borrower:
    """What the safe harbours ask of the beneficiary (art. 4(3)(a), (6)(a)).

    `rated_b_minus`: a large undertaking's situation is comparable to B- at least.
    """

    insolvent: bool = False
    large: bool = False
    rated_b_minus: bool = False


SOUND = Borrower()


def nearest_cent(amount: Decimal) -> Decimal:
    """An equivalent in euro to the nearest cent, half up."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def base_rate(rates: Sequence[BaseRate], day: date) -> Decimal:
    """The base rate in force on a day, in percent; InputError when none is known."""
    known = [rate for rate in rates if rate.valid_from <= day]
    if not known:
        raise InputError(
            "base_rate",
            f"give the Commission’s base rate in force on {day.isoformat()}",
            f"donner le taux de base de la Commission en vigueur le {day:%d/%m/%Y}",
        )
    return max(known, key=lambda rate: rate.valid_from).percent


def discount_rate(base: Decimal, *, margin: Decimal = DISCOUNT_MARGIN) -> Decimal:
    """The discount rate in percent: the base rate and one point."""
    return base + margin


def reference_rate(
    base: Decimal,
    rating: str = "",
    collateral: str = "normal",
    *,
    margins: Mapping[str, tuple[Decimal, Decimal, Decimal]] = MARGINS,
    unrated: Decimal = UNRATED_MARGIN,
) -> Decimal:
    """The reference rate in percent: base rate and margin of the rating; `unrated` without history.

    Both margins are to be confirmed.
    """
    if collateral not in COLLATERAL or (rating and rating not in margins):
        known = f"{', '.join(margins)}, a collateral among {', '.join(COLLATERAL)}"
        raise InputError("rating", f"give a rating among {known}", f"donner une notation parmi {known}")
    return base + (margins[rating][COLLATERAL.index(collateral)] if rating else unrated)


def present_value(amount: Decimal, years: Decimal, rate: Decimal) -> Decimal:
    """What an amount due in some years is worth today, unrounded; `rate` in percent a year."""
    if years < 0 or rate <= -100:
        raise InputError(
            "years",
            "give a term of zero years or more, and a rate above -100 %",
            "donner une durée de zéro an ou plus, et un taux supérieur à -100 %",
        )
    return amount / (1 + rate / 100) ** years


def grant(amount: Decimal) -> Verdict:
    """A grant, or an interest subsidy, is its own equivalent: gross, before tax (art. 4(2))."""
    return _equivalent(_not_negative(amount))


def instalments(payments: Sequence[tuple[Decimal, Decimal]], rate: Decimal) -> Verdict:
    """A grant in instalments, each (years after the grant, euro), discounted to the grant (art. 3(6)).

    `rate`: the discount rate in percent on the day of the grant. `details["lines"]` add up to the whole.
    """
    lines = [nearest_cent(present_value(_not_negative(amount), years, rate)) for years, amount in payments]
    return _equivalent(sum(lines, ZERO), {"lines": lines, "discount_rate": rate})


def loan(
    amount: Decimal, years: Decimal, *, collateral: Decimal, borrower: Borrower = SOUND, law: Regime | None = None
) -> Verdict:
    """The safe harbour of a loan: the ceiling in proportion of amount and duration (art. 4(3)(b)).

    `collateral` in percent of the loan. The text says « a corresponding proportion »: the product of
    both proportions is the usual reading, to be confirmed. Beyond the limits, use the reference rate.
    """
    law = law or regime(CURRENT)
    reasons = [*_borrower(borrower), *_limits(amount, years, law.loan)]
    if collateral < COLLATERAL_FROM:
        reasons.append(_reason("collateral", *_COLLATERAL, "4(3)(b)"))
    return _proportion(law, amount, years, law.loan, reasons)


def guarantee(
    guaranteed: Decimal,
    years: Decimal,
    *,
    underlying: Decimal,
    proportional: bool = True,
    borrower: Borrower = SOUND,
    law: Regime | None = None,
) -> Verdict:
    """The safe harbour of a guarantee on a loan (art. 4(6)(b)); the same reading of the proportion.

    `guaranteed` and `underlying` in euro; `proportional`: losses and recoveries are shared in the same
    way by lender and guarantor.
    """
    law = law or regime(CURRENT)
    reasons = [*_borrower(borrower), *_limits(guaranteed, years, law.guarantee)]
    if guaranteed * 100 > underlying * GUARANTEE_SHARE or not proportional:
        reasons.append(_reason("guarantee_terms", *_GUARANTEE, "4(6)(b)"))
    return _proportion(law, guaranteed, years, law.guarantee, reasons)


def by_market_rate(
    balances: Sequence[Decimal],
    *,
    market: Decimal,
    contract: Decimal,
    discount: Decimal,
    borrower: Borrower = SOUND,
) -> Verdict:
    """A loan by its reference rate, or a guarantee by the safe-harbour premium (art. 4(3)(c), (6)(c)).

    `balances`: what is outstanding, or guaranteed, at the start of each year, in euro; `market`: the
    reference rate or premium, `contract`: what is charged, `discount`: the discount rate, in percent.
    """
    advantage = max(market - contract, Decimal(0))
    years = [
        present_value(_not_negative(balance) * advantage / 100, Decimal(year), discount)
        for year, balance in enumerate(balances, start=1)
    ]
    reasons = tuple(_borrower(borrower))
    amount = nearest_cent(sum(years, Decimal(0)))
    return Verdict(False, reasons, None) if reasons else _equivalent(amount, {"advantage": advantage})


def capital(amount: Decimal, *, injected_before: Decimal = ZERO, law: Regime | None = None) -> Verdict:
    """A capital injection counts whole, if public injections stay within the ceiling (art. 4(4), (5))."""
    return _within(_not_negative(amount), amount + injected_before, law or regime(CURRENT), "4(4)")


def capped(cap: Decimal, *, law: Regime | None = None) -> Verdict:
    """Any other instrument counts for its cap, which has to be within the ceiling (art. 4(8))."""
    return _within(_not_negative(cap), cap, law or regime(CURRENT), "4(8)")


_COLLATERAL = (
    "Les sûretés doivent couvrir au moins 50 % du prêt.",
    "Collateral must cover at least 50 % of the loan.",
)
_GUARANTEE = (
    "La garantie doit rester à 80 % du prêt au plus, pertes et recouvrements partagés dans la même proportion.",
    "The guarantee must not exceed 80 % of the loan, with losses and recoveries shared proportionally.",
)


def _borrower(borrower: Borrower) -> list[Reason]:
    """No collective insolvency proceedings, nor eligible for them; B- at least for a large undertaking."""
    reasons = []
    if borrower.insolvent:
        text = ("L’entreprise relève d’une procédure collective.", "The undertaking is in, or due for, insolvency.")
        reasons.append(_reason("insolvency", *text, "4(3)(a), 4(6)(a)"))
    if borrower.large and not borrower.rated_b_minus:
        text = ("Une grande entreprise doit valoir au moins B-.", "A large undertaking must be comparable to B-.")
        reasons.append(_reason("rating", *text, "4(3)(a), 4(6)(a)"))
    return reasons


def _limits(amount: Decimal, years: Decimal, most: Decimal) -> list[Reason]:
    """Up to the amount over five years, or half of it over ten."""
    if amount <= 0 or years <= 0:
        raise InputError(
            "amount", "give an amount and a duration above zero", "donner un montant et une durée supérieurs à zéro"
        )
    if (amount <= most and years <= SHORT) or (amount <= most / 2 and years <= LONG):
        return []
    text = (
        f"Au-delà de {most} € sur 5 ans ou de {most / 2} € sur 10 ans, calculez au taux de référence ou à la prime.",
        f"Above EUR {most} over 5 years or EUR {most / 2} over 10, use the reference rate or the premium.",
    )
    return [_reason("safe_harbour_limits", *text, "4(3)(b), 4(6)(b)")]


def _proportion(law: Regime, amount: Decimal, years: Decimal, most: Decimal, reasons: list[Reason]) -> Verdict:
    """ceiling × amount / most × years / 5; nothing is computed outside the safe harbour."""
    if reasons:
        return Verdict(False, tuple(reasons), None, {"regulation": law.code})
    return _equivalent(nearest_cent(law.ceiling * amount * years / (most * SHORT)), {"regulation": law.code})


def _within(amount: Decimal, whole: Decimal, law: Regime, article: str) -> Verdict:
    if whole <= law.ceiling:
        return _equivalent(amount)
    text = (
        f"L’aide n’est pas transparente : le total dépasse le plafond de {law.ceiling} €.",
        f"The aid is not transparent: the total exceeds the ceiling of EUR {law.ceiling}.",
    )
    return Verdict(False, (_reason("not_transparent", *text, article),), None, {"ceiling": law.ceiling})


def _equivalent(amount: Decimal, details: Mapping[str, object] | None = None) -> Verdict:
    return Verdict(True, amount=nearest_cent(amount), details=details or {})


def _not_negative(amount: Decimal) -> Decimal:
    if amount < 0:
        raise InputError("amount", "give an amount in euro, zero or more", "donner un montant en euros, positif ou nul")
    return amount


def _reason(code: str, fr: str, en: str, article: str) -> Reason:
    return Reason(code, fr, en, f"Règl. (UE) {CURRENT}, art. {article}")
