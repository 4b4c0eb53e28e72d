"""The letters of the region: kind, facts and language in; PDF out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from applications.documents import decisions, formats, notices, recoveries, revocations
from applications.documents.facts import Contact, LetterFacts
from applications.documents.pdf import compile_pdf
from applications.documents.wording import Block, Tongue, unbroken

__all__ = ["LETTERS", "Contact", "Letter", "LetterFacts", "render"]


@dataclass(frozen=True, slots=True)
class Letter:
    """A kind of letter: its title, the facts it cannot do without, and how its body is built."""

    fr: str
    en: str
    needs: tuple[str, ...]
    build: Callable[[LetterFacts, Tongue], list[Block]]

    def title(self, language: str) -> str:
        """The title in the reader's language."""
        return Tongue(language)(self.fr, self.en)

    def paragraphs(self, facts: LetterFacts, language: str) -> list[Block]:
        """The body; raises ValueError naming the facts that are missing."""
        missing = [name for name in self.needs if not getattr(facts, name)]
        if missing:
            raise ValueError(f"the letter « {self.fr} » needs {', '.join(missing)}")
        return self.build(facts, Tongue(language))


LETTERS: dict[str, Letter] = {
    "acknowledgement": Letter(
        "Accusé de réception de votre demande d’aide",
        "Acknowledgement of your application",
        ("received_on", "silence_on"),
        notices.acknowledgement,
    ),
    "request_for_items": Letter(
        "Demande de pièces complémentaires",
        "Request for further documents",
        ("items", "answer_by"),
        notices.request_for_items,
    ),
    "grant": Letter("Octroi d’une aide", "Grant of aid", ("grant_number", "amount"), decisions.grant),
    "refusal": Letter(
        "Rejet de votre demande d’aide", "Rejection of your application", ("reasons",), decisions.refusal
    ),
    "lapse": Letter("Caducité de l’aide", "Lapse of the aid", ("lapse_reason",), decisions.lapse),
    "payment": Letter(
        "Versement de l’aide",
        "Payment of the aid",
        ("amount", "paid_on", "accountant_reference"),
        notices.payment,
    ),
    "revocation_hearing": Letter(
        "Projet de retrait de votre aide : vos observations",
        "Your aid may be taken back: your comments",
        ("grant_number", "reasons", "answer_by"),
        revocations.hearing,
    ),
    "revocation": Letter(
        "Retrait de votre aide", "Your aid is taken back", ("grant_number", "reasons"), revocations.decision
    ),
    "recovery_hearing": Letter(
        "Somme à recouvrer : vos observations",
        "Sum to be recovered: your comments",
        ("recovery_number", "amount", "reasons", "answer_by"),
        recoveries.hearing,
    ),
    "recovery_order": Letter(
        "Titre de recettes",
        "Recovery order",
        ("recovery_number", "amount", "order_number", "due_on", "reasons"),
        recoveries.order,
    ),
    "recovery_interest": Letter(
        "Intérêts de retard",
        "Late-payment interest",
        ("recovery_number", "order_number", "due_on", "interest"),
        recoveries.late,
    ),
}


def render(kind: str, facts: LetterFacts, language: str) -> bytes:
    """The PDF of a letter; KeyError for an unknown kind, ValueError when a needed fact is missing."""
    return compile_pdf("letter", letter_values(kind, facts, language), created=facts.created)


def letter_values(kind: str, facts: LetterFacts, language: str) -> dict[str, Any]:
    """All that the template prints, already in words."""
    letter, t = LETTERS[kind], Tongue(language)
    return {
        "language": "en" if t.english else "fr",
        "title": letter.title(language),
        "sender": _sender(facts),
        "email": facts.region_contact.email,
        "recipient": [facts.firm_name, facts.recipient_name, *facts.recipient_address],
        "place_and_day": f"{facts.place}{', le ' if not t.english else ', '}{t.day(facts.day)}",
        "references": _references(facts, t),
        "subject_label": t("Objet :", "Subject:"),
        "salutation": t("Madame, Monsieur,", "Dear Sir or Madam,"),
        "body": letter.paragraphs(facts, language),
        "closing": t("Veuillez agréer, Madame, Monsieur, nos salutations distinguées.", "Yours faithfully,"),
        "signature": _signature(facts),
        "footer": _footer(facts, t),
    }


def _sender(facts: LetterFacts) -> dict[str, Any]:
    contact = facts.region_contact
    lines = [contact.service, *contact.address, contact.phone, contact.email]
    return {"name": facts.region_name, "lines": [line for line in lines if line]}


def _references(facts: LetterFacts, t: Tongue) -> list[list[str]]:
    rows = [
        (t("Référence", "Reference"), facts.reference),
        (t("Entreprise", "Firm"), facts.firm_name),
        ("SIRET", formats.siret(facts.firm_siret)),
        (t("Dispositif", "Scheme"), facts.scheme_name),
        (t("Dossier suivi par", "Case officer"), facts.officer_name),
    ]
    return [list(row) for row in rows if row[1]]


def _signature(facts: LetterFacts) -> dict[str, Any]:
    """In whose name, then who signs; a letter nobody signs ends with the service (CRPA art. L.212-2)."""
    name = facts.signatory or facts.region_contact.service
    return {
        "delegation": facts.delegation.splitlines(),
        "name": name.splitlines(),
        "signed": bool(facts.signatory),
    }


def _footer(facts: LetterFacts, t: Tongue) -> dict[str, Any]:
    """Contact on every page; an English letter says that it is a translation."""
    contact = facts.region_contact
    reach = (contact.email, unbroken(contact.phone))
    return {
        "contact": [f"{facts.region_name} · {contact.service}", " · ".join(filter(None, reach))],
        "reference": facts.reference,
        "note": t("", "Translation for information: the French version of this letter alone is authentic."),
    }
