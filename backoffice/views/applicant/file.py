"""The firm’s page of its own file: where it stands, what she may do, when the money comes, whom to call."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.enums import ENDED, ApplicationState, ClaimKind, ClaimState, DocumentKind, OrderState, Payee
from applications.models import Application, Claim, GrantComponent, PaymentOrder
from applications.rules import terms
from backoffice.views.applicant import payees, plan, under_way
from backoffice.views.applicant.shown import Action, Money, Stage
from backoffice.views.applicant.under_way import LIVE
from backoffice.views.base import person
from regions import clock
from regions.calendars import local_date
from regions.models import User
from regions.money import ZERO
from workflows import appeals, chain, forecast, offers, queues, waiting
from workflows.letters import reasons_of
from workflows.told import told

S = ApplicationState
# What a firm does with its file, in the order of the buttons, and the page of each.
MOVES = {"answer": "firm-answer", "withdraw": "firm-withdraw"}
RECORDS = {"results": "firm-results", "appeal": "firm-appeal"}
WHOSE: dict[str, str] = {Payee.FIRM: "", Payee.PROVIDER: "_provider"}
WORKED = (S.RUNNING, S.COMPLETED)


def page(request: HttpRequest, file: Application) -> HttpResponse:
    """Where the file is, who has it now, what is due, what happened."""
    user = person(request)
    claims, waits = _claims(file), under_way.awaited(file)
    rules = file.scheme_version.rules
    context = {
        "file": file, "waiting": waiting.place(file), "claims": claims, "awaited": waits,
        "actions": actions(user, file, claims, waits),
        "stages": list(stages(file, claims, waits)), "money": money(file, claims, waits),
        "told": plan.grant_told(rules, file.amount_granted or ZERO), "to_provider": payees.pays_provider(file),
        "payouts": [payout for claim in claims for payout in payees.payouts(claim)], "split": payees.is_split(file),
        "parts": components(file), "lines": lines(file), "history": history(file),
        "letters": _documents(file).filter(kind=DocumentKind.LETTER), "papers": _papers(file),
        "reasons": refusal_reasons(file), "contestable": appeals.contestable(file), "appeals": appeals.of_file(file),
    }  # fmt: skip
    return render(request, "applicant/file.html", context)


def history(file: Application) -> list[tuple[Any, Any]]:
    """What happened, but for a finding of which the firm was not told: it is the region's own work until then."""
    acts = queues.history(file)
    if under_way.asked(file):
        return acts
    own = str(told("recovery.open"))
    return [(at, words) for at, words in acts if str(words) != own]


def _claims(file: Application) -> list[Claim]:
    return list(file.claims.prefetch_related("orders", "lines__line").order_by("number"))


def _documents(file: Application) -> Any:
    return file.documents.filter(deleted_at__isnull=True).order_by("-added_at", "-pk")


def _papers(file: Application) -> Any:
    """What the firm handed in with its application; the papers of a claim stand on the claim's page."""
    return _documents(file).filter(claim__isnull=True).exclude(kind=DocumentKind.LETTER)


# --- what she may do


def actions(user: User, file: Application, claims: list[Claim], waits: str) -> list[Action]:
    """Every act open to the firm from here, the expected one first; one that is not possible keeps its sentence."""
    offered = {offer.name: offer for offer in offers.records(user, file) if offer.right}
    found = [
        *under_way.actions(file, offered, claims, waits), *_records(offered, file, claims), *_moves(user, file),
    ]  # fmt: skip
    return sorted(found, key=lambda action: not action.main)


def _moves(user: User, file: Application) -> Iterator[Action]:
    found = {offer.name: offer for offer in offers.moves(user, file) if offer.right}
    for name, address in MOVES.items():
        if name in found:
            offer = found[name]
            yield Action(offer.label, resolve_url(address, file.reference), offer.why, main=name == "answer")


def _records(found: Mapping[str, offers.Offer], file: Application, claims: list[Claim]) -> Iterator[Action]:
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


def stages(file: Application, claims: list[Claim], waits: str) -> Iterator[Stage]:
    """The way of a file from filing to payment; one that ended on the way shows only what was done."""
    for stage in (*_to_decision(file), *_to_payment(file, claims, waits)):
        if stage.is_done or file.state not in ENDED:
            yield stage


def _to_decision(file: Application) -> Iterator[Stage]:
    yield Stage(_("Demande déposée"), _local(file.submitted_at, file))
    yield Stage(_("Dossier complet"), _local(file.complete_at, file))
    yield from under_way.before_decision(file)
    yield Stage(_("Décision prise"), file.decided_on, file.decision_due_on)
    if file.state != S.REFUSED:
        yield Stage(_("Décision notifiée : les travaux peuvent commencer"), file.notified_on)


