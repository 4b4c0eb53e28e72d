"""Letters that decide nothing: acknowledgement of receipt, request for items, notice of payment."""

from __future__ import annotations

from applications.documents.appeals import appeal_of_decision, appeal_of_silence
from applications.documents.facts import LetterFacts
from applications.documents.wording import (
    Block,
    Tongue,
    bullets,
    heading,
    known,
    notice,
    optional,
    pairs,
    text,
    unbroken,
)


def acknowledgement(facts: LetterFacts, t: Tongue) -> list[Block]:
    """Receipt, date of silence, service and appeal routes (CRPA art. R.112-5); says nothing of completeness."""
    received_on, silence_on = known(facts.received_on), known(facts.silence_on)
    received, silence = t.day(received_on), t.day(silence_on)
    return [
        text(
            t(
                f"Nous avons reçu le {received} votre demande d’aide au titre du dispositif « {facts.scheme_name} ».",
                f"We received your application under the scheme “{facts.scheme_name}” on {received}.",
            )
        ),
        _do_not_sign(t),
        text(_not_completeness(t)),
        text(
            t(
                f"Si aucune décision ne vous a été notifiée le {silence} au plus tard, votre demande sera "
                f"réputée rejetée à cette date (code des relations entre le public et l’administration, "
                f"article L. 231-4, 3°). Une demande de pièces repousse cette date : nous vous "
                f"indiquerons alors la nouvelle. Une décision favorable reste possible ensuite.",
                f"If no decision has been notified to you by {silence}, your application will be deemed "
                f"rejected on that date (code of relations between the public and the administration, "
                f"CRPA, article L. 231-4, 3°). A request for documents moves that date: we will then "
                f"tell you the new one. A favourable decision remains possible afterwards.",
            )
        ),
        *_service(facts, t),
        *appeal_of_silence(facts, t, silence_on),
    ]


def _do_not_sign(t: Tongue) -> Block:
    return notice(
        t(
            "Ne signez aucun devis et ne commandez rien avant d’avoir reçu notre décision écrite : "
            "une dépense engagée plus tôt ne pourra pas être aidée.",
            "Do not sign any quote or order anything before you receive our written decision: "
            "an expense committed earlier cannot be aided.",
        )
    )


def _not_completeness(t: Tongue) -> str:
    return t(
        "Cet accusé de réception ne signifie pas que votre dossier est complet, ni que l’aide vous sera "
        "accordée. S’il manque des pièces exigées, nous vous les demanderons par écrit.",
        "This acknowledgement does not mean that your file is complete, nor that the aid will be granted. "
        "If required documents are missing, we will ask you for them in writing.",
    )


def _service(facts: LetterFacts, t: Tongue) -> list[Block]:
    """Name, address, e-mail and telephone of the service in charge (CRPA art. R.112-5, 2°)."""
    contact = facts.region_contact
    rows = [
        (t("Service", "Department"), contact.service),
        (t("Adresse", "Address"), ", ".join(contact.address)),
        (t("Courriel", "E-mail"), contact.email),
        (t("Téléphone", "Telephone"), contact.phone),
    ]
    return [heading(t("Service chargé de votre dossier", "Department in charge of your file")), pairs(rows)]


def request_for_items(facts: LetterFacts, t: Tongue) -> list[Block]:
    """The missing items, the deadline, and what the request does to the clock (CRPA art. L.114-5)."""
    deadline = t.day(known(facts.answer_by))
    return [
        text(_what_is_missing(facts, t)),
        bullets(facts.items),
        *optional(facts.message),
        notice(
            t(
                f"Envoyez-nous ces éléments au plus tard le {deadline}.",
                f"Send us these items by {deadline} at the latest.",
            )
        ),
        text(_clock(facts, t)),
        *optional(facts.suspended_note),
        *_silence_moved(facts, t),
        text(_question(facts, t)),
    ]


def _what_is_missing(facts: LetterFacts, t: Tongue) -> str:
    if facts.claim_number:
        return t(
            f"Pour établir le montant dû au titre de votre demande de paiement n° {facts.claim_number}, "
            f"il nous manque :",
            f"To establish the amount due for your payment claim no. {facts.claim_number}, we still need:",
        )
    return t(
        f"Votre demande d’aide au titre du dispositif « {facts.scheme_name} » n’est pas complète. Il nous manque :",
        f"Your application under the scheme “{facts.scheme_name}” is not complete. We still need:",
    )


