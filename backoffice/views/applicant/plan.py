"""Who pays what, and when: the aid in its instruments, the firm's own share, and the terms of what is repaid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as now_
from django.utils.translation import ngettext

from applications.forms.fields import figure
from applications.forms.project import ceiling_of
from applications.models import Application
from applications.rules import terms
from applications.rules.payment_models import FIRM, PROVIDER, PaymentModel, advance_due, model_of
from applications.rules.payment_models import parts as amounts_of
from backoffice.views.public.wording import by_success, figure_of
from regions import clock
from regions.enums import Instrument
from regions.money import ZERO
from workflows import assessment, group


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the financing: its name, its amount in euro, and when and to whom it is paid, in sentences."""

    label: str
    amount: Decimal | None
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """An instrument that the scheme offers: its terms in sentences, and the most that this quote allows."""

    label: Any
    most: Decimal
    told: tuple[str, ...]


# --- what each instrument is


def conditions(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """The terms of an instrument in sentences, from the scheme's own figures."""
    return tuple(sentence for sentence in (_share(entry), _ceiling(entry), *_repaid(entry)) if sentence)


def _share(entry: Mapping[str, Any]) -> str:
    if "share_of_loan" in entry:
        return now_("Elle couvre %s %% du prêt ; rien ne vous est versé.") % figure_of(_percent(entry["share_of_loan"]))
    share = entry.get("share_of_cost") or entry.get("how", {}).get("rate")
    return now_("Jusqu’à %s %% des dépenses aidées.") % figure_of(_percent(share)) if share else ""


def _percent(share: str) -> Decimal:
    return Decimal(share) * 100


def _ceiling(entry: Mapping[str, Any]) -> str:
    most, least = ceiling_of(entry), entry.get("amount_floor")
    if most and least:
        return now_("Entre %(least)s € et %(most)s €.") % {"least": figure(least), "most": figure(most)}
    return now_("Au plus %s €.") % figure(most) if most else ""


def _repaid(entry: Mapping[str, Any]) -> list[str]:
    """How long, how often, at what rate; a guarantee has a premium in place of instalments."""
    found = []
    if entry.get("every_months"):
        found.append(repayment(entry["months"], entry["grace_months"], entry["every_months"]))
        found.append(rate(Decimal(entry["annual_rate_percent"])))
    if entry.get("success"):
        found.append(by_success(entry["success"]))
    elif entry.get("months"):
        found.append(now_("Pendant %s mois au plus.") % entry["months"])
    if entry.get("premium_percent"):
        found.append(now_("Prime : %s %% par an.") % figure_of(Decimal(entry["premium_percent"])))
    if entry.get("collateral_percent"):
        found.append(now_("Sûreté demandée : %s %% du montant.") % figure_of(Decimal(entry["collateral_percent"])))
    return found


def repayment(months: int, grace: int, every: int) -> str:
    """« Remboursé en 48 mois, dont 12 de différé, tous les 3 mois. »"""
    beat = ngettext("tous les mois", "tous les %(every)s mois", every) % {"every": every}
    words = {"months": months, "grace": grace, "beat": beat}
    if grace:
        return now_("Remboursement sur %(months)s mois, dont %(grace)s sans rien rembourser, puis %(beat)s.") % words
    return now_("Remboursement sur %(months)s mois, %(beat)s.") % words


def rate(percent: Decimal) -> str:
    return now_("Taux : %s %% par an.") % figure_of(percent) if percent else now_("Sans intérêt.")


def offers(file: Application) -> list[Offer]:
    """Each instrument of the scheme with its terms and the most on this quote, whatever was asked before."""
    most = _most(file)
    return [
        Offer(Instrument(entry["instrument"]).label, most.get(entry["instrument"], ZERO), conditions(entry))
        for entry in terms.instruments(file.scheme_version.rules)
    ]


def _most(file: Application) -> dict[str, Decimal]:
    inputs = assessment.gather(file, clock.today(file.zone), None)
    verdict = assessment.run({**inputs, "asked": None, "facts": {**inputs["facts"], "asked_components": {}}}).amount
    return {part["instrument"]: Decimal(part["amount"]) for part in verdict.details["components"]}


# --- who pays what


def parts(file: Application, verdict: assessment.Assessment) -> list[Part]:
    """The grant, what is lent, what is guaranteed, and what is left to the firm."""
    aid, components = verdict.aid, verdict.amount.details["components"]
    rules = file.scheme_version.rules
    others = [
        component({**part, "success": terms.success_terms(rules, part["instrument"])})
        for part in components
        if part["instrument"] != Instrument.GRANT and part["amount"]
    ]
    lent = sum((p["amount"] for p in components if p["instrument"] in (Instrument.LOAN, Instrument.ADVANCE)), ZERO)
    quoted = sum((line.amount for line in file.lines.all()), ZERO)
    return [_grant(file, aid), *others, _own(file, verdict, quoted - aid, lent)]


def _grant(file: Application, aid: Decimal) -> Part:
    rules = file.scheme_version.rules
    days = file.scheme_version.rule("when", "payment_days", default=80)
    told = [*grant_told(rules, aid)]
    if terms.group_terms(rules):
        each = group.parts(aid, group.size(file))[-1]
        told.append(now_("Partagée à parts égales : environ %s € par entreprise.") % figure(each))
    told.append(now_("Versement au plus tard %s jours après la demande de paiement complète.") % days)
    return Part(now_("Subvention de la région"), aid, tuple(told))


def grant_told(rules: Mapping[str, Any], aid: Decimal) -> list[str]:
    """To whom the grant goes and after what, as the payment model says."""
    model = model_of(rules)
    told = [_to_whom(model, rules, aid)]
    advance = advance_due(rules, aid)
    if advance:
        told.insert(0, now_("Une avance de %s € peut être demandée dès la notification.") % figure(advance))
    return told


def _to_whom(model: PaymentModel, rules: Mapping[str, Any], aid: Decimal) -> str:
    if model.split:
        part = amounts_of(rules, aid)
        words = {"provider": figure(part[PROVIDER]), "firm": figure(part[FIRM])}
        return (
            now_("%(provider)s € versés à votre prestataire et %(firm)s € à vous, une fois son rapport validé.") % words
        )
    if model.to_provider:
        return now_("Versée à votre prestataire, une fois son rapport remis et validé par vous.")
    if model.advance:
        return now_("Le solde vous est versé après vos factures payées.")
    return now_("Versée sur votre compte, après vos factures payées.")


def component(part: Mapping[str, Any]) -> Part:
    """A loan, a repayable advance or a guarantee, with its terms."""
    label, amount = str(Instrument(part["instrument"]).label), Decimal(part["amount"])
    if part["instrument"] == Instrument.GUARANTEE:
        kept = now_("Jamais versée : la région répond pour vous si le prêt n’est pas remboursé.")
        return Part(label, amount, (kept, now_("Pendant %s mois au plus.") % part["months"]))
    told = (
        now_("Versé à votre demande après la notification, contrat signé."),
        repayment(part["months"], part["grace_months"], part["every_months"]), rate(part["annual_rate_percent"]),
    )  # fmt: skip
    return Part(label, amount, (*told, by_success(part["success"])) if part.get("success") else told)


def _own(file: Application, verdict: assessment.Assessment, share: Decimal, lent: Decimal) -> Part:
    """What the firm pays in the end; what it borrows for it is told, since it pays it back."""
    rules = file.scheme_version.rules
    told = [own_told(model_of(rules))]
    eligible = sum((Decimal(line["eligible"]) for line in verdict.amount.details["lines"]), ZERO)
    if model_of(rules).share_first:
        told = [
            now_("Dont %s € à verser d’avance, après la notification, au compte indiqué par la région.")
            % figure(max(eligible - verdict.aid, ZERO)),
            now_("Le reste et la TVA se paient directement au prestataire."),
        ]
    if lent:
        told.append(now_("Dont %s € avancés par le prêt et l’avance, que vous remboursez ensuite.") % figure(lent))
    return Part(now_("Votre part, hors taxes"), share, tuple(told))


def own_told(model: PaymentModel) -> str:
    if model.share_first:
        return now_("Vous versez votre part d’avance ; elle est gardée jusqu’à la fin de la prestation.")
    if model.split:
        return now_("Vous payez au prestataire sa facture moins la part de l’aide qui lui est cédée, et toute la TVA.")
    if model.to_provider:
        return now_("Vous payez au prestataire votre seule part, et la TVA.")
    return now_("Vous payez d’abord toute la facture ; la subvention vous rembourse ensuite.")
