"""The certificate of service rendered: the signed end of the check of a claim, line by line.

The region certifies that what it aids was bought, delivered and paid before it orders the payment
(decree 2012-1246, art. 31). For money of the ERDF the same check is the verification of the managing
authority: delivery, law and conditions, costs paid (Reg. 2021/1060, art. 74(1)(a)), in proportion to
the risk (art. 74(2)). Amounts in euro to the cent, excl. VAT; nothing is computed but sums.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from applications.documents import formats
from applications.documents.facts import Contact
from applications.documents.pdf import compile_pdf
from applications.documents.wording import Tongue
from regions.money import ZERO, to_cents

LIQUIDATION = (
    "Décret n° 2012-1246 du 7 novembre 2012 relatif à la gestion budgétaire et comptable publique, article 31",
    "Decree no. 2012-1246 of 7 November 2012 on public budgetary and accounting management, article 31",
)
VERIFICATION = (
    "Règlement (UE) 2021/1060 du 24 juin 2021, article 74, paragraphe 1, point a), et paragraphe 2",
    "Regulation (EU) 2021/1060 of 24 June 2021, Article 74(1)(a) and (2)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateLine:
    """One cost of the claim: declared, accepted, and why the rest is rejected (`reason` in words, `finding`)."""

    label: str
    invoice: str
    declared: Decimal
    accepted: Decimal
    reason: str = ""
    finding: str = ""

    @property
    def rejected(self) -> Decimal:
        """What is not accepted."""
        return self.declared - self.accepted


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who checked or certified: name, capacity in words, day; `person` tells apart two people of one name."""

    name: str
    role: str
    on: date
    person: int = 0

    def same_as(self, other: Signatory) -> bool:
        """Whether both are one natural person, as far as is known."""
        if self.person and other.person:
            return self.person == other.person
        return self.name.casefold().split() == other.name.casefold().split()


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """The facts of one certificate; dates in local days of the region, `created` with its time zone.

    `paid_before` is the aid paid on earlier claims of the same grant. `means` says how the check was
    made (on documents, on the spot). `simplified_costs`: conditions were checked, not invoices paid.
    """

    region_name: str
    region_contact: Contact
    place: str
    created: datetime
    number: str
    reference: str
    claim_number: str
    is_final: bool
    scheme_name: str
    programme: str = ""
    firm_name: str
    firm_siret: str
    grant_number: str
    granted_on: date
    granted: Decimal
    received_on: date
    lines: tuple[CertificateLine, ...]
    aid_due: Decimal
    shares: tuple[tuple[str, Decimal], ...]
    payees: tuple[tuple[str, Decimal], ...] = ()  # who is paid which part of an aid that is split
    paid_before: Decimal = ZERO
    checked: Signatory
    certified: Signatory
    means: str = ""
    eu_cofunded: bool = True
    simplified_costs: bool = False
    to_provider: bool = False  # the aid pays the provider in the firm's place: the firm paid its own part alone
    articles: tuple[str, ...] = ()  # those of the scheme, in the reader's language

    @property
    def declared(self) -> Decimal:
        """The sum of what was declared."""
        return sum((line.declared for line in self.lines), ZERO)

    @property
    def accepted(self) -> Decimal:
        """The sum of what is accepted."""
        return sum((line.accepted for line in self.lines), ZERO)


def render(facts: CertificateFacts, language: str) -> bytes:
    """The certificate as PDF; ValueError when the facts do not hold together (see `faults`)."""
    found = list(faults(facts))
    if found:
        raise ValueError(f"certificate {facts.number}: {'; '.join(found)}")
    return compile_pdf("certificate", certificate_values(facts, language), created=facts.created)


# --- what must hold


def faults(facts: CertificateFacts) -> Iterator[str]:
    """What forbids to certify: amounts that do not add up, a rejection without grounds, one person twice."""
    if not facts.lines:
        yield "no line"
    for rank, line in enumerate(facts.lines, start=1):
        yield from (f"line {rank}: {fault}" for fault in _line_faults(line))
    yield from _aid_faults(facts)
    yield from _people_faults(facts)


def _line_faults(line: CertificateLine) -> Iterator[str]:
    if not 0 <= to_cents(line.accepted) <= to_cents(line.declared):
        yield "the accepted amount is not between zero and the declared one"
    if line.rejected and not (line.reason and line.finding):
        yield "a rejected amount needs its reason and its finding"


