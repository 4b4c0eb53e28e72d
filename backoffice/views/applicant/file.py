"""The firm’s page of its own file: where it stands, what she may do, when the money comes, whom to call."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.enums import ENDED, ApplicationState, BankChangeState, ClaimState, DocumentKind, OrderState
from applications.models import Application, Claim, PaymentOrder
from backoffice.views.base import person
from regions import clock
from regions.calendars import local_date
from regions.models import User
from workflows import appeals, chain, forecast, offers, queues
from workflows.letters import reasons_of

S = ApplicationState
# What a firm does with its file, in the order of the buttons, and the page of each.
MOVES = {"answer": "firm-answer", "withdraw": "firm-withdraw"}
RECORDS = {"results": "firm-results", "appeal": "firm-appeal"}
LIVE = (ClaimState.SUBMITTED, ClaimState.TO_COMPLETE, ClaimState.CHECKED, ClaimState.VERIFIED)
WORKED = (S.RUNNING, S.COMPLETED)


@dataclass(frozen=True, slots=True)
class Action:
    """A button: its words, its page, whether it is the expected one, and the sentence when it is not possible."""

    label: Any
    href: str
    why: str = ""
    main: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the file's way: done on a day, or still expected by one."""

    label: Any
    done_on: date | None = None
    expected_by: date | None = None

    @property
    def is_done(self) -> bool:
        return self.done_on is not None


@dataclass(frozen=True, slots=True)
class Money:
    """When the money comes: which sentence tells it, with its day and its amount in euro."""

    sentence: str
    day: date | None = None
    amount: Decimal | None = None


def page(request: HttpRequest, file: Application) -> HttpResponse:
    """Where the file is, who has it now, what is due, what happened."""
    user = person(request)
    claims = _claims(file)
    context = {
        "file": file, "claims": claims, "actions": actions(user, file, claims), "stages": list(stages(file, claims)),
        "money": money(file, claims), "lines": lines(file), "history": queues.history(file),
        "letters": _documents(file).filter(kind=DocumentKind.LETTER), "papers": _papers(file),
        "reasons": refusal_reasons(file), "contestable": appeals.contestable(file), "appeals": appeals.of_file(file),
    }  # fmt: skip
    return render(request, "applicant/file.html", context)


def _claims(file: Application) -> list[Claim]:
    return list(file.claims.prefetch_related("orders", "lines__line").order_by("number"))


def _documents(file: Application) -> Any:
    return file.documents.filter(deleted_at__isnull=True).order_by("-added_at", "-pk")


def _papers(file: Application) -> Any:
    """What the firm handed in with its application; the papers of a claim stand on the claim's page."""
    return _documents(file).filter(claim__isnull=True).exclude(kind=DocumentKind.LETTER)


# --- what she may do


def actions(user: User, file: Application, claims: list[Claim]) -> list[Action]:
    """Every act open to the firm from here, the expected one first; one that is not possible keeps its sentence."""
    found = [*_payment(file, claims), *_records(user, file, claims), *_moves(user, file)]
    return sorted(found, key=lambda action: not action.main)


def _moves(user: User, file: Application) -> Iterator[Action]:
    found = {offer.name: offer for offer in offers.moves(user, file) if offer.right}
    for name, address in MOVES.items():
        if name in found:
            offer = found[name]
            yield Action(offer.label, resolve_url(address, file.reference), offer.why, main=name == "answer")


def _payment(file: Application, claims: list[Claim]) -> Iterator[Action]:
    """Ask for payment, go on with what is begun, or answer what the region asks."""
    if file.state != S.RUNNING:
        return
    begun = [claim for claim in claims if claim.state in (*LIVE, ClaimState.DRAFT)]
    if not begun:
        yield Action(_("Demander le paiement"), resolve_url("firm-claim-new", file.reference), main=True)
    for claim in begun:
        if claim.state in (ClaimState.DRAFT, ClaimState.TO_COMPLETE):
            is_draft = claim.state == ClaimState.DRAFT
            label = _("Terminer ma demande de paiement") if is_draft else _("Compléter ma demande de paiement")
            yield Action(label, resolve_url("firm-claim", file.reference, claim.number), main=True)


def _records(user: User, file: Application, claims: list[Claim]) -> Iterator[Action]:
    found = {offer.name: offer for offer in offers.records(user, file) if offer.right}
    for name, address in RECORDS.items():
        if name in found and _makes_sense(name, file, claims, found[name].why):
            label = _("Faire un recours") if name == "appeal" else _("Déclarer les résultats du projet")
            yield Action(label, resolve_url(address, file.reference), found[name].why)


def _makes_sense(name: str, file: Application, claims: list[Claim], why: str) -> bool:
    """Results follow the works; an appeal is offered when there is something to contest."""
    if name == "results":
        return file.state in WORKED and bool(claims)
    return not why or appeals.is_open(file)


# --- where it stands


def stages(file: Application, claims: list[Claim]) -> Iterator[Stage]:
    """The way of a voucher from filing to payment; a file that ended on the way shows only what was done."""
    for stage in (*_to_decision(file), *_to_payment(file, claims)):
        if stage.is_done or file.state not in ENDED:
            yield stage