def _to_payment(file: Application, claims: list[Claim], waits: str) -> Iterator[Stage]:
    claim = _current([claim for claim in claims if claim.kind == ClaimKind.EXPENSES])
    order = _order(claim)
    yield from under_way.before_work(file, claims, waits)
    yield Stage(_("Travaux réalisés"), _work_done(file, claim), file.complete_by)
    yield from under_way.after_work(file)
    yield Stage(_("Paiement demandé"), _local(claim.received_at, file) if claim else None, _claim_by(file))
    yield Stage(_("Service fait certifié"), claim.verified_on if claim else None)
    paid = _("Aide versée au prestataire") if payees.pays_provider(file) else _("Aide versée")
    yield Stage(paid, _paid_on(claim, order), claim.payment_due_on if claim else None)
    yield from under_way.after_payment(file)


def _local(moment: Any, file: Application) -> date | None:
    return local_date(moment, file.zone) if moment else None


def _current(claims: list[Claim]) -> Claim | None:
    """The claim that tells the story: the live one, else the last that was paid."""
    told = [claim for claim in claims if claim.state in (*LIVE, ClaimState.SETTLED)]
    return told[-1] if told else None


def _order(claim: Claim | None) -> PaymentOrder | None:
    orders = list(claim.orders.all()) if claim else []
    return max(orders, key=lambda order: order.pk, default=None)


def _paid_on(claim: Claim | None, order: PaymentOrder | None) -> date | None:
    """The day on which the aid was paid; where it is split, when the last part was."""
    if claim is None or not (parts := payees.payouts(claim)):
        return order.paid_on if order else None
    days = [part.paid_on for part in parts if part.paid_on]
    return max(days) if len(days) == len(parts) else None


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


def money(file: Application, claims: list[Claim], waits: str) -> Money:
    """When the money comes, or what it waits for."""
    claim = _current(claims)
    if claim is not None and (claim.state in LIVE or claim.kind == ClaimKind.EXPENSES):
        return _held(file, claim) or _of_claim(file, claim, _order(claim))
    if file.state in ENDED:
        return Money("none")
    if file.state != S.RUNNING:
        return Money("later")
    claimable = Money("if_claimed", forecast.payment_if_claimed(file, clock.today(file.zone)))
    return under_way.money(file, waits) or _held(file, None) or claimable


def _held(file: Application, claim: Claim | None) -> Money | None:
    """What stops every payment: no bank details, or a change that the region has not answered."""
    if claim is not None and claim.state == ClaimState.SETTLED:
        return None
    if lacking := payees.without_bank(file):
        return Money(f"no_bank{WHOSE[lacking]}")
    day, changing = claim.payment_due_on if claim else None, payees.held(file)
    return Money(f"held{WHOSE[changing]}", day) if changing else None


def _of_claim(file: Application, claim: Claim, order: PaymentOrder | None) -> Money:
    if claim.state == ClaimState.SETTLED and order is not None:
        whose = "_split" if payees.payouts(claim) else WHOSE[order.payee]
        return Money(f"paid{whose}", _paid_on(claim, order), claim.aid_due)
    if claim.state == ClaimState.TO_COMPLETE:
        return Money("suspended", forecast.payment_if_answered(claim, clock.today(file.zone)))
    if order is not None and order.state == OrderState.SENT and not payees.payouts(claim):
        return Money("sent", claim.payment_due_on, order.amount)
    if claim.payment_due_on and claim.payment_due_on < clock.today(file.zone):
        return Money("late", claim.payment_due_on, claim.aid_due)
    return Money("due", claim.payment_due_on, claim.aid_due)


# --- the amounts and the reasons, in words


def components(file: Application) -> list[plan.Part]:
    """What was granted beside the grant: loan, repayable advance, guarantee, with their terms."""
    if file.amount_granted is None or not terms.instruments(file.scheme_version.rules):
        return []
    return [plan.component(_plain(part)) for part in file.agreement.components.order_by("pk")]


def _plain(part: GrantComponent) -> dict[str, Any]:
    names = ("instrument", "amount", "months", "grace_months", "every_months", "success")
    return {name: getattr(part, name) for name in names} | {"annual_rate_percent": part.annual_rate}


def lines(file: Application) -> list[dict[str, Any]]:
    """Each line of the quote; what was kept of it, with the reasons, only once the decision is made."""
    decided = file.amount_granted is not None
    words = _line_reasons(file) if decided else {}
    return [
        {"label": line.label, "amount": line.amount, "quantity": line.quantity,
         "eligible": line.eligible if decided else None, "aid": line.aid if decided else None,
         "reasons": words.get(str(line.number), [])}
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