def _clock(facts: LetterFacts, t: Tongue) -> str:
    """Only missing items stop the clock: of the decision (CRPA L.114-5) or of the payment (CPR 74(1)(b))."""
    if facts.claim_number:
        return t(
            "D’ici là, le délai de paiement est interrompu ; il reprend dès que nous recevons votre réponse. "
            "Sans réponse à cette date, la demande de paiement sera examinée avec les seules pièces reçues.",
            "Until then, the payment period is interrupted; it resumes when we receive your answer. Without "
            "an answer by that date, the claim will be examined on the documents received alone.",
        )
    return t(
        "D’ici là, le délai dont nous disposons pour décider est suspendu ; il reprend dès que nous recevons "
        "toutes ces pièces, et au plus tard à cette date (code des relations entre le public et "
        "l’administration, article L. 114-5). Sans réponse de votre part, votre demande sera alors examinée "
        "avec les seules pièces reçues.",
        "Until then, our time limit to decide is suspended; it resumes when we receive all these items, and "
        "on that date at the latest (code of relations between the public and the administration, CRPA, "
        "article L. 114-5). Without an answer, your application will then be examined on the documents "
        "received alone.",
    )


def _silence_moved(facts: LetterFacts, t: Tongue) -> list[Block]:
    """The new date of the implicit rejection, told again at every suspension."""
    if facts.silence_on is None or facts.claim_number:
        return []
    day = t.day(facts.silence_on)
    return [
        text(
            t(
                f"Si vous utilisez tout ce délai, le silence de la région vaudra rejet le {day}, au lieu de "
                f"la date annoncée auparavant. Une réponse plus rapide avance cette date d’autant.",
                f"If you use the whole period, silence from the region will mean rejection on {day}, instead "
                f"of the date announced before. A quicker answer brings that date forward accordingly.",
            )
        )
    ]


def _question(facts: LetterFacts, t: Tongue) -> str:
    contact = facts.region_contact
    who, phone = facts.officer_name or contact.service, unbroken(contact.phone)
    return t(
        f"Une question ? {who} vous répond au {phone} ou à l’adresse {contact.email}.",
        f"Any question? {who} will answer on {phone} or at {contact.email}.",
    )


def payment(facts: LetterFacts, t: Tongue) -> list[Block]:
    """Amount, date and the accountant's reference; with reasons, what was not accepted and the appeal."""
    amount, paid = t.money(known(facts.amount)), t.day(known(facts.paid_on))
    return [
        text(_paid(facts, t)),
        pairs(
            [
                (t("Montant versé", "Amount paid"), amount),
                (t("Payé à", "Paid to"), facts.paid_to),
                (t("Votre part, versée avec l’aide", "Your share, paid with the aid"), _own_share(facts, t)),
                (t("Date du paiement", "Date of payment"), paid),
                (t("Référence du comptable public", "Public accountant’s reference"), facts.accountant_reference),
                (t("Demande de paiement", "Payment claim"), facts.claim_number),
                (t("Décision d’octroi", "Grant decision"), facts.grant_number),
            ]
        ),
        *optional(facts.message),
        *_not_accepted(facts, t),
        text(_if_not_received(facts, t)),
        *(appeal_of_decision(facts, t) if facts.reasons else []),
    ]


LENT_KINDS = {
    "loan": ("Le prêt", "The loan"),
    "advance": ("L’avance remboursable", "The repayable advance"),
}


def _paid(facts: LetterFacts, t: Tongue) -> str:
    """What was paid, and to whom."""
    what = t(*LENT_KINDS.get(facts.lent_kind, ("L’aide", "The aid")))
    done = t("versée" if facts.lent_kind != "loan" else "versé", "paid")
    given = t("accordée" if facts.lent_kind != "loan" else "accordé", "granted")
    account = (
        t("au prestataire, sur son compte bancaire", "to the provider, on its bank account")
        if facts.paid_to
        else t("sur le compte bancaire que vous avez indiqué", "to the account that you gave")
    )
    return t(
        f"{what} qui vous a été {given} au titre du dispositif « {facts.scheme_name} » a été {done} par virement "
        f"{account}.",
        f"{what} granted to you under the scheme “{facts.scheme_name}” has been paid by bank transfer {account}.",
    )


def _own_share(facts: LetterFacts, t: Tongue) -> str:
    return t.money(facts.own_share) if facts.own_share else ""


def _not_accepted(facts: LetterFacts, t: Tongue) -> list[Block]:
    if not facts.reasons:
        return []
    opening = t("Une partie des dépenses n’a pas été retenue :", "Part of the expenses was not accepted:")
    return [text(opening), bullets(facts.reasons)]


def _if_not_received(facts: LetterFacts, t: Tongue) -> str:
    contact, phone = facts.region_contact, unbroken(facts.region_contact.phone)
    return t(
        f"Si la somme n’apparaît pas sur votre compte, écrivez à {contact.email} ou appelez le "
        f"{phone} en rappelant la référence du comptable public. Conservez cette lettre et les "
        f"pièces du dossier : elles peuvent vous être demandées lors d’un contrôle.",
        f"If the sum does not show on your account, write to {contact.email} or call {phone}, "
        f"quoting the public accountant’s reference. Keep this letter and the documents of the file: "
        f"they may be asked for in an audit.",
    )
