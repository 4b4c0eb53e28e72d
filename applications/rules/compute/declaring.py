"""What is declared to the Commission: payment applications, accounts, residual error."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from applications.rules import accounts, payment_application
from applications.rules.accounts import AccountsRow, AuditedYear
from applications.rules.base import Reason, Verdict
from applications.rules.compute.build import choice, day, euro, flag, may, need, percent, record, rows, text
from applications.rules.compute.wrapping import Given, rule
from applications.rules.cost_eligibility import Programme
from applications.rules.payment_application import COFINANCING, Advance, VerifiedExpenditure

CLAIM = record(
    "Une demande de paiement certifiée | A verified claim",
    need("expenditure", euro("Dépense éligible vérifiée | Verified eligible expenditure")),
    need("aid_due", euro("Aide due sur cette dépense | Aid due on it")),
    may("aid_paid", euro("Aide déjà versée | Aid already paid"), 0),
    may(
        "beneficiary",
        choice("Bénéficiaire au sens du FEDER | Beneficiary for the ERDF", ("firm", "granting_body")),
        "firm",
    ),
    may("aid_regime", choice("Régime d’aide | Aid regime", ("none", "de_minimis", "state_aid")), "none"),
)
ADVANCE = record(
    "Une avance d’aide d’État | A State aid advance",
    need("aid", euro("Aide de l’opération | Aid of the operation")),
    need("paid", euro("Avance versée | Advance paid")),
    need("paid_on", day("Date de l’avance | Day of the advance")),
    need("guaranteed", flag("Garantie bancaire ou publique | Bank or public guarantee")),
    may("covered", euro("Dépenses acquittées qui la couvrent | Paid expenditure that covers it"), 0),
    may(
        "as_of",
        day(
            "Date à laquelle on se place (par défaut, celle de l’avance) | "
            "Day from which one looks (by default that of the advance)"
        ),
    ),
)
INPUT = record(
    "Une demande de paiement à la Commission, ou ce qui doit y entrer | A payment application, or what is to enter one",
    may("declared", euro("Base de calcul déclarée | Basis declared")),
    may("rate", percent("Taux de cofinancement | Co-financing rate")),
    may(
        "category",
        choice(
            "Catégorie de région, pour contrôler le taux | Category of region, to check the rate", tuple(COFINANCING)
        ),
    ),
    may("clld", flag("Priorité entièrement DLAL | Priority wholly CLLD"), False),
    may("paid_on", day("Date d’un paiement : son exercice comptable | Day of a payment: its accounting year")),
    may("submitted_on", day("Date de la demande : sa période | Day of the application: its period")),
    may("claim", CLAIM),
    may("advance", ADVANCE),
    may("mid_term_extension", flag("Programme prolongé à 2030 | Programme extended to 2030"), False),
    any_of=("declared", "rate", "paid_on", "submitted_on", "claim", "advance"),
)
EXTENDED_FROM = date(2021, 1, 1)


def application(given: Given) -> Verdict:
    """Each part that is given is decided; `amount` is the interim payment, else what may be declared."""
    programme = Programme(extension_approved_on=EXTENDED_FROM if given["mid_term_extension"] else None)
    parts = {
        "interim_payment": _interim(given),
        "rate": _rate(given),
        "claim": None if given["claim"] is None else _claim(given["claim"]),
        "advance": None if given["advance"] is None else _advance(given["advance"], programme),
        "accounting_year": _year(given["paid_on"], programme),
        "window": _window(given["submitted_on"]),
    }
    return _together({name: part for name, part in parts.items() if part is not None})


def _together(parts: dict[str, Verdict]) -> Verdict:
    """One verdict of several: all must hold, reasons in order, details and amounts by part."""
    amounts = [part.amount for part in parts.values() if part.amount is not None]
    reasons = tuple(reason for part in parts.values() for reason in part.reasons)
    return Verdict(all(part.ok for part in parts.values()), reasons, next(iter(amounts), None), _details(parts))


def _details(parts: dict[str, Verdict]) -> dict[str, Any]:
    return {
        name: dict(part.details) | ({} if part.amount is None else {"amount": part.amount})
        for name, part in parts.items()
    }


def _interim(given: Given) -> Verdict | None:
    if given["declared"] is None or given["rate"] is None:
        return None
    return payment_application.interim_payment(given["declared"], given["rate"])


def _rate(given: Given) -> Verdict | None:
    """The highest rate of the category; without a rate, what it would be."""
    if given["category"] is None:
        return None
    rate: Decimal = given["rate"] or Decimal(0)
    return payment_application.check_cofinancing(rate, given["category"], given["clld"])


def _claim(given: Given) -> Verdict:
    return payment_application.declarable(VerifiedExpenditure(**given))


def _advance(given: Given, programme: Programme) -> Verdict:
    facts = {name: value for name, value in given.items() if name != "as_of"}
    return payment_application.declarable_advance(Advance(**facts), given["as_of"] or given["paid_on"], programme)


def _year(paid_on: date | None, programme: Programme) -> Verdict | None:
    if paid_on is None:
        return None
    year = payment_application.accounting_year(paid_on, programme)
    details = {"label": year.label, "start": year.start, "end": year.end, "accounts_due": year.accounts_due}
    return Verdict(True, details=details)


def _window(submitted_on: date | None) -> Verdict | None:
    if submitted_on is None:
        return None
    window = payment_application.submission_window(submitted_on)
    return Verdict(True, details={"start": window.start, "end": window.end, "final": window.final})


ROW = record(
    "Une priorité et une catégorie de région | A priority and a category of region",
    may("name", text("Priorité | Priority"), "-"),
    need("applied_expenditure", euro("A : dépenses des demandes de paiement | A: expenditure in payment applications")),
    need(
        "applied_contribution", euro("B : contribution publique des demandes | B: public contribution in applications")
    ),
    need("accounts_expenditure", euro("C : dépenses des comptes | C: expenditure in the accounts")),
    need(
        "accounts_contribution", euro("D : contribution publique des comptes | D: public contribution in the accounts")
    ),
    may("comment", text("G : commentaire | G: comment")),
)
RECONCILIATION = record(
    "Les lignes | The rows", need("rows", rows("Lignes de l’appendice 4 | Rows of appendix 4", ROW, least=1))
)


def reconciled(given: Given) -> Verdict:
    """Columns E and F, and whether a comment is missing."""
    lines = [AccountsRow(**{**row, "comment": row["comment"] or ""}) for row in given["rows"]]
    verdict = accounts.reconcile(lines)
    return Verdict(verdict.ok, verdict.reasons, details=dict(verdict.details) | {"rows": list(_differences(lines))})


def _differences(lines: Iterable[AccountsRow]) -> Iterable[dict[str, Any]]:
    for line in lines:
        yield {
            "name": line.name,
            "expenditure_difference": line.expenditure_difference,
            "contribution_difference": line.contribution_difference,
            "comment_required": line.differs,
        }


RESIDUAL = record(
    "Les chiffres du modèle d’erreur résiduelle, dans une même unité | "
    "Figures of the residual error template, in one unit",
    need("declared", euro("A : dépenses déclarées | A: expenditure declared")),
    need("total_error_rate", percent("Taux d’erreur total (TER) | Total error rate (TER)")),
    may(
        "ongoing_assessment", euro("E1 : dépenses en cours d’évaluation | E1: expenditure under ongoing assessment"), 0
    ),
    may("other_deductions", euro("E2 : autres déductions | E2: other deductions"), 0),
    may("corrections", euro("H : corrections financières | H: financial corrections"), 0),
)
LINES = {
    "population": "F", "amount_at_risk": "G", "certifiable": "I", "residual_risk": "J", "rate": "K",
    "extra_correction": "L",
}  # fmt: skip


def residual(given: Given) -> Verdict:
    """Lines F to L; refused above 2 % once rounded. `amount` is the extra correction, up to the cent."""
    found, verdict = accounts.residual_verdict(AuditedYear(**given))
    figures: dict[str, Any] = {name: getattr(found, name) for name in LINES}
    percentage = found.rounded_rate * 100
    reasons = verdict.reasons or (_certifiable(percentage),)
    return Verdict(verdict.ok, reasons, found.extra_in_cents, figures | {"rate_percent": percentage})


def _certifiable(percentage: Decimal) -> Reason:
    return Reason(
        "residual_error_acceptable",
        f"Le taux d’erreur résiduel de {percentage:.2f} % ne dépasse pas 2 %.",
        f"The residual error rate of {percentage:.2f} % does not exceed 2 %.",
        accounts.ARTICLE,
        blocking=False,
    )


RULES = (
    rule(
        "payment-application",
        "Demande de paiement : montant versé, dépenses à déclarer, exercice (règlement 2021/1060, art. 91-93) | "
        ""
        "Payment application: what is paid, what is declared, the accounting year (Regulation 2021/1060, art. 91-93)",
        INPUT,
        {"declared": "1000000.00", "rate": 60, "category": "transition", "paid_on": "2026-06-30"},
        application,
    ),
    rule(
        "accounts",
        "Comptes annuels : rapprochement avec les demandes de paiement (règlement 2021/1060, annexe XXIV) | "
        "Yearly accounts: reconciliation with the payment applications (Regulation 2021/1060, annex XXIV)",
        RECONCILIATION,
        {
            "rows": [
                {
                    "name": "1",
                    "applied_expenditure": "1200000.00",
                    "applied_contribution": "900000.00",
                    "accounts_expenditure": "1188500.00",
                    "accounts_contribution": "891375.00",
                    "comment": "Audit",
                }
            ]
        },
        reconciled,
    ),
    rule(
        "residual-error",
        "Taux d’erreur résiduel et correction supplémentaire (règlement 2021/1060, art. 98) | "
        "Residual error rate and extra correction (Regulation 2021/1060, art. 98)",
        RESIDUAL,
        {"declared": "1000.00", "total_error_rate": "2.2", "corrections": "2.10"},
        residual,
    ),
)
