"""From a verdict to plain JSON: amounts as texts with two decimals, dates as ISO texts, reasons in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any

from applications.rules.base import Reason, Verdict
from regions.money import floor_cent

SHOWN_PLACES = 6
WIDE = Context(prec=80)


def plain(value: Any) -> Any:
    """A value as JSON holds it."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    return [plain(one) for one in (sorted(value) if isinstance(value, Set) else value)]


def decimal_text(value: Decimal) -> str:
    """Two decimals, or up to six when the figure has more (half up): 4550.00, 11.25, 1.438776."""
    with localcontext(WIDE):
        found = value.quantize(Decimal(1).scaleb(-SHOWN_PLACES), rounding=ROUND_HALF_UP) + 0
    units, decimals = f"{found:f}".split(".")
    return f"{units}.{decimals.rstrip('0').ljust(2, '0')}"


def reason(found: Reason) -> dict[str, Any]:
    """A reason with its sentence in both languages and the figures that it quotes."""
    return {
        "code": found.code, "fr": found.fr, "en": found.en, "article": found.article,
        "blocking": found.blocking, "params": plain(found.params),
    }  # fmt: skip


def answer(name: str, verdict: Verdict, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON answer of a rule: the verdict, and the inputs as they were read, defaults included."""
    return {
        "rule": name,
        "ok": verdict.ok,
        "amount": None if verdict.amount is None else plain(floor_cent(verdict.amount)),
        "reasons": [reason(one) for one in verdict.reasons],
        "details": plain(verdict.details),
        "inputs": plain(inputs),
    }