def _to_decision(file: Application) -> Iterator[Stage]:
    yield Stage(_("Demande déposée"), _local(file.submitted_at, file))
    yield Stage(_("Dossier complet"), _local(file.complete_at, file))
    yield Stage(_("Décision prise"), file.decided_on, file.decision_due_on)
    if file.state != S.REFUSED:
        yield Stage(_("Décision notifiée : les travaux peuvent commencer"), file.notified_on)


def _to_payment(file: Application, claims: list[Claim]) -> Iterator[Stage]:
    claim = _current(claims)
    order = _order(claim)
    yield Stage(_("Travaux réalisés"), _work_done(file, claim), file.complete_by)
    yield Stage(_("Paiement demandé"), _local(claim.received_at, file) if claim else None, _claim_by(file))
    yield Stage(_("Service fait certifié"), claim.verified_on if claim else None)
    yield Stage(_("Aide versée"), order.paid_on if order else None, claim.payment_due_on if claim else None)


def _local(moment: Any, file: Application) -> date | None:
    return local_date(moment, file.zone) if moment else None


def _current(claims: list[Claim]) -> Claim | None:
    """The claim that tells the story: the live one, else the last that was paid."""
    told = [claim for claim in claims if claim.state in (*LIVE, ClaimState.SETTLED)]
    return told[-1] if told else None


def _order(claim: Claim | None) -> PaymentOrder | None:
    orders = list(claim.orders.all()) if claim else []
    return max(orders, key=lambda order: order.pk, default=None)


def _work_done(file: Application, claim: Claim | None) -> date | None:
    """The day on which the firm said that the work was done, or on which it claimed the balance."""
    moment = chain.last_made(file, "record.work_done")
    if moment is None and claim is not None and claim.is_final:
        moment = claim.received_at
    return _local(moment, file)


def _claim_by(file: Application) -> date | None:
    agreement = getattr(file, "agreement", None)
    return agreement.valid_until if agreement else None


# --- the money


def money(file: Application, claims: list[Claim]) -> Money:
    """When the money comes, or what it waits for."""
    claim = _current(claims)
    if claim is not None:
        return _held(file, claim) or _of_claim(file, claim, _order(claim))
    if file.state in ENDED:
        return Money("none")
    if file.state != S.RUNNING:
        return Money("later")
    return _held(file, claim) or Money("if_claimed", forecast.payment_if_claimed(file, clock.today(file.zone)))


def _held(file: Application, claim: Claim | None) -> Money | None:
    """What stops every payment: no bank details, or a change that the region has not answered."""
    if claim is not None and claim.state == ClaimState.SETTLED:
        return None
    if not file.company.bank_details.filter(valid_to__isnull=True).exists():
        return Money("no_bank")
    asked = file.company.bank_changes.filter(state=BankChangeState.ASKED).exists()
    return Money("held", claim.payment_due_on if claim else None) if asked else None


def _of_claim(file: Application, claim: Claim, order: PaymentOrder | None) -> Money:
    if claim.state == ClaimState.SETTLED and order is not None:
        return Money("paid", order.paid_on, order.amount)
    if claim.state == ClaimState.TO_COMPLETE:
        return Money("suspended", forecast.payment_if_answered(claim, clock.today(file.zone)))
    if order is not None and order.state == OrderState.SENT:
        return Money("sent", claim.payment_due_on, order.amount)
    if claim.payment_due_on and claim.payment_due_on < clock.today(file.zone):
        return Money("late", claim.payment_due_on, claim.aid_due)
    return Money("due", claim.payment_due_on, claim.aid_due)


# --- the amounts and the reasons, in words


def lines(file: Application) -> list[dict[str, Any]]:
    """Each line of the quote; what was kept of it, with the reasons, only once the decision is made."""
    decided = file.amount_granted is not None
    words = _line_reasons(file) if decided else {}
    return [
        {"label": line.label, "amount": line.amount, "eligible": line.eligible if decided else None,
         "aid": line.aid if decided else None, "reasons": words.get(str(line.number), [])}
        for line in file.lines.all()
    ]  # fmt: skip


def _line_reasons(file: Application) -> dict[str, list[str]]:
    """Line number → the sentences of the decision that was frozen when the aid was granted."""
    decision = file.decisions.filter(act="application.grant").order_by("-id").first()
    if decision is None:
        return {}
    tongue = "en" if (get_language() or "fr").startswith("en") else "fr"
    outcome = json.loads(bytes(decision.outcome))
    labels = {str(line.number): line.label for line in file.lines.all()}
    return {
        line["key"]: [_named(reason[tongue], labels.get(line["key"], "")) for reason in line["reasons"]]
        for line in outcome["lines"]
    }


def _named(sentence: str, label: str) -> str:
    """A frozen sentence holds no label: its empty quotation marks take the line's own."""
    return sentence.replace("«  »", f"« {label} »").replace("“”", f"“{label}”")


def refusal_reasons(file: Application) -> tuple[tuple[str, str], ...]:
    """Sentence and article of each reason of a refusal."""
    if file.state != S.REFUSED:
        return ()
    return reasons_of(file, list(file.refusal_codes), get_language() or "fr")
