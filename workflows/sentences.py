"""How the gate's refusals say amounts and reasons, in the language of whoever reads them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import get_language

from applications.documents.formats import money
from applications.rules.base import Reason


def euro(amount: Decimal) -> str:
    """« 1 234,56 € » or "€1,234.56"; raises ValueError on a fraction of a cent."""
    return money(amount, get_language() or "fr")


def in_words(reasons: Iterable[Reason]) -> str:
    """The sentences of the reasons that the rules gave, one after the other."""
    return " ".join(reason.sentence(get_language() or "fr") for reason in reasons)
