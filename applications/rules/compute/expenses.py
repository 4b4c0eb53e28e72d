"""Is an expense eligible to the ERDF, and its VAT, land and contributions in kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from applications.rules import cost_eligibility
from applications.rules.base import Verdict
from applications.rules.compute.build import choice, day, euro, flag, may, need, record
from applications.rules.compute.wrapping import Given, rule
from applications.rules.cost_eligibility import NATURES, Expense, Programme, Vat
from regions.money import ZERO

PROGRAMME = record(
    "Le programme | The programme",
    may("submitted_on", day("Dépôt du programme, avant 2021 | Submission of the programme, before 2021")),
    may(
        "extension_approved_on",
        day(
            "Approbation de la réaffectation à mi-parcours (fin au 31/12/2030) | "
            "Approval of the mid-term reallocation (end on 31.12.2030)"
        ),
    ),
)
REGIMES = ("none", "de_minimis", "gber")
VAT = (
    may("vat", euro("TVA de la dépense | VAT on the expense")),
    may("vat_recoverable", flag("TVA récupérable en droit national | VAT recoverable under national law"), True),
    may("total_cost_incl_vat", euro("Coût total de l’opération, TTC | Total cost of the operation, incl. VAT")),
    may("aid_regime", choice("Régime d’aide | Aid regime", REGIMES), "none"),
    may("scheme_excludes_vat", flag("Le dispositif se calcule hors taxes | The scheme works excluding VAT"), False),
)
INPUT = record(
    "Une dépense telle que déclarée | An expense as declared",
    may(
        "incurred_on",
        day(
            "Date de la facture, ou des travaux pour un coût simplifié | "
            "Day of the invoice, or of the work for simplified costs"
        ),
    ),
    may("paid_on", day("Date du paiement | Day of the payment")),
    may(
        "simplified",
        flag("Option de coûts simplifiés : aucun paiement à prouver | Simplified cost option: no payment to prove"),
        False,
    ),
    may("applied_on", day("Dépôt de la demande d’aide | Day of the application")),
    may("completed_on", day("Achèvement de l’opération | Completion of the operation")),
    may(
        "new_intervention_from",
        day(
            "Demande de modification qui ouvre ce type d’intervention | "
            "Amendment request opening this type of intervention"
        ),
    ),
    may("nature", choice("Nature de la dépense | Nature of the expense", NATURES), "ordinary"),
    may(
        "interest_subsidy",
        flag("Bonification d’intérêts ou contre-garantie | Interest-rate or guarantee-fee subsidy"),
        False,
    ),
    may("amount", euro("Dépense hors taxes | Expense excl. VAT")),
    may("declared_here", euro("Part déclarée ici (par défaut, tout) | Part declared here (by default all)")),
    may(
        "declared_elsewhere",
        euro("Part déclarée à un autre fonds ou programme | Part declared to another Fund or programme"),
        0,
    ),
    *VAT,
    may("programme", PROGRAMME, {}),
    may("as_of", day("Date à laquelle on se place | Day from which one looks")),
    any_of=("incurred_on", "paid_on"),
)
EXPENSE_FACTS = (
    "simplified",
    "applied_on",
    "completed_on",
    "new_intervention_from",
    "nature",
    "interest_subsidy",
    "amount",
    "declared_here",
    "declared_elsewhere",
)


def eligible(given: Given) -> Verdict:
    """Whether the expense counts; `amount` is the eligible cost, VAT included when it counts, else zero."""
    incurred: date = given["incurred_on"] or given["paid_on"]
    expense = Expense(incurred, given["paid_on"], **{name: given[name] for name in EXPENSE_FACTS})
    verdict = cost_eligibility.check_expense(expense, Programme(**given["programme"]), given["as_of"])
    if given["amount"] is None:
        return verdict
    with_vat = vat(given)
    amount = with_vat.amount if verdict.ok else ZERO
    return replace(
        verdict, amount=amount, reasons=(*verdict.reasons, *with_vat.reasons),
        details=dict(verdict.details) | dict(with_vat.details),
    )  # fmt: skip


VAT_INPUT = record(
    "Une dépense et sa TVA | An expense and its VAT",
    may("amount", euro("Dépense hors taxes | Expense excl. VAT")),
    *VAT,
    any_of=("amount", "vat", "total_cost_incl_vat"),
)


def vat(given: Given) -> Verdict:
    """The eligible cost, with its VAT when it counts; the reasons say why it does not."""
    amount, tax = given["amount"] or ZERO, given["vat"] or ZERO
    whole = given["total_cost_incl_vat"]
    asked = Vat(
        amount + tax if whole is None else whole,
        given["vat_recoverable"],
        given["aid_regime"],
        given["scheme_excludes_vat"],
    )
    return cost_eligibility.eligible_with_vat(amount, tax, asked)


def vat_alone(given: Given) -> Verdict:
    """The same, refused when the VAT does not count."""
    verdict = vat(given)
    amount = None if given["amount"] is None else verdict.amount
    return replace(verdict, ok=bool(verdict.details["vat_eligible"]), amount=amount)


LAND = record(
    "Un achat de terrain | A land purchase",
    need("land", euro("Prix du terrain | Price of the land")),
    need(
        "total_eligible",
        euro(
            "Dépenses éligibles de l’opération, terrain compris | Eligible expenditure of the operation, land included"
        ),
    ),
    may(
        "derelict",
        flag("Site abandonné ou friche (15 % au lieu de 10 %) | Derelict site (15 % instead of 10 %)"),
        False,
    ),
)
IN_KIND = record(
    "Un soutien public et des apports en nature | Public support and contributions in kind",
    need("public_support", euro("Soutien public | Public support")),
    need("total_eligible", euro("Dépenses éligibles, apports compris | Eligible expenditure, contributions included")),
    need("in_kind", euro("Apports en nature | Contributions in kind")),
)


def land(given: Given) -> Verdict:
    """The eligible part of a land purchase."""
    return cost_eligibility.land_ceiling(given["land"], given["total_eligible"], given["derelict"])


def in_kind(given: Given) -> Verdict:
    """Whether public support stays within eligible expenditure without contributions in kind."""
    return cost_eligibility.in_kind_ceiling(given["public_support"], given["total_eligible"], given["in_kind"])


RULES = (
    rule(
        "cost-eligibility",
        "Éligibilité d’une dépense au FEDER : période, paiement, nature (règlement 2021/1060, art. 63-64) | "
        ""
        "Eligibility of an expense to the ERDF: period, payment, nature (Regulation 2021/1060, art. 63-64)",
        INPUT,
        {"incurred_on": "2026-02-01", "paid_on": "2026-03-01", "applied_on": "2026-01-15", "amount": "1500.00"},
        eligible,
    ),
    rule(
        "vat",
        "TVA : compte-t-elle dans le coût éligible (règlement 2021/1060, art. 64(1)(c)) | "
        "VAT: whether it counts in the eligible cost (Regulation 2021/1060, art. 64(1)(c))",
        VAT_INPUT,
        {"amount": "1000.00", "vat": "85.00", "aid_regime": "gber"},
        vat_alone,
    ),
    rule(
        "land-ceiling",
        "Achat de terrain : part éligible (règlement 2021/1060, art. 64(1)(b)) | "
        "Land purchase: the eligible part (Regulation 2021/1060, art. 64(1)(b))",
        LAND,
        {"land": "12000.00", "total_eligible": "100000.00"},
        land,
    ),
    rule(
        "in-kind",
        "Apports en nature : plafond du soutien public (règlement 2021/1060, art. 67(1)) | "
        "Contributions in kind: ceiling of public support (Regulation 2021/1060, art. 67(1))",
        IN_KIND,
        {"public_support": "8000.00", "total_eligible": "10000.00", "in_kind": "2000.00"},
        in_kind,
    ),
)
