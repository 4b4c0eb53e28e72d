"""Letters that decide: grant, refusal, lapse. Each gives its reasons and the appeal routes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from applications.documents import project
from applications.documents.appeals import appeal_of_decision
from applications.documents.facts import LetterFacts
from applications.documents.wording import Block, Tongue, bullets, heading, known, notice, optional, pairs, table, text
from regions.money import ZERO

TITLES = {
    "2023/2831": (
        " de la Commission du 13 décembre 2023 relatif à l’application des articles 107 et 108 du traité sur "
        "le fonctionnement de l’Union européenne aux aides de minimis",
        " of 13 December 2023 on the application of Articles 107 and 108 of the Treaty on the "
        "Functioning of the European Union to de minimis aid",
    )
}


def grant(facts: LetterFacts, t: Tongue) -> list[Block]:
    """The award: amount, funders, aid regime, deadlines, duties, appeal."""
    return [
        text(_award(facts, t)),
        pairs(_essentials(facts, t)),
        notice(
            t(
                "Vous pouvez signer le devis et commander les prestations dès que vous avez reçu cette lettre.",
                "You may sign the quote and order the services as soon as you have received this letter.",
            )
        ),
        *optional(facts.message),
        *_lines(facts, t),
        *_shares(facts, t),
        *project.lent(facts, t),
        *project.members(facts, t),
        *project.paid_how(facts, t),
        *_operation(facts, t),
        *_aid_regime(facts, t),
        *_duties(facts, t),
        *appeal_of_decision(facts, t),
    ]


def _award(facts: LetterFacts, t: Tongue) -> str:
    amount = t.money(known(facts.amount))
    return t(
        f"Nous avons le plaisir de vous informer que votre demande est acceptée : une aide de {amount} vous "
        f"est accordée au titre du dispositif « {facts.scheme_name} ».",
        f"We are pleased to inform you that your application is accepted: aid of {amount} is granted to you "
        f"under the scheme “{facts.scheme_name}”.",
    )


def _essentials(facts: LetterFacts, t: Tongue) -> list[tuple[str, str]]:
    return [
        (t("Décision", "Decision"), facts.grant_number),
        (t("Montant maximal de l’aide", "Maximum amount of aid"), t.money(known(facts.amount))),
        (t("Code du chèque", "Voucher code"), facts.voucher_code),
        (t("Prestations à achever au plus tard le", "Complete the services by"), _day(facts.complete_by, t)),
        (t("Paiement à demander au plus tard le", "Claim the payment by"), _day(facts.claim_by, t)),
    ]


def _day(value: date | None, t: Tongue) -> str:
    return t.day(value) if value else ""


def _lines(facts: LetterFacts, t: Tongue) -> list[Block]:
    """The quote line by line, excl. VAT; the grant itself when a ceiling holds it below the sum."""
    if not facts.lines:
        return []
    head = (
        t("Prestation (hors taxes)", "Service (excl. VAT)"),
        t("Devis", "Quoted"),
        t("Retenu", "Eligible"),
        t("Aide", "Aid"),
    )
    rows = [(line[0], *(t.money(amount) for amount in line[1:])) for line in facts.lines]
    return [heading(t("Dépenses retenues", "Eligible expenses")), table(head, rows, _line_totals(facts, t))]


def _line_totals(facts: LetterFacts, t: Tongue) -> list[tuple[str, ...]]:
    granted = known(facts.amount)
    quoted, eligible, aid = (sum(column, ZERO) for column in _columns(facts))
    totals: list[tuple[str, ...]] = [("Total", t.money(quoted), t.money(eligible), t.money(aid))]
    if aid != granted:
        totals.append((t("Aide accordée", "Aid granted"), "", "", t.money(granted)))
    return totals


def _columns(facts: LetterFacts) -> tuple[list[Decimal], list[Decimal], list[Decimal]]:
    """Quoted, eligible and aid amounts of all lines, in euro."""
    lines = facts.lines
    return [line[1] for line in lines], [line[2] for line in lines], [line[3] for line in lines]


def _shares(facts: LetterFacts, t: Tongue) -> list[Block]:
    """Who pays; raises ValueError when the parts do not add up to the grant."""
    if not facts.shares:
        return []
    if sum((share for _, share in facts.shares), ZERO) != facts.amount:
        raise ValueError(f"the shares of {facts.reference} do not add up to the grant")
    head = (t("Financeur", "Funder"), t("Part de l’aide", "Share of the aid"))
    rows = [(funder, t.money(share)) for funder, share in facts.shares]
    total = (t("Total", "Total"), t.money(known(facts.amount)))
    return [heading(t("Financement", "Funding")), table(head, rows, [total])]


def _operation(facts: LetterFacts, t: Tongue) -> list[Block]:
    """The firm is a beneficiary: this letter is the document of its conditions (Reg. 2021/1060 art. 2(9)(c), 73(3))."""
    own = facts.operation
    if own is None:
        return []
    support = t.money(own.support)
    said = t(
        f"Votre entreprise est bénéficiaire de l’opération {own.code} du programme « {own.programme} ». Cette lettre "
        f"en fixe les conditions (règlement (UE) 2021/1060, article 2, point 9 c), et article 73, paragraphe 3). Le "
        f"soutien du Fonds européen de développement régional est de {support}. L’aide vous est payée au plus tard "
        f"{own.payment_days} jours après une demande de paiement complète. L’opération figure dans la liste publique "
        f"des opérations soutenues par ce Fonds (article 49) ; le nom d’une personne physique en est retiré au bout "
        f"de deux ans.",
        f"Your firm is the beneficiary of operation {own.code} of the programme “{own.programme}”. This letter sets "
        f"out its conditions (Regulation (EU) 2021/1060, Article 2(9)(c) and Article 73(3)). The support of the "
        f"European Regional Development Fund is {support}. The aid is paid to you no later than {own.payment_days} "
        f"days after a complete claim. The operation is on the public list of operations supported by that Fund "
        f"(Article 49); the name of a natural person leaves it after two years.",
    )
    return [heading(t("Opération européenne", "European operation")), text(said)]


def _aid_regime(facts: LetterFacts, t: Tongue) -> list[Block]:
    """The Regulation, by name, and the gross grant equivalent (Reg. 2023/2831 art. 7(4))."""
    if not facts.regulation:
        return []
    if facts.gross_grant_equivalent is None:
        raise ValueError(f"{facts.reference}: a grant under {facts.regulation} needs its gross grant equivalent")
    equivalent = t.money(facts.gross_grant_equivalent)
    titles = [titles for number, titles in TITLES.items() if number in facts.regulation]
    title = heading(t("Régime d’aide", "Aid regime"))
    return [title, text(_de_minimis(facts, t, equivalent, titles[0]) if titles else _exempted(facts, t, equivalent))]


def _regulation(facts: LetterFacts, t: Tongue) -> str:
    return t(facts.regulation, facts.regulation.replace("(UE)", "(EU)"))


def _de_minimis(facts: LetterFacts, t: Tongue, equivalent: str, title: tuple[str, str]) -> str:
    number = _regulation(facts, t)
    return t(
        f"Cette aide est une aide de minimis accordée en application du règlement {number}{title[0]}. Son "
        f"équivalent-subvention brut est de {equivalent}. Vous devrez la déclarer pour toute nouvelle demande "
        f"d’aide de minimis : le total de ces aides ne peut pas dépasser 300\u202f000\u202f€ sur trois ans pour "
        f"une même entreprise unique, entreprises liées comprises.",
        f"This is de minimis aid granted under Commission Regulation {number}{title[1]}. Its gross grant "
        f"equivalent is {equivalent}. You must declare it in any new application for de minimis aid: the "
        f"total of such aid may not exceed €300,000 over three years for a single undertaking, linked "
        f"enterprises included.",
    )


def _exempted(facts: LetterFacts, t: Tongue, equivalent: str) -> str:
    number = _regulation(facts, t)
    return t(
        f"Cette aide est accordée en application du règlement {number}. Son équivalent-subvention brut est "
        f"de {equivalent}.",
        f"This aid is granted under Regulation {number}. Its gross grant equivalent is {equivalent}.",
    )


def _duties(facts: LetterFacts, t: Tongue) -> list[Block]:
    """What the firm must do; failing it may cost the aid, after a hearing (CRPA art. L.121-1)."""
    duties = [*_deadlines(facts, t), *_publicity(facts, t), _keep(facts, t), *_common_duties(t), *facts.obligations]
    sanction = t(
        "Si ces obligations ne sont pas respectées, le paiement peut être refusé ou réduit, ou son "
        "remboursement demandé, après que vous aurez pu présenter vos observations.",
        "If these duties are not met, the payment may be refused or reduced, or its repayment asked for, "
        "after you have been able to submit your comments.",
    )
    return [heading(t("Vos obligations", "Your duties")), bullets(duties), text(sanction)]


def _deadlines(facts: LetterFacts, t: Tongue) -> list[str]:
    duties = []
    if facts.complete_by:
        day = t.day(facts.complete_by)
        duties.append(t(f"Achever les prestations au plus tard le {day}.", f"Complete the services by {day}."))
    if facts.claim_by:
        duties.append(_claim(t, t.day(facts.claim_by)))
    if facts.items:
        joined = " ; ".join(facts.items) if not t.english else "; ".join(facts.items)
        duties.append(t(f"Joindre à cette demande : {joined}.", f"Attach to that claim: {joined}."))
    return duties


def _claim(t: Tongue, day: str) -> str:
    return t(
        f"Demander le paiement au plus tard le {day} : passé cette date, vous pouvez perdre le droit à l’aide.",
        f"Claim the payment by {day}: after that date you may lose the right to the aid.",
    )


def _publicity(facts: LetterFacts, t: Tongue) -> list[str]:
    """Visibility of the Union's support (Reg. 2021/1060 art. 50 and annex IX)."""
    if not facts.eu_cofunded:
        return []
    return [
        t(
            "Faire figurer de façon visible, sur la réalisation aidée et les supports qui la présentent, "
            "l’emblème de l’Union européenne avec la mention « Cofinancé par l’Union européenne » en toutes "
            "lettres, et le logotype de la région.",
            "Show visibly, on the funded work and on the material that presents it, the emblem of the European "
            "Union with the statement “Co-funded by the European Union” in full, and the region’s logo.",
        )
    ]


