"""Dates: payment of a claim, decision on an application, retention, durability, transmissions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from applications.rules import deadlines
from applications.rules.base import InputError, Reason, Verdict
from applications.rules.compute.build import choice, day, euro, flag, may, need, record, rows, whole
from applications.rules.compute.wrapping import Given, rule
from applications.rules.cost_eligibility import Programme
from applications.rules.deadlines import Suspension, clock_reason
from applications.rules.durability import EVENTS, Breach, Investment, durability
from applications.rules.retention import AID_REGIMES, KeptFile, Proceedings, retention
from applications.rules.transmission import next_transmission

REQUEST = record(
    "Une demande de pièces manquantes | A request for missing items",
    need("asked_on", day("Date de la demande | Day of the request")),
    may("answered_on", day("Date de la réponse complète | Day of the complete answer")),
    may("deadline", day("Délai laissé pour répondre | Deadline set for the answer")),
)
AS_OF = may(
    "as_of",
    day(
        "Date à laquelle on se place (par défaut, tout ce qui est connu) | "
        "Day from which one looks (by default all that is known)"
    ),
)
PAYMENT = record(
    "Une demande de paiement | A payment claim",
    need("submitted_on", day("Dépôt de la demande | Day the claim was submitted")),
    may("interruptions", rows("Interruptions du délai | Interruptions of the deadline", REQUEST), []),
    may("paid_on", day("Date du paiement, s’il a eu lieu | Day of the payment, if it took place")),
    may("days", whole("Délai en jours | Delay in days", 1, 3650), deadlines.PAYMENT_DAYS),
    AS_OF,
)


def payment(given: Given) -> Verdict:
    """The last day to pay; refused when the payment came, or the day looked from is, after it."""
    due = deadlines.payment_due(
        given["submitted_on"], _suspensions(given, "interruptions"), given["as_of"], days=given["days"]
    )
    late = (given["paid_on"] or given["as_of"] or due) > due
    reasons = (clock_reason("payment_late", due),) if late else ()
    return Verdict(not late, reasons, details={"pay_by": due, "late": late})


def _suspensions(given: Given, name: str) -> list[Suspension]:
    """The requests, each with an end unless one looks from a given day."""
    found = []
    for rank, row in enumerate(given[name]):
        path = f"$.{name}[{rank}]"
        ends = [end for end in (row["answered_on"], row["deadline"]) if end is not None]
        if any(end < row["asked_on"] for end in ends):
            fr = "la réponse et le délai ne peuvent pas précéder la demande."
            raise InputError(f"{path}.asked_on", "neither the answer nor the deadline can precede the request.", fr)
        if not ends and given["as_of"] is None:
            fr = "donner « answered_on » ou « deadline », ou « as_of » pour compter jusqu’à ce jour."
            raise InputError(path, "give “answered_on” or “deadline”, or “as_of” to count up to that day.", fr)
        found.append(Suspension(**row))
    return found


DECISION = record(
    "Une demande d’aide | An application for aid",
    need("received_on", day("Date de réception | Day of receipt")),
    may("suspensions", rows("Demandes de pièces manquantes | Requests for missing items", REQUEST), []),
    may("decided_on", day("Date de la décision, s’il y en a une | Day of the decision, if there is one")),
    may("months", whole("Délai en mois | Delay in months", 1, 24), deadlines.DECISION_MONTHS),
    may(
        "starts_next_day",
        flag("Le délai part du lendemain de la réception | The delay runs from the day after receipt"),
        False,
    ),
    may("warning_day", whole("Jour d’alerte | Day of the warning", 1, 365), deadlines.WARNING_DAY),
    AS_OF,
)


def decision(given: Given) -> Verdict:
    """The day at whose end silence is a rejection, and the last day to appeal against that silence."""
    held, as_of, next_day = _suspensions(given, "suspensions"), given["as_of"], given["starts_next_day"]
    received = given["received_on"]
    due = deadlines.decision_due(received, held, as_of, months=given["months"], starts_next_day=next_day)
    warning = deadlines.warning_on(received, held, as_of, day=given["warning_day"], starts_next_day=next_day)
    late = (given["decided_on"] or given["as_of"] or due) > due
    details = {"decide_by": due, "warning_on": warning, "appeal_until": deadlines.appeal_until(due)}
    return Verdict(not late, (clock_reason("implicit_rejection", due),) if late else (), details=details)


PROCEEDINGS = record(
    "Une procédure judiciaire ou une demande de la Commission | Legal proceedings or a Commission request",
    need("began_on", day("Début | Beginning")),
    may("ended_on", day("Fin, si elle est connue | End, if known")),
)
KEPT = record(
    "Un dossier à conserver | A file to keep",
    may("last_payment_on", day("Dernier paiement au bénéficiaire | Last payment to the beneficiary")),
    may(
        "grouped",
        flag(
            "Dossier d’une opération groupée : son dernier paiement compte | Grouped operation: its last payment counts"
        ),
        False,
    ),
    may("operation_last_payment_on", day("Dernier paiement de l’opération | Last payment of the operation")),
    may("erdf", flag("Financé par le FEDER | Financed by the ERDF"), True),
    may("aid_regime", choice("Régime d’aide | Aid regime", ("none", *AID_REGIMES)), "none"),
    may("granted_on", day("Date d’octroi | Day of the grant")),
    may("scheme_last_aid_on", day("Dernière aide du régime | Last aid of the scheme")),
    may(
        "proceedings",
        rows("Procédures qui interrompent le délai | Proceedings that interrupt the period", PROCEEDINGS),
        [],
    ),
    may("legal_hold", flag("Dossier gelé | File under legal hold"), False),
    may(
        "interruption_restarts",
        flag("Le délai repart de zéro après la procédure | The period starts again after the proceedings"),
        False,
    ),
    may("identity_copy", flag("Copie d’une pièce d’identité | Copy of an identity paper"), False),
    may("checked_on", day("Contrôle de cette pièce | Day this paper was checked")),
    may("as_of", day("Date à laquelle on se place | Day from which one looks")),
)


def kept(given: Given) -> Verdict:
    """Until when the file is kept, that day included; refused while no end is known."""
    facts = {name: value for name, value in given.items() if name not in ("proceedings", "as_of")}
    found = retention(KeptFile(**facts, proceedings=_proceedings(given["proceedings"])))
    may_delete = None if given["as_of"] is None else found.may_delete(given["as_of"])
    details = {"keep_until": found.until, "periods": found.periods, "may_delete": may_delete}
    return Verdict(found.until is not None, found.reasons or (_no_period(),), details=details)


def _no_period() -> Reason:
    return Reason(
        "no_period",
        "Aucun délai de conservation n’est prévu pour ce dossier : ni FEDER, ni régime d’aide.",
        "No retention period is provided for this file: neither ERDF nor aid regime.",
    )


def _proceedings(rows_given: Sequence[Mapping[str, Any]]) -> tuple[Proceedings, ...]:
    for rank, row in enumerate(rows_given):
        if row["ended_on"] is not None and row["ended_on"] < row["began_on"]:
            fr = "la fin ne peut pas précéder le début."
            raise InputError(f"$.proceedings[{rank}].ended_on", "the end cannot precede the beginning.", fr)
    return tuple(Proceedings(**row) for row in rows_given)


DURABLE = record(
    "Un investissement aidé et ce qui est arrivé | An aided investment and what happened",
    need("aid", euro("Aide versée | Aid paid")),
    need("final_payment_on", day("Paiement final au bénéficiaire | Final payment to the beneficiary")),
    need("event", choice("Ce qui est arrivé | What happened", EVENTS)),
    need("happened_on", day("Date | Date")),
    may("restored_on", day("Retour à la conformité | Compliance restored")),
    may("fraudulent", flag("Faillite frauduleuse | Fraudulent bankruptcy"), False),
    may("lasting", flag("Infrastructure ou investissement productif | Infrastructure or productive investment"), True),
    may("years", whole("Durée de l’engagement en années | Length of the commitment in years", 1, 30), 5),
)


def lasting(given: Given) -> Verdict:
    """The aid to repay, in proportion to the days of non-compliance."""
    invested = Investment(given["aid"], given["final_payment_on"], given["lasting"], given["years"])
    happened: date = given["happened_on"]
    return durability(invested, Breach(given["event"], happened, given["restored_on"], given["fraudulent"]))


TRANSMISSION = record(
    "Un jour | A day",
    need("on", day("Jour ; la transmission due ce jour-là ou la suivante | Day; the transmission due then or next")),
    may("mid_term_extension", flag("Programme prolongé à 2030 | Programme extended to 2030"), False),
)


def transmitted(given: Given) -> Verdict:
    """The transmission to the Commission due on a day or next after it, and what it holds."""
    programme = Programme(extension_approved_on=given["on"] if given["mid_term_extension"] else None)
    found = next_transmission(given["on"], programme)
    if found is None:
        return Verdict(False, (_past(),))
    details = {"due_on": found.due_on, "state_on": found.state_on, "tables": found.tables}
    return Verdict(True, details=details | {"with_indicators": found.with_indicators})


def _past() -> Reason:
    return Reason(
        "last_transmission_past",
        "La dernière transmission du programme est passée.",
        "The last transmission of the programme is past.",
        "Règlement (UE) 2021/1060, art. 42",
    )


RULES = (
    rule(
        "payment-deadline",
        "Paiement d’une demande : 80 jours, interruptions comprises (règlement 2021/1060, art. 74(1)(b)) | "
        "Payment of a claim: 80 days, with interruptions (Regulation 2021/1060, art. 74(1)(b))",
        PAYMENT,
        {"submitted_on": "2026-06-01", "interruptions": [{"asked_on": "2026-06-20", "answered_on": "2026-07-10"}]},
        payment,
    ),
    rule(
        "decision-deadline",
        "Décision sur une demande : deux mois, puis rejet implicite (CRPA, art. L.231-4) | "
        "Decision on an application: two months, then implicit rejection (CRPA, art. L.231-4)",
        DECISION,
        {"received_on": "2026-03-02"},
        decision,
    ),
    rule(
        "retention",
        "Conservation d’un dossier : le délai le plus long (règlement 2021/1060, art. 82 ; aides d’État) | "
        "Retention of a file: the longest period (Regulation 2021/1060, art. 82; State aid)",
        KEPT,
        {"last_payment_on": "2026-11-30", "aid_regime": "de_minimis", "granted_on": "2026-02-02"},
        kept,
    ),
    rule(
        "durability",
        "Pérennité d’un investissement et reversement (règlement 2021/1060, art. 65) | "
        "Durability of an investment and repayment (Regulation 2021/1060, art. 65)",
        DURABLE,
        {
            "aid": "10000.00",
            "final_payment_on": "2027-01-01",
            "event": "cessation",
            "happened_on": "2029-01-01",
        },
        lasting,
    ),
    rule(
        "transmission",
        "Transmission de données à la Commission : échéance et contenu (règlement 2021/1060, art. 42) | "
        "Transmission of data to the Commission: deadline and content (Regulation 2021/1060, art. 42)",
        TRANSMISSION,
        {"on": "2027-01-31"},
        transmitted,
    ),
)
