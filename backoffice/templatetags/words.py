"""Days, numbers and identifiers in templates, as the reader of the page writes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.translation import get_language, gettext

from applications.documents import formats
from applications.documents.payments import bank_reasons
from backoffice.views.public.wording import cited, figure_of

register = template.Library()
MINUS = "−"
HOURS = {"H:i": "%H:%M", "H:i:s": "%H:%M:%S"}


@register.filter(expects_localtime=True)
def day(value: date | datetime | None) -> str:
    """« 1er janvier 2025 » or "1 January 2025"; nothing for nothing. A moment is read in the page's zone."""
    return formats.day(value, get_language() or "fr") if value else ""


@register.filter(expects_localtime=True)
def moment(value: datetime | None, hours: str = "H:i") -> str:
    """The day and the hour, in the page's zone."""
    return f"{day(value)}, {value.strftime(HOURS[hours])}" if value else ""


@register.filter
def grouped(number: Any) -> str:
    """A SIREN or a SIRET in groups, « 732 829 320 00074 »; a line may end between firm and establishment only."""
    firm, gap, establishment = formats.siret(str(number or "")).rpartition("\u00a0")
    return f"{firm} {establishment}" if len(establishment) == 5 else f"{firm}{gap}{establishment}"


@register.filter
def number(figure: Any) -> str:
    """A number without useless zeros, « 7,5 »; a dash for nothing."""
    return figure_of(figure) if figure is not None else "–"


@register.filter
def signed(figure: Any) -> str:
    """A figure with a true minus sign, as wide as the plus, before the currency: « −€2,380.00 »."""
    text = str(figure)
    return MINUS + text.replace("-", "", 1) if "-" in text else text


@register.filter
def bank_reason(code: Any) -> str:
    """The reason of a rejection in words, with its code: « Compte clos (AC04) »; an accountant’s own words as given."""
    known = bank_reasons.WORDS.get(str(code))
    if known is None:
        return str(code)
    french, english = known
    return f"{english if (get_language() or 'fr').startswith('en') else french} ({code})"


@register.filter
def reference(article: str) -> str:
    """A legal reference in the language of the page."""
    return cited(article)


@register.filter
def regulation(codes: Any) -> str:
    """The regulations a decision relied on as they are cited: « règlement (UE) 2023/2831 »."""
    return ", ".join(_cited(code) for code in str(codes or "–").split(", "))


def _cited(code: str) -> str:
    union, _space, number = code.partition(" ")
    return gettext("règlement (UE) %s") % number if union == "EU" and number else code
