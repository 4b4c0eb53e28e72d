"""Letters about a grant taken back: the firm is heard first, then decided with reasons, effects and routes."""

from __future__ import annotations

from applications.documents.appeals import appeal_of_decision
from applications.documents.facts import LetterFacts
from applications.documents.recoveries import answer, right_to_be_heard
from applications.documents.wording import Block, Tongue, bullets, heading, known, notice, pairs, text


def hearing(facts: LetterFacts, t: Tongue) -> list[Block]:
    """What is meant, why, what it would cost her, and the right to be heard (CRPA art. L.121-1, L.122-1)."""
    day = t.day(known(facts.answer_by))
    return [
        text(
            t(
                f"Nous envisageons {_verb(facts, t)} l’aide accordée à votre entreprise par le dispositif "
                f"« {facts.scheme_name} ». Avant toute décision, nous vous demandons vos observations.",
                f"We are considering {_verb(facts, t)} the aid granted to your firm by the scheme "
                f"“{facts.scheme_name}”. Before any decision, we ask for your comments.",
            )
        ),
        pairs(_essentials(facts, t, t("Somme qui serait à reverser", "Sum that would have to be repaid"))),
        heading(t("Ce que nous avons constaté", "What we found")),
        bullets(facts.reasons),
        heading(t("Votre droit d’être entendu", "Your right to be heard")),
        text(right_to_be_heard(facts, t, day)),
        notice(
            t(
                f"Cette lettre n’est ni une décision ni une demande de paiement. Sans réponse de votre part, la région "
                f"décidera après le {day}.",
                f"This letter is neither a decision nor a demand for payment. Without an answer, the region will "
                f"decide after {day}.",
            )
        ),
    ]


def _verb(facts: LetterFacts, t: Tongue) -> str:
    if facts.repealed:
        return t("de mettre fin, pour l’avenir, à", "ending, for the time to come,")
    return t("de retirer", "withdrawing")


def _essentials(facts: LetterFacts, t: Tongue, label: str) -> list[tuple[str, str]]:
    rows = [(t("Décision d’octroi", "Grant decision"), facts.grant_number)]
    return [*rows, (label, t.money(facts.amount))] if facts.amount else rows


def decision(facts: LetterFacts, t: Tongue) -> list[Block]:
    """The decision with its reasons (CRPA art. L.211-2), its effects, and the routes against it."""
    return [
        text(_decided(facts, t)),
        pairs(_essentials(facts, t, t("Somme à reverser", "Sum to be repaid"))),
        heading(t("Motifs", "Reasons")),
        bullets(facts.reasons),
        *answer(facts, t),
        heading(t("Ce qui s’ensuit", "What follows")),
        text(_effects(facts, t)),
        *appeal_of_decision(facts, t),
    ]


def _decided(facts: LetterFacts, t: Tongue) -> str:
    if facts.repealed:
        return t(
            f"L’aide accordée à votre entreprise par le dispositif « {facts.scheme_name} » prend fin à compter de ce "
            f"jour : la décision d’octroi est abrogée.",
            f"The aid granted to your firm by the scheme “{facts.scheme_name}” ends today: the grant decision is "
            f"repealed.",
        )
    return t(
        f"La décision qui accordait une aide à votre entreprise par le dispositif « {facts.scheme_name} » est retirée.",
        f"The decision that granted aid to your firm by the scheme “{facts.scheme_name}” is withdrawn.",
    )


def _effects(facts: LetterFacts, t: Tongue) -> str:
    unpaid = t("Aucun paiement ne peut plus être demandé.", "No payment can be claimed any more.")
    if not facts.amount:
        kept = t("Rien n’est à reverser.", "Nothing has to be repaid.")
        return f"{unpaid} {kept}"
    amount = t.money(facts.amount)
    back = t(
        f"Ce qui a été payé, {amount}, est à reverser : un titre de recettes vous sera adressé, et rien n’est à payer "
        f"avant lui.",
        f"What was paid, {amount}, has to be repaid: a recovery order will be sent to you, and nothing is to be paid "
        f"before it.",
    )
    return f"{unpaid} {back}"
