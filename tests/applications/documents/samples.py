"""Ordinary facts for each letter, rows for a bordereau, and how to read a PDF back."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from pypdf import PdfReader

from applications.documents.bordereau import Row
from applications.documents.letters import Contact, LetterFacts
from applications.rules.revocation import GROUNDS

CREATED = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
CONTACT = Contact(
    service="Direction des affaires économiques – Pôle numérique",
    email="aides-numeriques@region.example",
    phone="02 62 00 00 00",
    address=("12 avenue du Port", "97490 Saint-Denis"),
)
COMMON: dict[str, Any] = {
    "region_name": "Région Réunion",
    "region_contact": CONTACT,
    "place": "Saint-Denis",
    "day": date(2026, 3, 2),
    "reference": "04-2026-000123",
    "scheme_name": "Kap Numérik",
    "firm_name": "Épicerie du Cœur SARL",
    "firm_siret": "73282932000074",
    "recipient_name": "Mme Zoé Lebœuf",
    "recipient_address": ("12 rue de l’Église", "97400 Saint-Denis"),
    "created": CREATED,
    "officer_name": "Aïcha Grondin",
    "court_name": "tribunal administratif de La Réunion",
    "signatory": "Jean-Noël Payet\nDirecteur des affaires économiques",
    "delegation": "Pour la présidente du conseil régional\net par délégation,",
}
OWN: dict[str, dict[str, Any]] = {
    "acknowledgement": {"received_on": date(2026, 3, 1), "silence_on": date(2026, 5, 1)},
    "request_for_items": {
        "items": ("Devis détaillé non signé", "Relevé d’identité bancaire"),
        "answer_by": date(2026, 4, 1),
        "silence_on": date(2026, 6, 1),
        "message": "Demandez au prestataire une ligne par prestation.",
    },
    "grant": {
        "grant_number": "DEC-2026-0042",
        "amount": Decimal("3200.00"),
        "voucher_code": "KAP-7F3Q-92XM",
        "shares": (("FEDER", Decimal("2720.00")), ("Région Réunion", Decimal("480.00"))),
        "lines": (
            ("Boutique en ligne", Decimal(3000), Decimal(3000), Decimal(2000)),
            ("Animation de communauté", Decimal(1500), Decimal("1499.50"), Decimal("1234.56")),
        ),
        "complete_by": date(2026, 12, 31),
        "claim_by": date(2027, 3, 31),
        "gross_grant_equivalent": Decimal("3150.25"),
        "regulation": "(UE) 2023/2831",
        "items": ("factures acquittées", "preuves de paiement"),
    },
    "refusal": {
        "reasons": (
            ("Le devis a été signé avant le dépôt de la demande.", "règlement du dispositif, article 5"),
            ("Le plafond des aides de minimis serait dépassé.", "règlement (UE) 2023/2831, article 3"),
        ),
    },
    "lapse": {
        "grant_number": "DEC-2026-0042",
        "amount": Decimal("3200.00"),
        "lapse_reason": "Aucune demande de paiement n’a été déposée avant le 31 mars 2027.",
    },
    "payment": {
        "amount": Decimal("1234.56"),
        "paid_on": date(2026, 11, 20),
        "accountant_reference": "PR-2026-11-8841",
        "claim_number": "DP-7",
    },
    "recovery_hearing": {
        "recovery_number": "R-04-2026-000123-1",
        "grant_number": "DEC-2026-0042",
        "amount": Decimal("500.00"),
        "reasons": (("Trop-perçu", ""), ("La facture F-12 a été payée deux fois.", "")),
        "answer_by": date(2026, 3, 17),
    },
    "recovery_order": {
        "recovery_number": "R-04-2026-000123-1",
        "grant_number": "DEC-2026-0042",
        "amount": Decimal("500.00"),
        "reasons": (("Trop-perçu", ""), ("La facture F-12 a été payée deux fois.", "")),
        "order_number": "T-2026-17",
        "due_on": date(2026, 4, 1),
        "observed_on": date(2026, 3, 10),
        "message": "Les deux factures sont au dossier.",
    },
    "recovery_interest": {
        "recovery_number": "R-04-2026-000123-1",
        "order_number": "T-2026-17",
        "due_on": date(2025, 3, 31),
        "interest": (
            (date(2025, 4, 1), date(2025, 6, 30), 91, Decimal("1000.00"), Decimal("3.710"), Decimal("9.24")),
            (date(2025, 7, 1), date(2025, 7, 10), 10, Decimal("400.00"), Decimal("2.760"), Decimal("0.31")),
        ),
    },
    "revocation_hearing": {
        "grant_number": "DEC-2026-0042",
        "amount": Decimal("500.00"),
        "reasons": (
            (GROUNDS["conditions_not_met"].fr, GROUNDS["conditions_not_met"].article),
            ("Le projet est abandonné.", ""),
        ),
        "answer_by": date(2026, 3, 17),
    },
    "revocation": {
        "grant_number": "DEC-2026-0042",
        "amount": Decimal("500.00"),
        "reasons": (
            (GROUNDS["conditions_not_met"].fr, GROUNDS["conditions_not_met"].article),
            ("Le projet est abandonné.", ""),
        ),
        "observed_on": date(2026, 3, 10),
        "message": "L’abandon est confirmé.",
    },
}


def facts(kind: str, **changes: Any) -> LetterFacts:
    """The ordinary facts of a kind of letter, with changes."""
    return LetterFacts(**{**COMMON, **OWN[kind], **changes})


def rows(count: int, **changes: Any) -> list[Row]:
    """That many payment orders, numbered from one; order n is of 1,000.37 + n euro."""
    values: dict[str, Any] = {
        "payee_name": "Épicerie du Cœur SARL",
        "iban": "FR7630006000011234567890189",
        "due_on": date(2026, 5, 12),
    }
    return [
        Row(
            order_number=f"MD-{number:05d}",
            file_reference=f"04-2026-{number:06d}",
            claim_number=f"DP-{number}",
            amount=Decimal("1000.37") + number,
            **{**values, **changes},
        )
        for number in range(1, count + 1)
    ]


def total(of: list[Row]) -> Decimal:
    """The control total of rows."""
    return sum((row.amount for row in of), Decimal(0))


def pages(pdf: bytes) -> list[str]:
    """The text of each page, every kind of space and line end read as one space."""
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def words(pdf: bytes) -> str:
    """The text of the whole document."""
    return " ".join(pages(pdf))


def longest_line(pdf: bytes) -> int:
    """The number of characters of the longest line printed: a line that leaves the paper is far longer."""
    texts = (page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return max(len(line) for text in texts for line in text.splitlines())


def letters_only(text: str) -> str:
    """A text without any space: to find what a line end cuts."""
    return re.sub(r"\s+", "", text)
