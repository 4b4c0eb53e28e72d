"""What forbids the publication of a definition: gaps, and what the law or the money would not allow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from regions import clock
from regions.schemes.tree import instruments

Definition = Mapping[str, Any]

INDIRECT = ("assignment", "escrow")
NOT_GRANTS = {"advance", "loan", "guarantee"}
GRANT_FORM = "01"
# Reg. (EU) 651/2014, art. 59: the last day of the exemption, as amended by Reg. (EU) 2023/1315.
GBER_ENDS = date(2026, 12, 31)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a definition may not be published: a code, a sentence in each language, the article."""

    code: str
    fr: str
    en: str
    article: str = ""


def publication_faults(definition: Definition, day: date | None = None) -> list[Fault]:
    """Everything that forbids publication on a day (today), all at once; empty when it may be published."""
    found = [*_gaps(definition), *_region(definition), *_currency(definition)]
    for check, sections in CHECKS.items():
        if all(section in definition for section in sections):
            found.extend(check(definition))
    return [*found, *_exemption(definition, day or clock.today())]


def _gaps(definition: Definition) -> Iterator[Fault]:
    """What is not known is a named gap, never a guess."""
    for gap in definition.get("gaps", []):
        yield Fault("gap", f"Lacune : {gap['note']['fr']}", f"Gap: {gap['note']['en']}")


def _region(definition: Definition) -> Iterator[Fault]:
    if not definition.get("region"):
        yield Fault(
            "region",
            "Aucune région n’est nommée : inscrire le code de celle qui adopte ce dispositif.",
            "No region is named: write the code of the one that adopts this scheme.",
        )


def _currency(definition: Definition) -> Iterator[Fault]:
    """Amounts are never converted from one rate: a region sets its own figures, in euro."""
    currency = definition.get("currency", "EUR")
    if currency != "EUR":
        yield Fault(
            "currency",
            f"Les montants sont en {currency} : les fixer en euros, sans les convertir d’un seul taux.",
            f"The amounts are in {currency}: set them in euro, rather than converting them at one rate.",
            "Règl. (UE) 2021/1060, art. 87",
        )


def _shares(definition: Definition) -> Iterator[Fault]:
    funding = definition["funding"]
    shares = {funder["code"]: Decimal(funder["share"]) for funder in funding["funders"]}
    if sum(shares.values()) != 1:
        yield Fault("shares", "Les parts des financeurs ne font pas 100 %.", "The funders’ shares are not 100 %.")
    if funding["lead"] not in shares:
        yield Fault("lead", "Le financeur principal n’est pas parmi les financeurs.", "The lead is not a funder.")


def _firm_is_beneficiary(definition: Definition) -> bool:
    return bool(definition["beneficiary"]["mode"] == "single")


def _simplified(definition: Definition) -> Iterator[Fault]:
    """Below € 200,000 of total cost an ERDF operation is not reimbursed on real costs (CPR art. 53(2)).

    A voucher of this house never reaches that cost, so the firm as beneficiary needs simplified costs.
    """
    real = definition["payment"]["costs"] == "real"
    if _firm_is_beneficiary(definition) and definition["legal_basis"] == "de_minimis" and real:
        yield Fault(
            "simplified_costs",
            "Quand l’entreprise est bénéficiaire et le coût au plus de 200 000 €, les coûts réels sont exclus.",
            "When the firm is the beneficiary and the cost is €200,000 at most, real costs are excluded.",
            "Règl. (UE) 2021/1060, art. 53(2)",
        )


def _payee(definition: Definition) -> Iterator[Fault]:
    """The beneficiary must receive the contribution in full (CPR art. 74(1)(b)), unless it is approved."""
    indirect = definition["payment"]["model"] in INDIRECT
    approved = bool(definition["beneficiary"].get("authority_approval"))
    if _firm_is_beneficiary(definition) and indirect and not approved:
        yield Fault(
            "payee",
            "Cession ou séquestre quand l’entreprise est bénéficiaire : enregistrer l’accord de l’autorité de gestion.",
            "Assignment or escrow while the firm is the beneficiary: record the managing authority’s approval.",
            "Règl. (UE) 2021/1060, art. 74(1)(b)",
        )


def _provider(definition: Definition) -> Iterator[Fault]:
    """Who is paid in the firm's place has been looked at before the grant."""
    if definition["payment"]["model"] in INDIRECT and "provider" not in definition["examination"]["checks"]:
        yield Fault(
            "provider_check",
            "Le prestataire est payé à la place de l’entreprise : ajouter « provider » aux contrôles.",
            "The provider is paid in the firm’s place: add “provider” to the checks.",
            "Règl. (UE) 2021/1060, art. 74(1)(a)",
        )


def _instruments(definition: Definition) -> Iterator[Fault]:
    """A loan or a guarantee is no grant: its ERDF coding is that of a financial instrument."""
    form = definition.get("erdf", {}).get("form_of_support")
    if form == GRANT_FORM and instruments(definition) & NOT_GRANTS:
        yield Fault(
            "form_of_support",
            "Une avance, un prêt ou une garantie n’est pas une subvention : choisir une autre forme de soutien.",
            "An advance, a loan or a guarantee is not a grant: choose another form of support.",
            "Règl. (UE) 2021/1060, art. 58 et annexe I, tableau 2",
        )


def _flat(definition: Definition) -> Iterator[Fault]:
    """A sum that does not follow the cost is a lump sum, so a simplified cost (CPR art. 53(1)(c))."""
    if definition["how"]["function"] == "flat" and definition["payment"]["costs"] == "real":
        yield Fault(
            "flat_costs",
            "Un forfait ne suit pas la dépense : déclarer des coûts simplifiés.",
            "A flat sum does not follow the expense: declare simplified costs.",
            "Règl. (UE) 2021/1060, art. 53(1)(c)",
        )


def _exemption(definition: Definition, day: date) -> Iterator[Fault]:
    """No new scheme under the block exemption once it has expired (Reg. 651/2014, art. 59)."""
    if definition.get("legal_basis", "").startswith("gber_") and day > GBER_ENDS:
        yield Fault(
            "gber_expired",
            f"Le règlement d’exemption a expiré le {GBER_ENDS:%d/%m/%Y} : aucun nouveau dispositif ne s’y fonde.",
            f"The block exemption expired on {GBER_ENDS.isoformat()}: no new scheme may rest on it.",
            "Règl. (UE) 651/2014, art. 58 et 59",
        )


# Each check with the sections that it reads: a section that is missing is already a gap.
CHECKS: Mapping[Callable[[Definition], Iterator[Fault]], tuple[str, ...]] = {
    _shares: ("funding",), _simplified: ("beneficiary", "legal_basis", "payment"), _payee: ("beneficiary", "payment"),
    _provider: ("payment", "examination"), _instruments: ("how",), _flat: ("how", "payment"),
}  # fmt: skip
