"""What a letter says of a file: gathered from the act's own event and what it relied on."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

from applications.documents.facts import Lent, OwnOperation, PaidHow
from applications.documents.formats import day
from applications.documents.letters import Contact, LetterFacts, render
from applications.enums import CheckKind, DocumentKind
from applications.models import Application, Claim, GrantComponent, PaymentOrder, Recovery, Revocation
from applications.rules.payment_models import FIRM, PROVIDER, advance_due, parts, share_awaited
from applications.rules.references import reference
from applications.rules.revocation import GROUNDS, REPEAL
from regions import clock
from regions.calendars import local_date
from regions.enums import Funder, Instrument
from regions.models import User
from regions.money import ZERO
from regions.schemes import words as scheme_words
from workflows import chain, exemption, project, single_operation
from workflows.canonical import encode
from workflows.models import Event, EventNote, OutboxMessage

REGULATION = {"fr": "(UE) 2023/2831", "en": "(EU) 2023/2831"}
EXEMPTION = {
    "fr": "(UE) n° 651/2014 de la Commission du 17 juin 2014, article {}",
    "en": "(EU) No 651/2014 of 17 June 2014, Article {}",
}


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
        "regulation": _regulation(file, _tongue(language)),
        "operation": _own_operation(file),
        "items": _kinds(file, "claim"),
        "lent": tuple(_lent(component) for component in grant.components.order_by("pk")),
        "members": _members(file, event),
        "paid_how": _paid_how(file),
    }


def _regulation(file: Application, tongue: str) -> str:
    """The Regulation that the aid rests on, with its article under the block exemption; "" when it is no State aid."""
    rules = file.scheme_version.rules
    if rules["legal_basis"] == "de_minimis":
        return REGULATION[tongue]
    article = exemption.article_of(rules)
    return EXEMPTION[tongue].format(article) if article else ""


def _own_operation(file: Application) -> OwnOperation | None:
    """Where the firm is the beneficiary: said of the file, for the letter is read before its operation is made."""
    if not single_operation.is_single(file):
        return None
    objective = single_operation.objective_of(file, file.decided_on or clock.today(file.zone))
    shares = {share.funder: share.amount for share in file.agreement.shares.all()}
    return OwnOperation(
        code=file.reference, programme=objective.priority.programme.name if objective else "",
        support=shares.get(Funder.ERDF, ZERO), payment_days=int(file.scheme_version.rule("when", "payment_days")),
    )  # fmt: skip


SUCCESS = ("least_share", "turnover_share")


def _lent(component: GrantComponent) -> Lent:
    names = (
        "instrument", "amount", "gross_grant_equivalent", "months", "grace_months", "every_months", "annual_rate",
    )  # fmt: skip
    shares: dict[str, Any] = {name: Decimal(component.success[name]) for name in SUCCESS} if component.success else {}
    return Lent(**{name: getattr(component, name) for name in names}, **shares)


def _members(file: Application, event: Event) -> tuple[tuple[str, str, Decimal], ...]:
    """The firms of a group and their parts on the day of the grant: the lead has what the others have not."""
    there = file.members.filter(share__isnull=False, confirmed_at__lte=event.at).select_related("company")
    members = [(m.company.name, m.company.siren, m.share or ZERO) for m in there]
    if not members:
        return ()
    lead = file.agreement.amount - sum((part for _name, _siren, part in members), ZERO)
    return ((file.company.name, file.company.siren, lead), *members)


def _paid_how(file: Application) -> PaidHow:
    """How the scheme's payment model pays this grant, whatever came in since."""
    model, rules, granted = project.payment_model(file), file.scheme_version.rules, file.agreement.amount
    eligible = sum((line.eligible or ZERO for line in file.lines.all()), ZERO)
    to_provider = model.to_provider and file.provider is not None
    assigned = parts(rules, granted) if model.split else {}
    return PaidHow(
        provider=file.provider.name if to_provider and file.provider else "",
        own_share=share_awaited(rules, eligible, granted, ZERO) or None,
        advance=advance_due(rules, granted) or None,
        firm_validates=model.firm_validates,
        assigned=assigned.get(PROVIDER),
        refunded=assigned.get(FIRM),
    )


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
            words[reason["code"]] = (reason[tongue], reference(reason["article"], tongue))
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
        "paid_to": order.payee_provider.name if order.payee_provider else "",
        "own_share": order.own_share or None,
        "lent_kind": "" if order.claim.instrument == Instrument.GRANT else order.claim.instrument,
    }


