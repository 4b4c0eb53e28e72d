"""What was declared to the Union, as of a moment: from the lines of the payment applications that were sent.

Grouped mode: the eligible expenditure is the aid paid, so it equals the public contribution. Single mode: it is what
the firm spent. Euro.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from applications.enums import PaymentApplicationState
from applications.models import Correction, LedgerEntry, Operation, OperationClaimLine, PaymentApplication
from applications.rules.payment_application import interim_payment
from regions import clock
from regions.calendars import local_date
from regions.enums import Instrument
from regions.models import Priority, Region
from regions.money import ZERO

PRIORITY = "claim__operation__specific_objective__priority"
OF_FILE = "application__operation__specific_objective__priority"
Row = dict[str, Any]
Out = dict[tuple[str, bool], "Pair"]
POSITION = ("paid", "recovered", "to_claim", "submitted", "verified", "declared")


def sent(region: Region, watermark: datetime) -> QuerySet[PaymentApplication]:
    """The payment applications of a region sent by a moment, in their order."""
    found = PaymentApplication.objects.filter(region=region, state=PaymentApplicationState.SENT, sent_at__lte=watermark)
    return found.select_related("programme", "region").order_by("programme__cci", "number")


def lines(applications: Iterable[PaymentApplication]) -> QuerySet[OperationClaimLine]:
    """The lines of some payment applications, in the order of the files."""
    rows = OperationClaimLine.objects.filter(claim__payment_application__in=list(applications), live=True)
    return rows.select_related(
        "claim__operation", "claim__payment_application", "application", "entry__order", "correction"
    ).order_by("claim__payment_application__number", "claim__number", "application__reference", "pk")


@dataclass(frozen=True, slots=True)
class Pair:
    """Eligible expenditure and the public contribution that goes with it, in euro: columns B and E of annex XXIII."""

    expenditure: Decimal = ZERO
    contribution: Decimal = ZERO

    def __sub__(self, other: Pair) -> Pair:
        return Pair(self.expenditure - other.expenditure, self.contribution - other.contribution)

    def __add__(self, other: Pair) -> Pair:
        return Pair(self.expenditure + other.expenditure, self.contribution + other.contribution)

    def on(self, basis: str) -> Decimal:
        """The amount to which the rate of the priority applies (CPR art. 112(1))."""
        return self.expenditure if basis == PaymentApplication.Basis.TOTAL else self.contribution


def _totals(applications: Iterable[PaymentApplication]) -> dict[Priority, Pair]:
    """Each priority of some applications with its columns B and E, in the order of codes."""
    rows = OperationClaimLine.objects.filter(claim__payment_application__in=list(applications), live=True)
    told = rows.values_list(PRIORITY).annotate(e=Sum("expenditure"), d=Sum("declared"))
    found = {pk: Pair(expenditure, contribution) for pk, expenditure, contribution in told}
    known = Priority.objects.filter(pk__in=found).select_related("programme").prefetch_related("rates")
    return {priority: found[priority.pk] for priority in known.order_by("code")}


def _rate(priority: Priority, application: PaymentApplication) -> Decimal:
    """The rate in force when the application was prepared, as known then: what is declared keeps it for ever.

    The end of its accounting year would not do: a rate changed between the two would rewrite what was declared.
    """
    moment = application.prepared_at or clock.now()
    return priority.rate_on(local_date(moment, application.region.time_zone), moment)


def annex_23(application: PaymentApplication) -> Iterator[Row]:
    """Annex XXIII, by priority and category of region, with what the Commission pays on it (95 %)."""
    for priority, declared in _totals([application]).items():
        rate = _rate(priority, application)
        verdict = interim_payment(max(declared.on(application.basis), ZERO), rate)
        yield {
            "application": str(application.number), "priority": priority.code,
            "category_of_region": priority.programme.category_of_region, "basis": application.basis,
            "expenditure": declared.expenditure, "union_contribution": ZERO, "technical_assistance": ZERO,
            "public_contribution": declared.contribution, "rate": rate / 100,
            "contribution": verdict.details["contribution"], "interim": verdict.amount,
            "left": verdict.details["left_for_accounts"],
        }  # fmt: skip


def corrections(region: Region, watermark: datetime) -> QuerySet[Correction]:
    """What was taken back by a moment, in the order of its decision."""
    rows = Correction.objects.filter(application__region=region, recorded_at__lte=watermark)
    return rows.select_related("application__operation", "irregularity").order_by("decided_on", "pk")


# --- the accounts


def years(applications: Iterable[PaymentApplication]) -> dict[date, list[PaymentApplication]]:
    """End of each accounting year → its applications."""
    found: dict[date, list[PaymentApplication]] = defaultdict(list)
    for application in applications:
        found[application.year_end].append(application)
    return dict(sorted(found.items()))


def label(end: date) -> str:
    """ "2025-26" """
    return f"{end.year - 1}-{end.year % 100:02d}"


def accounts(region: Region, watermark: datetime) -> Iterator[Row]:
    """Annex XXIV, appendices 1 and 4: by accounting year, priority and category of region."""
    for end, of_year in years(sent(region, watermark)).items():
        out = _left_out(region, watermark, end)
        for priority, applied in _totals(of_year).items():
            yield _accounts_row(end, priority, applied, out.get(priority.pk, {}))


def _left_out(region: Region, watermark: datetime, end: date) -> dict[int, Out]:
    """Priority → (point of art. 98(6), found by an audit) → what is left out of the accounts of a year."""
    rows = corrections(region, watermark).order_by().filter(year_end=end)
    found: dict[int, Out] = defaultdict(dict)
    told = rows.values_list(OF_FILE, "kind", "audit").annotate(e=Sum("expenditure"), d=Sum("amount"))
    for priority, kind, audit, expenditure, contribution in told:
        found[priority][kind, audit] = Pair(expenditure, contribution)
    return found


def _accounts_row(end: date, priority: Priority, applied: Pair, out: Out) -> Row:
    less = sum(out.values(), Pair())
    kept = applied - less
    audit = sum((pair for (_kind, found), pair in out.items() if found), Pair())
    kinds = {
        kind: sum((pair.expenditure for (k, _f), pair in out.items() if k == kind), ZERO)
        for kind in ("irregular", "assessment", "other")
    }
    return {
        "year": label(end), "priority": priority.code, "category_of_region": priority.programme.category_of_region,
        "applied_expenditure": applied.expenditure, "applied_contribution": applied.contribution,
        "accounts_expenditure": kept.expenditure, "technical_assistance": ZERO,
        "accounts_contribution": kept.contribution, "expenditure_difference": less.expenditure,
        "contribution_difference": less.contribution, "audit": audit.expenditure,
        "audit_contribution": audit.contribution,
        "comment": _comment(kinds) if less != Pair() else "",
    } | kinds  # fmt: skip


def _comment(kinds: dict[str, Decimal]) -> str:
    """The comment that a difference makes obligatory, in at most 500 characters."""
    points = {"irregular": "a", "assessment": "b", "other": "c"}
    return "Art. 98(6): " + "; ".join(f"({points[kind]}) {amount:.2f} EUR" for kind, amount in kinds.items() if amount)


def withdrawn(region: Region, watermark: datetime) -> Iterator[Row]:
    """Annex XXIV, appendix 2: what an application of the year took back of what an earlier one declared.

    An amount taken back belongs to the earliest year in which its file was declared (to be confirmed).
    """
    found = list(sent(region, watermark))
    first = _first_declared(found)
    totals: dict[tuple[Any, ...], list[Decimal]] = defaultdict(lambda: [ZERO] * 4)
    for line in lines(found).filter(booked__lt=0).select_related(PRIORITY + "__programme"):
        application = line.claim.payment_application
        earlier = first.get(line.application_id)
        if application is None or earlier is None or earlier[0] >= application.number:
            continue
        if not line.declared and not line.expenditure:
            continue
        priority = line.claim.operation.specific_objective.priority
        sums = totals[
            label(application.year_end), priority.code, priority.programme.category_of_region, label(earlier[1])
        ]
        audited = line.correction is not None and line.correction.audit
        pair = (line.expenditure, line.declared)
        for place, less in enumerate(pair + (pair if audited else (ZERO, ZERO))):
            sums[place] -= less
    for (year, code, category, declared_in), amounts in sorted(totals.items()):
        amount, public, audit, audit_public = amounts
        yield {
            "year": year, "priority": code, "category_of_region": category, "declared_in": declared_in,
            "expenditure": amount, "public_contribution": public, "audit": audit,
            "audit_contribution": audit_public,
        }  # fmt: skip


def _first_declared(applications: Iterable[PaymentApplication]) -> dict[int, tuple[int, date]]:
    """File → number and accounting year of the first application that declared it."""
    rows = lines(applications).filter(booked__gt=0).order_by("-claim__payment_application__number")
    told = rows.values_list("application", "claim__payment_application__number", "claim__payment_application__year_end")
    return {file: (number, end) for file, number, end in told}


# --- where an operation stands


def positions(operations: Iterable[Operation]) -> dict[int, Row]:
    """Operation → aid that it paid, claimed, had verified and declared, in euro, as of now. Two queries for all."""
    found = {operation.pk: dict.fromkeys(POSITION, ZERO) for operation in operations}
    ledger = LedgerEntry.objects.filter(
        application__operation__in=found, line__envelope__instrument=Instrument.GRANT, bucket__in=("paid", "recovered")
    )
    for pk, bucket, amount in ledger.values_list("application__operation", "bucket").annotate(total=Sum("amount")):
        found[pk][bucket] = amount
        found[pk]["to_claim"] += amount if bucket == "paid" else -amount
    rows = OperationClaimLine.objects.filter(claim__operation__in=found, live=True).values_list(
        "claim__operation", "claim__state", "claim__payment_application__state"
    )
    booked = Sum("booked", filter=Q(entry__isnull=False))
    for pk, state, application, from_ledger, told in rows.annotate(b=booked, d=Sum("declared")):
        found[pk]["declared" if application == PaymentApplicationState.SENT else state] += told
        found[pk]["to_claim"] -= from_ledger or ZERO
    return found