def _keep(facts: LetterFacts, t: Tongue) -> str:
    """Ten years from the grant (aid); five from 31 December of the last payment (Reg. 2021/1060 art. 82)."""
    union = t(
        " et, s’il est plus long, pendant cinq ans à compter du 31 décembre de l’année du dernier paiement",
        " and, if longer, for five years from 31 December of the year of the last payment",
    )
    tail = union if facts.eu_cofunded else ""
    return t(
        f"Conserver toutes les pièces du dossier (devis, factures, preuves de paiement, livrables) pendant "
        f"dix ans à compter de cette décision{tail}.",
        f"Keep all the documents of the file (quotes, invoices, proofs of payment, deliverables) for "
        f"ten years from this decision{tail}.",
    )


def _common_duties(t: Tongue) -> list[str]:
    return [
        t(
            "Nous écrire avant tout changement de projet ou de prestataire.",
            "Write to us before any change of project or provider.",
        ),
        t(
            "Répondre aux contrôles de la région, de l’État et de l’Union européenne.",
            "Answer the checks of the region, the State and the European Union.",
        ),
    ]


def refusal(facts: LetterFacts, t: Tongue) -> list[Block]:
    """Each reason with its article (CRPA art. L.211-2, L.211-5), then the appeal."""
    several = len(facts.reasons) > 1
    reasons = (
        t("les motifs suivants", "the following reasons") if several else t("le motif suivant", "the following reason")
    )
    opening = t(
        f"Après examen, nous ne pouvons pas donner une suite favorable à votre demande d’aide au titre du "
        f"dispositif « {facts.scheme_name} ». Elle est rejetée pour {reasons} :",
        f"After examination, we cannot grant your application under the scheme “{facts.scheme_name}”. "
        f"It is rejected for {reasons}:",
    )
    return [text(opening), bullets(facts.reasons), *optional(facts.message), *appeal_of_decision(facts, t)]