def _aid_faults(facts: CertificateFacts) -> Iterator[str]:
    if min(to_cents(facts.aid_due), to_cents(facts.paid_before)) < 0:
        yield "an aid is negative"
    if facts.aid_due + facts.paid_before > facts.granted:
        yield "the aid due and paid exceeds the aid granted"
    if not facts.simplified_costs and facts.aid_due > facts.accepted:
        yield "the aid due exceeds the costs accepted"
    if sum((share for _, share in facts.shares), ZERO) != facts.aid_due:
        yield "the shares do not add up to the aid due"
    if facts.payees and sum((part for _, part in facts.payees), ZERO) != facts.aid_due:
        yield "the parts of the payees do not add up to the aid due"


def _people_faults(facts: CertificateFacts) -> Iterator[str]:
    """Four eyes, and the order of the days."""
    if facts.checked.same_as(facts.certified):
        yield "who checked does not certify"
    if not facts.granted_on <= facts.received_on <= facts.checked.on <= facts.certified.on:
        yield "grant, claim, check and certification are not in this order"


# --- what is printed


def certificate_values(facts: CertificateFacts, language: str) -> dict[str, Any]:
    """All that the template prints, already in words."""
    t = Tongue(language)
    return {
        "language": "en" if t.english else "fr",
        "region": facts.region_name,
        "service": facts.region_contact.service,
        "title": f"{t('Certificat de service fait n°', 'Certificate of service rendered no.')} {facts.number}",
        "place_and_day": f"{facts.place}{', ' if t.english else ', le '}{t.day(facts.certified.on)}",
        "facts": [_file_facts(facts, t), _claim_facts(facts, t)],
        "headings": _headings(t),
        "head": _head(t),
        "rows": [_row(rank, line, t) for rank, line in enumerate(facts.lines, start=1)],
        "total": _total(facts, t),
        "aid": _aid(facts, t),
        "shares": [[funder, t.money(share)] for funder, share in facts.shares],
        "statement": _statement(facts, t),
        "legal": _legal(facts, t),
        "boxes": [
            _box(t("Contrôle effectué par", "Checked by"), facts.checked, t),
            _box(t("Service fait certifié par", "Service rendered certified by"), facts.certified, t),
        ],
        "note": t("", "Translation for information: the French version of this certificate alone is authentic."),
    }


def _file_facts(facts: CertificateFacts, t: Tongue) -> list[list[str]]:
    return _present(
        (t("Dossier", "File"), facts.reference),
        (t("Bénéficiaire", "Beneficiary"), facts.firm_name),
        ("SIRET", formats.siret(facts.firm_siret)),
        (t("Dispositif", "Scheme"), facts.scheme_name),
        (t("Programme", "Programme"), facts.programme),
    )


def _claim_facts(facts: CertificateFacts, t: Tongue) -> list[list[str]]:
    kind = t("solde", "final") if facts.is_final else t("acompte", "interim")
    decision = t(
        f"n° {facts.grant_number} du {t.day(facts.granted_on)}",
        f"no. {facts.grant_number} of {t.day(facts.granted_on)}",
    )
    return _present(
        (t("Demande de paiement", "Payment claim"), f"{facts.claim_number} ({kind})"),
        (t("Reçue le", "Received on"), t.day(facts.received_on)),
        (t("Décision d’octroi", "Grant decision"), decision),
        (t("Aide accordée", "Aid granted"), t.money(facts.granted)),
        (t("Nature du contrôle", "Kind of check"), facts.means),
    )


def _present(*pairs: tuple[str, str]) -> list[list[str]]:
    return [list(pair) for pair in pairs if pair[1]]


def _headings(t: Tongue) -> dict[str, str]:
    return {
        "lines": t("Dépenses contrôlées (euros hors taxes)", "Costs checked (euro excl. VAT)"),
        "aid": t("Aide due", "Aid due"),
        "shares": t("Part de chaque financeur", "Share of each funder"),
        "statement": t("Certification", "Certification"),
    }


def _head(t: Tongue) -> list[str]:
    return [
        t("n°", "no."),
        t("Dépense", "Cost"),
        t("Facture", "Invoice"),
        t("Déclaré", "Declared"),
        t("Retenu", "Accepted"),
        t("Écarté", "Rejected"),
        t("Motif et constat", "Reason and finding"),
    ]


