"""Letters about an undue payment: the firm is heard first, then the order says what to pay and how to contest it."""

from __future__ import annotations

from decimal import Decimal

from applications.documents.appeals import appeal_of_decision, postal
from applications.documents.facts import LetterFacts
from applications.documents.wording import Block, Tongue, bullets, heading, known, notice, optional, pairs, table, text


def hearing(facts: LetterFacts, t: Tongue) -> list[Block]:
    """The finding, the amount and the right to be heard (CRPA art. L.121-1, L.122-1)."""
    amount, day = t.money(known(facts.amount)), t.day(known(facts.answer_by))
    return [
        text(
            t(
                f"Au titre de l’aide accordée à votre entreprise par le dispositif « {facts.scheme_name} », une somme "
                f"nous paraît avoir été versée sans être due. Nous envisageons d’en demander le remboursement.",
                f"Under the aid granted to your firm by the scheme “{facts.scheme_name}”, a sum seems to us to have "
                f"been paid without being due. We are considering asking for its repayment.",
            )
        ),
        pairs(_essentials(facts, t)),
        heading(t("Ce que nous avons constaté", "What we found")),
        bullets(facts.reasons),
        heading(t("Votre droit d’être entendu", "Your right to be heard")),
        text(right_to_be_heard(facts, t, day)),
        *optional(facts.message),
        notice(
            t(
                f"Cette lettre n’est pas une demande de paiement : rien n’est à payer avant un titre de recettes. "
                f"Sans réponse de votre part, la région décidera après le {day} sur un montant de {amount} au plus.",
                f"This letter is no demand for payment: nothing is to be paid before a recovery order. Without an "
                f"answer, the region will decide after {day} on an amount of {amount} at most.",
            )
        ),
    ]


def right_to_be_heard(facts: LetterFacts, t: Tongue, day: str) -> str:
    """How, until when, and with whom to be heard (CRPA art. L.121-1, L.122-1)."""
    to = postal(facts.region_contact)
    return t(
        f"Vous pouvez présenter vos observations jusqu’au {day} inclus, dans votre dossier en ligne, par écrit "
        f"({to}), ou de vive voix si vous le demandez ; vous pouvez vous faire assister ou représenter par la "
        f"personne de votre choix (code des relations entre le public et l’administration, articles L. 121-1 et "
        f"L. 122-1). Les pièces sur lesquelles repose ce constat sont dans votre dossier.",
        f"You may submit your comments until {day} included, in your online file, in writing ({to}), or orally if you "
        f"ask for it; you may be assisted or represented by the person of your choice (code of relations between the "
        f"public and the administration, CRPA, articles L. 121-1 and L. 122-1). The documents on which this finding "
        f"rests are in your file.",
    )


def _essentials(facts: LetterFacts, t: Tongue) -> list[tuple[str, str]]:
    return [
        (t("Recouvrement", "Recovery"), facts.recovery_number),
        (t("Décision d’octroi", "Grant decision"), facts.grant_number),
        (t("Demande de paiement", "Payment claim"), facts.claim_number),
        (t("Montant en cause", "Amount at stake"), t.money(known(facts.amount))),
    ]


def order(facts: LetterFacts, t: Tongue) -> list[Block]:
    """The order: its number, what it rests on (CRPA art. L.211-2), when to pay, and the routes against it."""
    due = t.day(known(facts.due_on))
    return [
        text(_ordered(facts, t)),
        pairs(
            [
                (t("Titre de recettes", "Recovery order"), facts.order_number),
                (t("Montant à payer", "Amount to pay"), t.money(known(facts.amount))),
                (t("À payer au plus tard le", "To be paid by"), due),
                *_essentials(facts, t)[:-1],
            ]
        ),
        heading(t("Pourquoi cette somme est due", "Why this sum is due")),
        bullets(facts.reasons),
        *answer(facts, t),
        heading(t("Comment payer", "How to pay")),
        text(
            t(
                f"Payez au comptable public de la région, en rappelant le numéro {facts.order_number}. Si vous ne "
                f"pouvez pas payer en une fois, demandez-lui un délai avant le {due}. Passé ce jour, il peut "
                f"poursuivre le recouvrement.",
                f"Pay the region’s public accountant, quoting number {facts.order_number}. If you cannot pay at once, "
                f"ask the accountant for time before {due}. After that day, recovery may be enforced.",
            )
        ),
        *appeal_of_decision(facts, t),
    ]


def _ordered(facts: LetterFacts, t: Tongue) -> str:
    return t(
        f"Une somme versée à votre entreprise au titre du dispositif « {facts.scheme_name} » n’était pas due. La "
        f"région émet un titre de recettes pour en obtenir le remboursement.",
        f"A sum paid to your firm under the scheme “{facts.scheme_name}” was not due. The region issues a recovery "
        f"order to have it repaid.",
    )


def answer(facts: LetterFacts, t: Tongue) -> list[Block]:
    """What became of the firm's observations."""
    said = (
        t(
            f"Vos observations du {t.day(facts.observed_on)} ont été examinées.",
            f"Your comments of {t.day(facts.observed_on)} were examined.",
        )
        if facts.observed_on
        else t("Aucune observation n’a été reçue dans le délai indiqué.", "No comment was received in time.")
    )
    return [text(said), *optional(facts.message)]


def late(facts: LetterFacts, t: Tongue) -> list[Block]:
    """The account of interest: balance, rate and days of each step; never part of the aid given back."""
    due, whole = t.day(known(facts.due_on)), sum((step[-1] for step in facts.interest), Decimal(0))
    head = [t("Période", "Period"), t("Jours", "Days"), t("Somme due", "Sum due"), t("Taux", "Rate"),
            t("Intérêts", "Interest")]  # fmt: skip
    rows = [
        [f"{t.day(since)} – {t.day(until)}", str(days), t.money(owed), _percent(percent, t), t.money(euro)]
        for since, until, days, owed, percent, euro in facts.interest
    ]
    return [
        text(
            t(
                f"Le titre de recettes n° {facts.order_number} était à payer au plus tard le {due}. Il est payé en "
                f"entier, mais après ce jour. Les intérêts de retard s’établissent ainsi, jour par jour sur une année "
                f"de 365 jours, sur ce qui restait dû.",
                f"Recovery order no {facts.order_number} was to be paid by {due}. It is paid in full, but after that "
                f"day. Late-payment interest is made up as follows, by actual days of a year of 365, on what was "
                f"still due.",
            )
        ),
        table(head, rows, [[t("Total des intérêts", "Total interest"), "", "", "", t.money(whole)]]),
        text(
            t(
                "Les taux et le jour de départ sont indicatifs : le comptable public de la région les confirme avant "
                "tout titre.",
                "The rates and the first day are indicative: the region’s public accountant confirms them before any "
                "order.",
            )
        ),
        notice(
            t(
                "Ce décompte n’est pas une demande de paiement : rien n’est à payer sans un titre de recettes "
                "distinct. Les intérêts ne s’ajoutent pas à l’aide reversée.",
                "This account is no demand for payment: nothing is to be paid without a separate recovery order. "
                "Interest is not added to the aid given back.",
            )
        ),
    ]


def _percent(percent: Decimal, t: Tongue) -> str:
    plain = f"{percent.normalize():f}"
    return f"{plain} %" if t.english else f"{plain.replace('.', ',')} %"
