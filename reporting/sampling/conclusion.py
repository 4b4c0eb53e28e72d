"""What the figures say: material, not material or inconclusive, with the sentence in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from applications.rules.base import Reason

from .factors import level_of, normal_factor
from .numbers import ZERO, cents, precise, rounded

MATERIAL, NOT_MATERIAL, INCONCLUSIVE = "material", "not_material", "inconclusive"

FRENCH = {
    MATERIAL: "L’erreur totale ({total}) dépasse l’erreur tolérable ({tolerable}) : les dépenses sont "
    "significativement erronées.",
    NOT_MATERIAL: "La limite supérieure de l’erreur ({upper}) reste sous l’erreur tolérable ({tolerable}) : les "
    "dépenses ne sont pas significativement erronées.",
    INCONCLUSIVE: "L’erreur totale ({total}) ne dépasse pas l’erreur tolérable ({tolerable}), mais sa limite "
    "supérieure ({upper}) n’est pas en dessous : le résultat n’est pas concluant, des travaux supplémentaires "
    "sont nécessaires.",
    "projected_only": "L’erreur totale ({total}) ne dépasse pas l’erreur tolérable ({tolerable}) : rien n’indique "
    "que les dépenses soient significativement erronées. L’échantillon n’étant pas statistique, aucune précision "
    "n’est mesurée.",
}
ENGLISH = {
    MATERIAL: "The total error ({total}) is above the tolerable error ({tolerable}): the expenditure is materially "
    "misstated.",
    NOT_MATERIAL: "The upper limit of the error ({upper}) is below the tolerable error ({tolerable}): the expenditure "
    "is not materially misstated.",
    INCONCLUSIVE: "The total error ({total}) is not above the tolerable error ({tolerable}), but its upper limit "
    "({upper}) is not below it: the result is inconclusive, additional work is needed.",
    "projected_only": "The total error ({total}) is not above the tolerable error ({tolerable}): nothing indicates "
    "that the expenditure is materially misstated. The sample is not statistical, so no precision is measured.",
}


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The verdict on a population; euro to the cent, rates as shares, not rounded.

    `upper` and `lower` are TER + SE and CBV − SE; both are None without precision, like `recalculated`, the
    confidence level at which the result would conclude (guidance 7.7), given when it is inconclusive.
    """

    decision: str
    total: Decimal
    tolerable: Decimal
    precision: Decimal | None
    upper: Decimal | None
    upper_rate: Decimal | None
    corrected_book: Decimal
    lower: Decimal | None
    recalculated: Decimal | None
    reason: Reason


@precise
def conclude(
    total: Decimal, precision: Decimal | None, tolerable: Decimal, book: Decimal, confidence: Decimal
) -> Conclusion:
    """Compare TER and ULE = TER + SE with TE; CBV = BV − TER and LL = CBV − SE for difference estimation."""
    upper = None if precision is None else total + precision
    decision = decide(total, upper, tolerable)
    unsettled = precision is not None and decision == INCONCLUSIVE
    return Conclusion(
        decision=decision,
        total=cents(total),
        tolerable=cents(tolerable),
        precision=None if precision is None else cents(precision),
        upper=None if upper is None else cents(upper),
        upper_rate=None if upper is None or not book else upper / book,
        corrected_book=cents(book - total),
        lower=None if upper is None else cents(book - upper),
        recalculated=recalculated_confidence(total, precision or ZERO, tolerable, confidence) if unsettled else None,
        reason=_reason(decision, total, upper, tolerable),
    )


def decide(total: Decimal, upper: Decimal | None, tolerable: Decimal) -> str:
    """TER > TE: material; ULE < TE: not material; otherwise inconclusive. No precision: TER alone decides."""
    if total > tolerable:
        return MATERIAL
    return NOT_MATERIAL if upper is None or upper < tolerable else INCONCLUSIVE


@precise
def recalculated_factor(total: Decimal, precision: Decimal, tolerable: Decimal, confidence: Decimal) -> Decimal:
    """z* = z·(TE − TER)/SE, not rounded (guidance 7.7)."""
    return normal_factor(confidence) * (tolerable - total) / precision


def recalculated_confidence(total: Decimal, precision: Decimal, tolerable: Decimal, confidence: Decimal) -> Decimal:
    """2Φ(z*) − 1 to four decimals: the confidence at which the upper limit would meet the tolerable error."""
    if not precision:
        return ZERO
    return level_of(recalculated_factor(total, precision, tolerable, confidence))


def _reason(decision: str, total: Decimal, upper: Decimal | None, tolerable: Decimal) -> Reason:
    """The sentence in French and in English, with the figures it quotes."""
    code = "projected_only" if upper is None and decision == NOT_MATERIAL else decision
    figures = {"total": total, "tolerable": tolerable} | ({} if upper is None else {"upper": upper})
    fr = FRENCH[code].format(**{name: _french(amount) for name, amount in figures.items()})
    en = ENGLISH[code].format(**{name: f"EUR {cents(amount):,}" for name, amount in figures.items()})
    params = {name: cents(amount) for name, amount in figures.items()}
    return Reason(code, fr, en, "art. 79 CPR", blocking=decision != NOT_MATERIAL, params=params)


def _french(amount: Decimal) -> str:
    """1 234,50 € with narrow no-break spaces between thousands."""
    return f"{cents(amount):,}".replace(",", "\u202f").replace(".", ",") + "\u00a0€"


def percentage(rate: Decimal) -> Decimal:
    """A share as a percentage to two decimals: 0.02474 gives 2.47."""
    return rounded(rate * 100, 2)