def lapse(facts: LetterFacts, t: Tongue) -> list[Block]:
    """The right to the aid is lost by decision: why, and what follows."""
    followed = t(
        "En conséquence, aucun paiement ne pourra plus être demandé au titre de cette aide, et la somme "
        "réservée est rendue à l’enveloppe du dispositif.",
        "As a result, no payment can be claimed any more for this aid, and the sum set aside returns to the "
        "scheme’s budget.",
    )
    notes = [bullets(facts.reasons)] if facts.reasons else []
    return [
        text(_lapsed(facts, t)),
        notice(facts.lapse_reason),
        *notes,
        text(followed),
        *optional(facts.message),
        *appeal_of_decision(facts, t),
    ]


def _lapsed(facts: LetterFacts, t: Tongue) -> str:
    number = t(f" par la décision n° {facts.grant_number}", f" by decision no. {facts.grant_number}")
    by = number if facts.grant_number else ""
    of = t(f" de {t.money(facts.amount)}", f" of {t.money(facts.amount)}") if facts.amount else ""
    return t(
        f"Nous constatons la caducité de l’aide{of} accordée à votre entreprise{by} au titre du dispositif "
        f"« {facts.scheme_name} », pour la raison suivante :",
        f"We record that the aid{of} granted to your firm{by} under the scheme “{facts.scheme_name}” has "
        f"lapsed, for the following reason:",
    )
