"""What is declared to the Union: from the ledger's rows to a claim, then to the payment application.

Grouped mode (CPR art. 2(9)(d)): the region claims the aid that it paid. Single mode: each firm's expenditure,
verified and paid, is taken up (`declaring_firms`). Aid given back, and corrections, reduce the next claim. Euro.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _

from applications.enums import ApplicationState, Bucket, ClaimKind, Deduction, OperationClaimState
from applications.models import (
    Correction,
    LedgerEntry,
    Operation,
    OperationClaim,
    OperationClaimLine,
    PaymentApplication,
)
from applications.rules.payment_application import AccountingYear, accounting_year, submission_window
from regions.enums import Instrument
from regions.models import Programme
from regions.money import ZERO
from workflows import expenditure
from workflows.acts import Act, Denied, Effects

DECLARED = (Bucket.PAID, Bucket.RECOVERED)
BATCH = 1000


# --- the region's claim


def undeclared(programme: Programme, until: date) -> QuerySet[LedgerEntry]:
    """Aid paid, or given back, up to a day, that no claim holds; only grants, within the programme's dates."""
    held = OperationClaimLine.objects.filter(entry=OuterRef("pk"), live=True)
    return LedgerEntry.objects.filter(
        ~Exists(held), application__operation__specific_objective__priority__programme=programme,
        bucket__in=DECLARED, line__envelope__instrument=Instrument.GRANT, effective_on__gte=programme.starts_on,
        effective_on__lte=min(until, programme.expenditure_end),
    )  # fmt: skip


def declarable(operation: Operation, until: date) -> Iterator[LedgerEntry]:
    """Those that may be declared: an advance under a State aid scheme waits until its project is settled.

    Art. 91(5) asks a guarantee, which no scheme here takes, or the expenditure that covers the advance. A firm that
    is the beneficiary has no expenditure yet when it receives an advance: there it waits whatever the regime.
    """
    programme = operation.specific_objective.priority.programme
    rows = undeclared(programme, until).filter(application__operation=operation).order_by("pk")
    rows = rows.select_related("application__scheme_version", "application__operation", "claim__application")
    return (row for row in rows.iterator(chunk_size=BATCH) if not _waits(row))


def _waits(row: LedgerEntry) -> bool:
    file = row.application
    if file is None or row.claim is None or row.claim.kind != ClaimKind.ADVANCE:
        return False
    free = file.scheme_version.rule("legal_basis", default="de_minimis") == "de_minimis"
    covered = free and file.operation is not None and file.operation.is_grouped
    return not covered and file.state != ApplicationState.COMPLETED


def prepare_claim(claim: Any, act: Act) -> Effects:
    """Put into a claim all that was paid since the one before it, up to the day given."""
    return Effects(facts=fill(claim, act))


def fill(claim: Any, act: Act) -> dict[str, Any]:
    """Write a claim with its lines; the facts of its event."""
    until = act.facts.get("until")
    if not isinstance(until, date) or until > act.day:
        raise Denied(_("Indiquer le dernier jour de la période, au plus tard aujourd’hui."))
    first = _period_start(claim.operation, until)
    lines = list(_lines(claim.operation, until))
    if not lines:
        raise Denied(_("Rien n’a été payé ni rendu dans cette période qui ne soit déjà déclaré."))
    claim.number = 1 + (claim.operation.claims.aggregate(last=Max("number"))["last"] or 0)
    claim.period_start, claim.period_end, claim.prepared_at = first, until, act.at
    claim.declared = sum((line.declared for line in lines), ZERO)
    claim.expenditure = sum((line.expenditure for line in lines), ZERO)
    claim.save()
    for line in lines:
        line.claim = claim
    OperationClaimLine.objects.bulk_create(lines, batch_size=BATCH)
    return _facts(claim, len(lines))


def _facts(claim: Any, count: int) -> dict[str, Any]:
    told = {"declared": claim.declared, "expenditure": claim.expenditure}
    return {"from": claim.period_start, "to": claim.period_end, "lines": count} | told


def _period_start(operation: Operation, until: date) -> date:
    """The day after the claim before it; the first one begins with the operation."""
    kept = operation.claims.exclude(state=OperationClaimState.RETURNED)
    last = kept.aggregate(last=Max("period_end"))["last"]
    if last is not None and until <= last:
        raise Denied(_("La période doit finir après celle de la demande précédente, close le %s.") % f"{last:%d/%m/%Y}")
    return last + timedelta(days=1) if last else min(operation.starts_on, until)


