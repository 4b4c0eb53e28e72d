"""What a letter says of a file: gathered from the act's own event and what it relied on."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from applications.documents.formats import day
from applications.documents.letters import Contact, LetterFacts, render
from applications.enums import CheckKind, DocumentKind
from applications.models import Application, Claim, PaymentOrder
from regions import clock
from regions.calendars import local_date
from regions.enums import Funder
from regions.models import User
from regions.schemes import words as scheme_words
from workflows import chain
from workflows.canonical import encode
from workflows.models import Event, EventNote, OutboxMessage

REGULATION = {"fr": "(UE) 2023/2831", "en": "(EU) 2023/2831"}


def letter_of(message: OutboxMessage) -> bytes:
    """The PDF of a queued letter, in its recipient's language; the same message gives the same bytes."""
    return render(message.template, facts_of(message), message.language)


def preview(template: str, target: Any, user: User, act: str, given: dict[str, Any], text: str) -> bytes:
    """The PDF that an act's letter would be if made now; nothing is written, and the act may still be refused."""
    file: Application = getattr(target, "application", target)
    payload = encode({"facts": given})
    event = Event(act=act, object=chain.key(target), actor=user, at=clock.now(), payload=payload)
    if text.strip():
        EventNote(event=event, text=text.strip())
    language = file.representative.language
    return letter_of(OutboxMessage(template=template, application=file, event=event, language=language))


def facts_of(message: OutboxMessage) -> LetterFacts:
    """Everything that the letter of this act may say."""
    event, file = message.event, message.application
    if file is None:
        raise ValueError(f"the letter {message} belongs to no file")
    given = chain.facts_of(event)
    more = BY_TEMPLATE[message.template](file, event, given, message.language)
    return LetterFacts(**(_common(file, event) | more))


def _common(file: Application, event: Event) -> dict[str, Any]:
    region, version = file.region, file.scheme_version
    return {
        "region_name": f"Région {region.name}",
        "region_contact": Contact(region.service, region.email, region.phone, tuple(region.address.splitlines())),
        "place": region.seat,
        "day": local_date(event.at, file.zone),
        "created": event.at,
        "reference": file.reference,
        "scheme_name": str(version.scheme),
        "firm_name": file.company.name,
        "firm_siret": file.company.siret,
        "recipient_name": file.representative.name,
        "officer_name": file.assigned_to.name if file.assigned_to else "",
        "eu_cofunded": any(f["code"] == Funder.ERDF for f in version.rules["funding"]["funders"]),
        "court_name": region.court_name,
        "court_address": region.court_address,
    }


def _tongue(language: str) -> str:
    return "en" if language.startswith("en") else "fr"


def _acknowledgement(file: Application, event: Event, given: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "received_on": local_date(event.at, file.zone),
        "silence_on": date.fromisoformat(given["decision_due"]),
    }


def _request(file: Application, event: Event, given: dict[str, Any], language: str) -> dict[str, Any]:
    """A request about a file, or about one of its claims."""
    labels = dict(DocumentKind.choices)
    note = getattr(event, "note", None)
    claim = Claim.objects.filter(pk=_number(event)).first() if event.act.startswith("claim.") else None
    return {
        "items": tuple(str(labels.get(kind, kind)) for kind in given["kinds"]),
        "answer_by": date.fromisoformat(given["deadline"]),
        "silence_on": date.fromisoformat(given["silence_on"]) if given.get("silence_on") else None,
        "message": note.text if note else "",
        "claim_number": str(claim.number) if claim else "",
    }


def _number(event: Event) -> str:
    return event.object.partition(":")[2]


def _signed(event: Event, given: dict[str, Any]) -> dict[str, Any]:
    return {"signatory": event.actor.name, "delegation": given.get("delegation", "")}


def _grant(file: Application, event: Event, given: dict[str, Any], language: str) -> dict[str, Any]:
    grant = file.agreement
    labels = dict(Funder.choices)
    return {
        "signatory": grant.signed_by.name,
        "delegation": grant.delegation,
        "grant_number": grant.number,
        "amount": grant.amount,
        "gross_grant_equivalent": grant.gross_grant_equivalent,
        "shares": tuple((str(labels[share.funder]), share.amount) for share in grant.shares.order_by("pk")),
        "lines": tuple((line.label, line.amount, line.eligible, line.aid) for line in file.lines.all()),
        "voucher_code": grant.voucher_code,
        "complete_by": file.complete_by,
        "claim_by": grant.valid_until,
        "regulation": REGULATION[_tongue(language)] if file.scheme_version.rules["legal_basis"] == "de_minimis" else "",
        "items": _kinds(file, "claim"),
    }


def _kinds(file: Application, stage: str) -> tuple[str, ...]:
    labels = dict(DocumentKind.choices)
    return tuple(str(labels[kind]) for kind in file.scheme_version.rule("evidence", stage, default=[]))


def _refusal(file: Application, event: Event, given: dict[str, Any], language: str) -> dict[str, Any]:
    sentences = reasons_of(file, given["codes"], language)
    return _signed(event, given) | {"reasons": sentences}


def reasons_of(file: Application, codes: list[str], language: str) -> tuple[tuple[str, str], ...]:
    """Sentence and article of each reason: as computed for the decision, else the scheme's own words."""
    tongue = _tongue(language)
    words = {
        code: (_unmeasured(text[tongue]), text.get("clause", ""))
        for code, text in scheme_words.reasons_of(file.scheme_version.rules).items()
    }
    for decision in file.decisions.order_by("id"):
        for reason in json.loads(bytes(decision.outcome)).get("reasons", []):
            words[reason["code"]] = (reason[tongue], reason["article"])
    checks = {str(code): str(label) for code, label in CheckKind.choices}
    return tuple(words.get(code, (checks.get(code, code), "")) for code in codes)


def _unmeasured(sentence: str) -> str:
    """A scheme's sentence without the figure that only a computation finds: an officer's own reason has none."""
    without = re.sub(r"\s*\([^()]*\{found\}[^()]*\)|\s*;[^;.]*\{found\}[^;.]*", "", sentence)
    return without.replace("{found}", "…")


def _lapse(file: Application, event: Event, given: dict[str, Any], language: str) -> dict[str, Any]:
    french = not language.startswith("en")
    limit = day(file.agreement.valid_until or event.at.date(), _tongue(language))
    reason = (
        f"Aucune demande de paiement n’a été reçue avant la fin du {limit}."
        if french
        else f"No claim was received by the end of {limit}."
    )
    return _signed(event, given) | {"lapse_reason": reason, "grant_number": file.agreement.number}


def _payment(file: Application, event: Event, given: dict[str, Any], language: str) -> dict[str, Any]:
    order = PaymentOrder.objects.get(pk=_number(event))
    return {
        "amount": order.amount,
        "paid_on": date.fromisoformat(given["value_date"]),
        "accountant_reference": given["reference"],
        "claim_number": str(order.claim.number),
        "reasons": _rejected(order.claim),
    }


def _rejected(claim: Claim) -> tuple[tuple[str, str], ...]:
    """What the control left out, line by line: reason and finding."""
    lines = claim.lines.exclude(reason="").order_by("pk")
    return tuple((f"{line.get_reason_display()} : {line.finding}", "") for line in lines)


BY_TEMPLATE = {
    "acknowledgement": _acknowledgement,
    "request_for_items": _request,
    "grant": _grant,
    "refusal": _refusal,
    "lapse": _lapse,
    "payment": _payment,
}
