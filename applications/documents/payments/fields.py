"""The fields that banks' answers share: amounts, days, reason codes, identifiers. Each raises BadEntry."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal

from applications.documents.payments.report import BadEntry, Control
from applications.documents.payments.safe_xml import text
from applications.rules.base import Reason
from regions.money import CENT, from_cents, to_cents

AMOUNT = re.compile(r"\+?(\d{1,12}(\.\d{0,5})?|\.\d{1,5})")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?=$|[T+\-Z])")
CODE = re.compile(r"[A-Za-z0-9]{1,35}")
LONGEST = 35
NO_REFERENCE = ("", "NOTPROVIDED")


def decimal(content: str) -> Decimal | None:
    """A decimal as XML writes it, without exponent; None when it is not one. No currency, no rounding."""
    return Decimal(content) if AMOUNT.fullmatch(content) else None


def euros(element: ET.Element) -> Decimal:
    """An amount in euro to the cent; raises BadEntry for another currency or a fraction of a cent."""
    content, currency = (element.text or "").strip(), element.get("Ccy", "")
    if currency != "EUR":
        raise BadEntry(
            "currency", f"Devise « {currency[:LONGEST]} » : l’euro est attendu.",
            f"Currency “{currency[:LONGEST]}”: euro is expected.",
        )  # fmt: skip
    amount = decimal(content)
    if amount is None or amount % CENT:
        raise BadEntry(
            "amount", f"Montant illisible : « {content[:LONGEST]} ».", f"Unreadable amount: “{content[:LONGEST]}”."
        )
    return from_cents(to_cents(amount))


def first_amount(element: ET.Element, *paths: str) -> Decimal | None:
    """The amount at the first of some paths that exists; None when none does."""
    found = next((each for path in paths if (each := element.find(path)) is not None), None)
    return euros(found) if found is not None else None


def first_day(element: ET.Element | None, *paths: str) -> date | None:
    """The day at the first of some paths that holds one, time and zone left out; raises BadEntry."""
    content = next((found for path in paths if (found := text(element, path))), "")
    return day(content) if content else None


def day(content: str) -> date:
    """The day of an ISO date or date and time, as the bank writes it, in the bank's own zone."""
    found = DAY.match(content)
    try:
        return date.fromisoformat(found.group() if found else "")
    except ValueError as error:
        shown = content[:LONGEST]
        raise BadEntry("day", f"Date illisible : « {shown} ».", f"Unreadable date: “{shown}”.") from error


def first_text(*found: tuple[ET.Element | None, str]) -> str:
    """The first text there is among (element, path) pairs; empty when there is none."""
    return next((content for element, path in found if (content := text(element, path))), "")


def end_to_end(content: str) -> str:
    """The order's number, or empty when the bank says that there is none; raises BadEntry when too long."""
    if len(content) > LONGEST:
        raise BadEntry("identifier", "Identifiant trop long.", "Identifier too long.")
    return "" if content in NO_REFERENCE else content


def reference(*found: tuple[ET.Element | None, str], message_id: str) -> str:
    """The bank's reference: the first there is, else what names the message; raises BadEntry."""
    content = " ".join((first_text(*found) or message_id).split())
    if not content or len(content) > LONGEST:
        raise BadEntry(
            "reference", "La référence de la banque est absente ou trop longue.",
            "The bank’s reference is missing or too long.",
        )  # fmt: skip
    return content


def reason_code(element: ET.Element | None) -> str:
    """The code of a reason, standard or the bank's own; empty when it has none that can be shown."""
    content = first_text((element, "Rsn/Cd"), (element, "Rsn/Prtry"))
    return content if CODE.fullmatch(content) else ""


def compare(control: Control, count: str, total: str) -> list[Reason]:
    """The count and total that a bank says it received, beside those sent; an empty text is not compared."""
    warnings = []
    if count and count.lstrip("0") != str(control.count):
        warnings.append(_count_differs(control, count[:LONGEST]))
    if total and decimal(total) != control.total:
        warnings.append(_total_differs(control, total[:LONGEST]))
    return warnings


def _count_differs(control: Control, count: str) -> Reason:
    return Reason(
        "count_differs",
        f"Lot {control.batch} : {count} virements reçus selon la banque, {control.count} transmis.",
        f"Batch {control.batch}: {count} transfers received according to the bank, {control.count} sent.",
    )


def _total_differs(control: Control, total: str) -> Reason:
    return Reason(
        "total_differs",
        f"Lot {control.batch} : total reçu de {total} selon la banque, {control.total} transmis.",
        f"Batch {control.batch}: total received of {total} according to the bank, {control.total} sent.",
    )