def _lines(operation: Operation, until: date) -> Iterator[OperationClaimLine]:
    """Each line with the expenditure that it goes with."""
    shares = expenditure.Shares(operation)
    for line in _booked(operation, until):
        line.expenditure = shares.of(line)
        yield line


def _booked(operation: Operation, until: date) -> Iterator[OperationClaimLine]:
    """A line for each row of the ledger and each correction; what was already taken back is not taken twice."""
    rows = list(declarable(operation, until))
    covered = _covered({row.application_id for row in rows if row.bucket == Bucket.RECOVERED})
    for row in rows:
        yield _paid(row) if row.bucket == Bucket.PAID else _given_back(row, covered)
    programme = operation.specific_objective.priority.programme
    for correction in pending(programme, until).filter(application__operation=operation):
        yield OperationClaimLine(
            application_id=correction.application_id, correction=correction, booked=-correction.amount,
            declared=-correction.amount,
        )  # fmt: skip


def _paid(row: Any) -> OperationClaimLine:
    return OperationClaimLine(
        application_id=row.application_id, entry=row, booked=row.amount, declared=row.amount
    )  # fmt: skip


def _given_back(row: Any, covered: dict[int | None, Decimal]) -> OperationClaimLine:
    """Aid given back reduces the claim, but for what a correction or a control has already taken out."""
    already = min(max(row.amount, ZERO), covered[row.application_id])
    covered[row.application_id] -= already
    return OperationClaimLine(
        application_id=row.application_id, entry=row, booked=-row.amount, declared=already - row.amount,
        reason=_("Déjà retirée par une correction ou un contrôle.") if already else "",
    )  # fmt: skip


def _covered(files: Iterable[int | None]) -> dict[int | None, Decimal]:
    """File → what was taken out of its declarations beyond what it gave back, in euro."""
    found: dict[int | None, Decimal] = defaultdict(lambda: ZERO)
    corrections = Correction.objects.filter(application__in=files)
    for pk, amount in corrections.values_list("application").annotate(total=Sum("amount")):
        found[pk] += amount
    lines = OperationClaimLine.objects.filter(application__in=files, live=True, entry__isnull=False)
    told = lines.values_list("application").annotate(one=Sum("booked"), two=Sum("declared"))
    for pk, booked, declared in told:  # subtracted here: the database subtracts cents, and would not say so
        found[pk] += booked - declared
    return defaultdict(lambda: ZERO, {pk: max(amount, ZERO) for pk, amount in found.items()})


def pending(programme: Programme, until: date) -> QuerySet[Correction]:
    """The corrections decided up to a day that wait for the next claim of their operation."""
    held = OperationClaimLine.objects.filter(correction=OuterRef("pk"), live=True)
    return Correction.objects.filter(
        ~Exists(held), application__operation__specific_objective__priority__programme=programme,
        year_end__isnull=True, decided_on__lte=until,
    ).order_by("pk")  # fmt: skip


def verify_claim(claim: Any, act: Act) -> Effects:
    """The management verification of the region's claim (CPR art. 74): its conclusion stands with the event."""
    claim.verified_at = act.at
    return Effects(facts=_facts(claim, claim.lines.count()))


def return_claim(claim: Any, act: Act) -> Effects:
    """Given back to the region: its rows may enter another claim."""
    claim.lines.update(live=False)
    claim.declared = claim.expenditure = ZERO
    return Effects(facts={"to": claim.period_end})


def withhold(claim: Any, act: Act) -> Effects:
    """The authority sets a payment aside, whole or in part, with its reason."""
    line = claim.lines.filter(pk=act.facts.get("line"), booked__gt=0).first()
    kept = act.facts.get("declared")
    if line is None or not isinstance(kept, Decimal) or not ZERO <= kept < line.booked:
        raise Denied(_("Indiquer, pour un paiement de la demande, un montant retenu inférieur au montant payé."))
    if not act.reason:
        raise Denied(_("Indiquer pourquoi ce montant est écarté."))
    claim.declared += kept - line.declared
    claim.expenditure += kept - line.expenditure
    line.declared = line.expenditure = kept
    line.reason = act.reason[:200]
    line.save(update_fields=["declared", "expenditure", "reason"])
    return Effects(facts={"line": line.pk, "declared": kept})


# --- what is taken back


def declared_of(file: Any) -> Decimal:
    """What stands declared for a file, or verified to be: its lines, less its corrections in the accounts. Euro."""
    lines = file.declared_lines.filter(live=True).exclude(claim__state=OperationClaimState.SUBMITTED)
    told = lines.aggregate(total=Sum("declared"))["total"] or ZERO
    held = OperationClaimLine.objects.filter(correction=OuterRef("pk"), live=True)
    apart = file.corrections.filter(~Exists(held)).aggregate(total=Sum("amount"))["total"] or ZERO
    return Decimal(told - apart)