def _rejected(claim: Claim) -> tuple[tuple[str, str], ...]:
    """What the control left out, line by line: reason and finding."""
    lines = claim.lines.exclude(reason="").order_by("pk")
    return tuple((f"{line.get_reason_display()} : {line.finding}", "") for line in lines)


def _recovery(file: Application, event: Event, given: dict[str, Any], language: str) -> dict[str, Any]:
    """A recovery: what was found when it was opened, and what this act says."""
    recovery = Recovery.objects.get(pk=_number(event))
    note, found = getattr(event, "note", None), _found(event)
    return {
        "amount": Decimal(given["amount"]),
        "recovery_number": recovery.number,
        "grant_number": file.agreement.number,
        "claim_number": str(recovery.claim.number) if recovery.claim else "",
        "reasons": ((str(recovery.get_reason_display()), ""), *((found, "") for found in found)),
        "message": note.text if note else "",
    }


def _found(event: Event) -> list[str]:
    """The words of the finding, as written by who opened the recovery, or withdrew the grant before it."""
    opened = Event.objects.filter(object=event.object, act="recovery.open").select_related("note").first()
    return _words(opened or _last(event, "application.revoke"))


def _last(event: Event, act: str) -> Event | None:
    """The latest act of this name on the file of an event."""
    return Event.objects.filter(subject=event.subject, act=act).select_related("note").order_by("-number").first()


def _words(event: Event | None) -> list[str]:
    note = getattr(event, "note", None)
    return [note.text] if note else []


def _revocation(file: Application, event: Event, given: dict[str, Any], language: str) -> dict[str, Any]:
    """What was found when the withdrawal was proposed: its ground with its article, and the words."""
    ground = GROUNDS[given["ground"]]
    found = event if event.act == "record.revocation_proposed" else _last(event, "record.revocation_proposed")
    sentence = ground.en if _tongue(language) == "en" else ground.fr
    return {
        "grant_number": file.agreement.number, "amount": Decimal(given["amount"]) or None,
        "repealed": given["effect"] == REPEAL,
        "reasons": ((sentence, reference(ground.article, language)), *((words, "") for words in _words(found))),
    }  # fmt: skip


def _revocation_hearing(file: Application, event: Event, given: dict[str, Any], language: str) -> dict[str, Any]:
    return _revocation(file, event, given, language) | {"answer_by": date.fromisoformat(given["answer_by"])}


def _revoked(file: Application, event: Event, given: dict[str, Any], language: str) -> dict[str, Any]:
    observed = Revocation.objects.get(pk=given["revocation"]).observed_on
    message = "".join(_words(event))
    return _signed(event, given) | _revocation(file, event, given, language) | {
        "observed_on": observed, "message": message,
    }  # fmt: skip


def _hearing(file: Application, event: Event, given: dict[str, Any], language: str) -> dict[str, Any]:
    return _recovery(file, event, given, language) | {"answer_by": date.fromisoformat(given["answer_by"])}


def _order(file: Application, event: Event, given: dict[str, Any], language: str) -> dict[str, Any]:
    """The order is signed by who issues it (CRPA, art. L. 212-1)."""
    observed = Event.objects.filter(object=event.object, act="recovery.observe").order_by("-number").first()
    return _recovery(file, event, given, language) | {
        "signatory": event.actor.name,
        "delegation": given.get("delegation", ""),
        "order_number": given["order_number"],
        "due_on": date.fromisoformat(given["due_on"]),
        "observed_on": local_date(observed.at, file.zone) if observed else None,
    }


def _late(file: Application, event: Event, given: dict[str, Any], language: str) -> dict[str, Any]:
    """The interest as it was recorded with the last receipt."""
    recovery = Recovery.objects.get(pk=_number(event))
    rows = list(recovery.interest.all())
    return {
        "recovery_number": recovery.number, "order_number": recovery.order_number, "due_on": recovery.due_on,
        "interest": tuple(
            (row.since, row.until, row.days, row.principal, row.percent, row.interest) for row in rows
        ),
    }  # fmt: skip


BY_TEMPLATE = {
    "acknowledgement": _acknowledgement,
    "request_for_items": _request,
    "grant": _grant,
    "refusal": _refusal,
    "lapse": _lapse,
    "payment": _payment,
    "recovery_hearing": _hearing,
    "revocation_hearing": _revocation_hearing,
    "revocation": _revoked,
    "recovery_order": _order,
    "recovery_interest": _late,
}
