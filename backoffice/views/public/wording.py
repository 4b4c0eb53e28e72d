"""A rule's reasons as people read them: numbers and dates in the manner of the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext

from applications.documents import formats
from applications.rules.base import Reason
from applications.rules.references import reference

AMOUNT = re.compile(r"(?<![\d.,])\d+\.\d{2}(?![\d.A-Z])")  # a NAF code ends with a letter
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def told(reasons: Iterable[Reason]) -> list[tuple[str, str]]:
    """Each reason's sentence and clause, once."""
    language = get_language() or "fr"
    return list(dict.fromkeys((plain(reason.sentence(language)), cited(reason.article)) for reason in reasons))


def cited(article: str) -> str:
    """A legal reference in the language of the page."""
    return reference(article, get_language() or "fr")


def plain(sentence: str) -> str:
    """« 1200.00 € » becomes « 1 200,00 € », « 2026-03-02 » becomes « 2 mars 2026 »."""
    with_amounts = AMOUNT.sub(lambda m: number_format(Decimal(m[0]), 2, use_l10n=True, force_grouping=True), sentence)
    return DAY.sub(lambda m: formats.day(date.fromisoformat(m[0]), get_language() or "fr"), with_amounts)


def figure_of(number: Decimal) -> str:
    """A rate or a number without useless zeros: « 30 », « 2,5 »."""
    places = max(-int(number.normalize().as_tuple().exponent), 0)
    return str(number_format(number, places, use_l10n=True))


def by_success(terms: Mapping[str, Any]) -> str:
    """How an advance comes back from the export turnover, in one sentence."""
    words = {name: figure_of(Decimal(terms[name]) * 100) for name in ("turnover_share", "least_share")}
    return (
        gettext(
            "Remboursée à hauteur de %(turnover_share)s %% du chiffre d’affaires à l’export, et d’au moins "
            "%(least_share)s %% de la somme versée."
        )
        % words
    )


def euros(amount: Decimal) -> str:
    """« 1 200,00 € » or "1,200.00 €", as the templates write it."""
    return gettext("%s €") % number_format(amount, 2, use_l10n=True, force_grouping=True)