def correct(file: Any, act: Act) -> Effects:
    """Take declared expenditure back: from the next claim, or in the accounts of the year given (art. 98(6))."""
    kind = act.facts.get("ground")
    if kind not in Deduction.values or not act.reason:
        raise Denied(_("Indiquer la nature de la correction et le constat qui la fonde."))
    given = {name: act.facts.get(name) for name in ("amount", "year_end")}
    return Effects(facts=taken_back(file, act, kind=kind, audit=bool(act.facts.get("audit")), **given))


def taken_back(file: Any, act: Act, *, amount: Any, kind: str, year_end: date | None, **more: Any) -> dict[str, Any]:
    """Write a correction, in euro; the facts of its event. Never more than what stands declared for the file."""
    if not isinstance(amount, Decimal) or not ZERO < amount <= declared_of(file):
        raise Denied(_("Indiquer un montant supérieur à zéro, au plus celui qui est déclaré pour ce dossier."))
    correction = Correction(
        application_id=file.pk, amount=amount, expenditure=expenditure.of_correction(file, amount), kind=kind,
        year_end=year_end, decided_on=act.day, recorded_at=act.at, made_by=act.actor, **more,
    )  # fmt: skip
    correction.save()
    return {"correction": correction.pk, "amount": amount, "ground": kind, "year_end": year_end}


# --- the payment application


def year_of(day: date) -> AccountingYear:
    """The accounting year of an application made on a day: the period that ends on 31 July closes the year past."""
    window = submission_window(day)
    return accounting_year(date(window.end.year, 6, 30) if window.final else day)


def ready(programme: Programme, day: date) -> QuerySet[OperationClaim]:
    """The verified claims that the next application would hold."""
    return OperationClaim.objects.filter(
        operation__specific_objective__priority__programme=programme, state=OperationClaimState.VERIFIED,
        payment_application__isnull=True, period_end__lte=year_of(day).end,
    )  # fmt: skip


def ready_total(programme: Programme, day: date) -> tuple[Decimal, Decimal] | None:
    """The expenditure and the public contribution of those claims, in euro; None when there is none."""
    told = ready(programme, day).aggregate(e=Sum("expenditure"), d=Sum("declared"))
    return None if told["d"] is None else (told["e"], told["d"])


def prepare_application(target: Any, act: Act) -> Effects:
    """Put the verified claims into the application of the period: one per programme, Fund and period (art. 91(1))."""
    window, year = submission_window(act.day), year_of(act.day)
    twins = PaymentApplication.objects.filter(programme=target.programme)
    if twins.filter(window_end=window.end).exclude(state="cancelled").exists():
        raise Denied(
            _("Une demande de paiement existe déjà pour la période qui finit le %s.") % f"{window.end:%d/%m/%Y}"
        )
    claims = ready(target.programme, act.day)
    total = ready_total(target.programme, act.day)
    if total is None:
        raise Denied(_("Aucune demande vérifiée n’attend d’être déclarée."))
    if min(total) < ZERO:
        raise Denied(_("Les corrections dépassent les dépenses vérifiées : attendre de nouvelles dépenses."))
    target.number = 1 + (twins.aggregate(last=Max("number"))["last"] or 0)
    target.year_start, target.year_end = year.start, year.end
    target.window_start, target.window_end, target.is_final = window.start, window.end, window.final
    target.declared, target.contribution = total
    target.prepared_at = act.at
    numbers = sorted(str(claim) for claim in claims.select_related("operation"))
    target.save()
    claims.update(payment_application=target)
    told = {"declared": target.declared, "contribution": target.contribution}
    return Effects(facts={"year": target.year, "window": window.end, "claims": numbers} | told)


def send_application(target: Any, act: Act) -> Effects:
    """Entered in SFC2021 by another person than the one who prepared it (annex XV)."""
    reference = str(act.facts.get("reference", "")).strip()
    if not reference:
        raise Denied(_("Indiquer la référence donnée par SFC2021."))
    target.reference, target.sent_at = reference[:60], act.at
    return Effects(facts={"reference": target.reference, "declared": target.declared})


def cancel_application(target: Any, act: Act) -> Effects:
    """Not sent: its claims wait for the next one."""
    target.claims.update(payment_application=None)
    return Effects(facts={"window": target.window_end})