def _row(rank: int, line: CertificateLine, t: Tongue) -> list[str]:
    grounds = t(f"{line.reason} : {line.finding}", f"{line.reason}: {line.finding}") if line.rejected else ""
    amounts = (t.money(amount) for amount in (line.declared, line.accepted, line.rejected))
    return [str(rank), line.label, line.invoice, *amounts, grounds]


def _total(facts: CertificateFacts, t: Tongue) -> list[str]:
    amounts = (facts.declared, facts.accepted, facts.declared - facts.accepted)
    return ["", t("Total", "Total"), "", *(t.money(amount) for amount in amounts), ""]


def _aid(facts: CertificateFacts, t: Tongue) -> list[list[str]]:
    rows = [(t("Dépenses retenues", "Costs accepted"), t.money(facts.accepted))]
    if facts.paid_before:
        rows.append((t("Aide déjà versée sur cette décision", "Aid already paid on this decision"),
                     t.money(facts.paid_before)))  # fmt: skip
    rows.append((t("Aide due au titre de cette demande", "Aid due on this claim"), t.money(facts.aid_due)))
    rows += [(t(f"dont à payer à {name}", f"of which to pay to {name}"), t.money(part)) for name, part in facts.payees]
    return [list(row) for row in rows]


def _statement(facts: CertificateFacts, t: Tongue) -> str:
    return f"{_found(facts, t)} {_due(facts, t)}"


def _found(facts: CertificateFacts, t: Tongue) -> str:
    """What the check established of the costs accepted, and of them only."""
    if facts.simplified_costs:
        return t(
            "Je certifie, au vu du contrôle ci-dessus, que les conditions de versement fixées par la décision "
            "d’octroi sont remplies pour les montants retenus et que le droit applicable est respecté.",
            "I certify, in view of the above check, that the conditions of payment set by the grant decision are "
            "met for the amounts accepted and that the applicable law is complied with.",
        )
    if facts.to_provider:
        return t(
            "Je certifie, au vu du contrôle ci-dessus, que les prestations correspondant aux dépenses retenues ont "
            "été livrées, que le bénéficiaire les a reconnues conformes et que l’aide en paie sa part au prestataire à "
            "sa place, et que ces dépenses respectent le droit applicable et les conditions de la décision d’octroi.",
            "I certify, in view of the above check, that the services for which costs are accepted were delivered, "
            "that the beneficiary acknowledged them as conforming and that the aid pays its part of them to the "
            "provider in its place, and that these costs comply with the applicable law and with the conditions of "
            "the grant decision.",
        )
    return t(
        "Je certifie, au vu du contrôle ci-dessus, que les prestations correspondant aux dépenses retenues ont été "
        "livrées, que ces dépenses sont acquittées par le bénéficiaire, et qu’elles respectent le droit applicable "
        "et les conditions de la décision d’octroi.",
        "I certify, in view of the above check, that the services for which costs are accepted were delivered, "
        "that the beneficiary has paid these costs, and that they comply with the applicable law and with the "
        "conditions of the grant decision.",
    )


def _due(facts: CertificateFacts, t: Tongue) -> str:
    due = t.money(facts.aid_due)
    if not facts.aid_due:
        return t("Aucune aide n’est due au titre de cette demande.", "No aid is due on this claim.")
    return t(
        f"L’aide due au titre de cette demande est arrêtée à {due}.",
        f"The aid due on this claim is set at {due}.",
    )


def _legal(facts: CertificateFacts, t: Tongue) -> str:
    """The texts in one sentence; those of the Union only for its money."""
    common = [t(*LIQUIDATION), *([t(*VERIFICATION)] if facts.eu_cofunded else [])]
    texts = [*common, *facts.articles]
    return t(f"Textes appliqués : {' ; '.join(texts)}.", f"Legal basis: {'; '.join(texts)}.")


def _box(title: str, who: Signatory, t: Tongue) -> dict[str, str]:
    day = t(f"le {t.day(who.on)}", f"on {t.day(who.on)}")
    return {
        "title": title,
        "name": who.name,
        "role": who.role,
        "day": day,
        "signature": t("Signature", "Signature"),
    }
