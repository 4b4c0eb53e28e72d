"""What a grant letter says beyond the grant itself: loans and guarantees, a group's parts, how it is paid."""

from __future__ import annotations

from decimal import Decimal

from applications.documents.facts import Lent, LetterFacts
from applications.documents.wording import Block, Tongue, bullets, heading, known, table, text
from regions.money import ZERO

NAMES = {
    "loan": ("Prêt", "Loan"),
    "advance": ("Avance remboursable", "Repayable advance"),
    "guarantee": ("Garantie", "Guarantee"),
}


def lent(facts: LetterFacts, t: Tongue) -> list[Block]:
    """Each loan, repayable advance and guarantee with its terms, apart from the grant."""
    if not facts.lent:
        return []
    opening = t(
        "En plus de cette subvention, la décision vous accorde :", "Besides this grant, the decision gives you:"
    )
    counted = t(
        "Ces montants ne sont pas des subventions : ils se remboursent, ou ne sont jamais versés. Ils comptent avec "
        "elle pour leur équivalent-subvention brut.",
        "These amounts are no grants: they are repaid, or never paid out. They count with the grant for their gross "
        "grant equivalent.",
    )
    title = heading(t("Prêt, avance remboursable, garantie", "Loan, repayable advance, guarantee"))
    return [title, text(opening), bullets([_one(part, t) for part in facts.lent]), text(counted)]


def _one(part: Lent, t: Tongue) -> tuple[str, str]:
    name, amount = t(*NAMES[part.instrument]), t.money(part.amount)
    equivalent = t.money(part.gross_grant_equivalent)
    terms = _guarantee(part, t) if part.instrument == "guarantee" else _repaid(part, t)
    note = t(f"équivalent-subvention brut : {equivalent}", f"gross grant equivalent: {equivalent}")
    return t(f"{name} de {amount}, {terms}", f"{name} of {amount}, {terms}"), note


def _guarantee(part: Lent, t: Tongue) -> str:
    months, rate = t.months(part.months), _rate(part.annual_rate, t)
    return t(f"pendant {months}, contre une prime de {rate} par an ;", f"for {months}, for a premium of {rate} a year;")


def _by_success(part: Lent, t: Tongue) -> str:
    """The flat minimum in instalments, then a share of the export turnover declared each year."""
    least, share = (_rate((known_share or ZERO) * 100, t) for known_share in (part.least_share, part.turnover_share))
    months, every = t.months(part.months), t.months(part.every_months)
    return t(
        f"à rembourser selon vos ventes à l’export, déclarées chaque année pendant {months} : {share} de ce chiffre "
        f"d’affaires, au moins {least} de la somme versée, par échéances tous les {every}, sans intérêt ;",
        f"to be repaid from your export sales, declared each year for {months}: {share} of that turnover, at least "
        f"{least} of the sum paid, by instalments every {every}, free of interest;",
    )


def _repaid(part: Lent, t: Tongue) -> str:
    if part.turnover_share is not None:
        return _by_success(part, t)
    months, every, rate = t.months(part.months), t.months(part.every_months), _rate(part.annual_rate, t)
    grace = t(f", après {t.months(part.grace_months)} de différé", f", after {t.months(part.grace_months)} of grace")
    after = grace if part.grace_months else ""
    cost = (
        t(f"au taux de {rate} par an", f"at {rate} a year")
        if part.annual_rate
        else t("sans intérêt", "free of interest")
    )
    return t(
        f"à rembourser sur {months}{after}, par échéances tous les {every}, {cost} ;",
        f"to be repaid over {months}{after}, by instalments every {every}, {cost};",
    )


def _rate(rate: Decimal, t: Tongue) -> str:
    return t(f"{rate:.2f}".replace(".", ",") + " %", f"{rate:.2f}%")


def members(facts: LetterFacts, t: Tongue) -> list[Block]:
    """Each firm of a group and its part; raises ValueError when the parts do not add up to the grant."""
    if not facts.members:
        return []
    if sum((part for _name, _siren, part in facts.members), ZERO) != facts.amount:
        raise ValueError(f"the parts of the group of {facts.reference} do not add up to the grant")
    opening = t(
        "L’aide est accordée au groupement ; la part de chaque entreprise compte sous son propre plafond d’aides de "
        "minimis. Si l’une d’elles le quitte, prévenez-nous : sa part est réduite, ou reprise par une autre.",
        "The aid is granted to the group; each firm’s part counts under its own de minimis ceiling. If one of them "
        "leaves, tell us: its part is cut, or taken over by another firm.",
    )
    head = (t("Entreprise", "Firm"), "SIREN", t("Part de l’aide", "Part of the aid"))
    rows = [(name, siren, t.money(part)) for name, siren, part in facts.members]
    total = (t("Total", "Total"), "", t.money(known(facts.amount)))
    return [
        heading(t("Les entreprises du groupement", "The firms of the group")),
        text(opening),
        table(head, rows, [total]),
    ]


def paid_how(facts: LetterFacts, t: Tongue) -> list[Block]:
    """To whom the aid is paid and on what, when it is not simply paid back to the firm."""
    lines = [*_before(facts, t), *_to_whom(facts, t)]
    return [heading(t("Comment l’aide est payée", "How the aid is paid")), bullets(lines)] if lines else []


def _before(facts: LetterFacts, t: Tongue) -> list[str]:
    how, lines = facts.paid_how, []
    if how is not None and how.own_share is not None:
        share = t.money(how.own_share)
        lines.append(
            t(
                f"Votre part, {share} hors taxes, est à verser d’abord à la région, qui la détient jusqu’à la fin "
                f"de la mission ; ce qui n’est pas dû au prestataire vous est rendu.",
                f"Your share, {share} excl. VAT, is to be paid first to the region, which holds it until the end "
                f"of the mission; what is not due to the provider is given back to you.",
            )
        )
    if how is not None and how.advance is not None:
        advance = t.money(how.advance)
        lines.append(
            t(
                f"Une avance de {advance} peut être demandée dès maintenant ; elle se déduit du solde.",
                f"An advance of {advance} may be asked for now; it is taken off the balance.",
            )
        )
    return lines


def _to_whom(facts: LetterFacts, t: Tongue) -> list[str]:
    how, lines = facts.paid_how, []
    if how is not None and how.firm_validates:
        lines.append(
            t(
                "Le prestataire remet son rapport et vous dites s’il est conforme : sans cela, rien n’est payé.",
                "The provider hands in its report and you say whether it conforms: without it, nothing is paid.",
            )
        )
    if how is not None and how.provider and how.assigned is not None and how.refunded is not None:
        assigned, refunded = t.money(how.assigned), t.money(how.refunded)
        lines.append(
            t(
                f"L’aide est partagée : {assigned} au plus au prestataire, {how.provider}, par cession de créance, "
                f"et {refunded} au plus à vous ; vous lui payez le reste de ses factures, et toute la TVA.",
                f"The aid is split: at most {assigned} to the provider, {how.provider}, by assignment of the claim, "
                f"and at most {refunded} to you; you pay it the rest of its invoices, and all the VAT.",
            )
        )
    elif how is not None and how.provider:
        lines.append(
            t(
                f"L’aide est payée à votre place au prestataire, {how.provider}, par cession de créance.",
                f"The aid is paid in your place to the provider, {how.provider}, by assignment of the claim.",
            )
        )
    return lines
