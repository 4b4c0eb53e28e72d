"""Amounts and dates as a reader expects them, in French and in English."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from regions.money import to_cents

NARROW = "\u202f"  # narrow no-break space: French thousands, and before the euro sign
MONTHS_FR = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def is_english(language: str) -> bool:
    """Whether a language code asks for English; any other is answered in French."""
    return language.lower().startswith("en")


def money(amount: Decimal, language: str) -> str:
    """Euro to the cent: « 1 234,56 € » or "€1,234.56"; raises ValueError on a fraction of a cent."""
    cents = to_cents(amount)
    sign = "-" if cents < 0 else ""
    euros, rest = divmod(abs(cents), 100)
    if is_english(language):
        return f"{sign}€{euros:,}.{rest:02d}"
    return f"{sign}{euros:,}".replace(",", NARROW) + f",{rest:02d}{NARROW}€"


def number(value: Decimal, language: str) -> str:
    """A number in groups, without a useless « ,00 »: « 18 500 000 », « 6,50 » or "6.50"."""
    plain = f"{int(value):,}" if value == value.to_integral_value() else f"{value:,f}"
    return plain if is_english(language) else plain.replace(",", NARROW).replace(".", ",")


def day(value: date, language: str) -> str:
    """A date in words: « 1er mars 2026 » or "1 March 2026"."""
    if is_english(language):
        return f"{value.day} {MONTHS_EN[value.month - 1]} {value.year}"
    number = "1er" if value.day == 1 else str(value.day)
    return f"{number} {MONTHS_FR[value.month - 1]} {value.year}"


def siret(number: str) -> str:
    """A SIRET in groups, « 732 829 320 00074 », or a SIREN, « 732 829 320 »; anything else is left as it is."""
    if len(number) not in (9, 14) or not number.isdigit():
        return number
    return "\u00a0".join(part for part in (number[:3], number[3:6], number[6:9], number[9:]) if part)


def iban(number: str) -> str:
    """An IBAN in groups of four, as banks print it."""
    plain = "".join(number.split())
    return "\u00a0".join(plain[start : start + 4] for start in range(0, len(plain), 4))
