"""Gross grant equivalent of loans, guarantees, instalments and the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from applications.rules import gge
from applications.rules.base import InputError, Reason, Verdict
from applications.rules.compute.build import choice, euro, flag, may, need, number, percent, record, rows
from applications.rules.compute.shapes import missing
from applications.rules.compute.wrapping import Given, rule
from applications.rules.de_minimis_regimes import CURRENT, REGIMES, Regime, regime

YEARS = number("Durée en années | Duration in years", 0, 100)
RATE = percent("Taux d’actualisation annuel | Yearly discount rate", 1000)
PAYMENT = record(
    "Un versement | An instalment",
    need("amount", euro("Montant | Amount")),
    may("years", number("Années après l’octroi | Years after the grant", 0, 100), 0),
)
INPUT = record(
    "Une aide et ce qui en fixe l’équivalent | An aid and what fixes its equivalent",
    need(
        "instrument",
        choice(
            "Instrument | Instrument",
            ("grant", "instalments", "loan", "guarantee", "market_rate", "capital", "capped"),
        ),
    ),
    may(
        "amount",
        euro(
            "Subvention, prêt, montant garanti, apport en capital ou plafond | "
            "Grant, loan, guaranteed amount, capital or cap"
        ),
    ),
    may("years", YEARS),
    may("collateral", percent("Sûretés, en part du prêt | Collateral, as a share of the loan", 1000)),
    may("underlying", euro("Prêt sous-jacent à la garantie | Loan under the guarantee")),
    may("guaranteed_share", percent("Ou : part garantie du prêt | Or: share of the loan that is guaranteed")),
    may(
        "proportional",
        flag("Pertes et recouvrements partagés en proportion | Losses and recoveries shared in proportion"),
        True,
    ),
    may("instalments", rows("Versements d’une subvention | Instalments of a grant", PAYMENT, least=1)),
    may("discount_rate", RATE),
    may(
        "balances",
        rows(
            "Encours au début de chaque année | Outstanding at the start of each year",
            euro("Encours | Balance"),
            least=1,
        ),
    ),
    may("market_rate", percent("Taux de référence ou prime refuge | Reference rate or safe-harbour premium", 1000)),
    may(
        "base_rate",
        percent("Ou : taux de base publié par la Commission | Or: base rate published by the Commission", 1000),
    ),
    may(
        "rating",
        choice(
            "Et : notation de l’emprunteur, s’il en a une | And: rating of the borrower, if any",
            tuple(gge.MARGINS),
        ),
    ),
    may("collateral_level", choice("Et : niveau des sûretés | And: level of collateral", gge.COLLATERAL), "normal"),
    may("contract_rate", percent("Taux ou prime du contrat | Rate or premium of the contract", 1000)),
    may("injected_before", euro("Apports publics antérieurs | Earlier public injections"), 0),
    may("insolvent", flag("Procédure collective | Collective insolvency"), False),
    may("large", flag("Grande entreprise | Large undertaking"), False),
    may("rated_b_minus", flag("Notée au moins B- | Rated B- at least"), False),
    may("regulation", choice("Règlement | Regulation", [one.code for one in REGIMES]), CURRENT),
)
ASSUMED = {
    "collateral": (
        "Sûretés non précisées : elles sont supposées couvrir au moins 50 % du prêt.",
        "Collateral not stated: it is assumed to cover at least 50 % of the loan.",
        "4(3)(b)",
    ),
    "share": (
        "Part garantie non précisée : elle est supposée de 80 % au plus.",
        "Guaranteed share not stated: it is assumed to be 80 % at most.",
        "4(6)(b)",
    ),
}


def equivalent(given: Given) -> Verdict:
    """The gross grant equivalent; `ok` when the aid is transparent that way."""
    return INSTRUMENTS[given["instrument"]](given)


def _asked(given: Given, name: str) -> Any:
    """A value that this instrument cannot do without."""
    if given[name] is None:
        shape = next(member.shape for member in INPUT.members if member.name == name)
        raise missing(f"$.{name}", shape.words)
    return given[name]


def _positive(given: Given, name: str) -> Decimal:
    value: Decimal = _asked(given, name)
    if value <= 0:
        raise InputError(f"$.{name}", "give a number above zero.", "donner un nombre supérieur à zéro.")
    return value


def _law(given: Given) -> Regime:
    return regime(given["regulation"])


def _borrower(given: Given) -> gge.Borrower:
    return gge.Borrower(given["insolvent"], given["large"], given["rated_b_minus"])


def _grant(given: Given) -> Verdict:
    return gge.grant(_asked(given, "amount"))


def _instalments(given: Given) -> Verdict:
    payments = [(one["years"], one["amount"]) for one in _asked(given, "instalments")]
    return gge.instalments(payments, _discount(given))


def _loan(given: Given) -> Verdict:
    stated = given["collateral"]
    collateral = gge.COLLATERAL_FROM if stated is None else stated
    amount, years = _positive(given, "amount"), _positive(given, "years")
    verdict = gge.loan(amount, years, collateral=collateral, borrower=_borrower(given), law=_law(given))
    return verdict if stated is not None else _assuming(verdict, "collateral")


def _guarantee(given: Given) -> Verdict:
    amount, years = _positive(given, "amount"), _positive(given, "years")
    underlying, share = given["underlying"], given["guaranteed_share"] or None
    stated = underlying is not None or share is not None
    whole = underlying if underlying is not None else amount * 100 / (share or gge.GUARANTEE_SHARE)
    verdict = gge.guarantee(
        amount, years, underlying=whole, proportional=given["proportional"], borrower=_borrower(given), law=_law(given)
    )
    return verdict if stated else _assuming(verdict, "share")


def _assuming(verdict: Verdict, what: str) -> Verdict:
    """The same verdict with what was taken for granted."""
    fr, en, article = ASSUMED[what]
    remark = Reason(f"{what}_assumed", fr, en, f"Règl. (UE) {CURRENT}, art. {article}", blocking=False)
    return replace(verdict, reasons=(*verdict.reasons, remark))


def _market_rate(given: Given) -> Verdict:
    market, discount = _reference(given), _discount(given)
    verdict = gge.by_market_rate(
        _asked(given, "balances"),
        market=market,
        contract=_asked(given, "contract_rate"),
        discount=discount,
        borrower=_borrower(given),
    )
    return replace(verdict, details=dict(verdict.details) | {"market_rate": market, "discount_rate": discount})


def _reference(given: Given) -> Decimal:
    """The market rate given, else the reference rate: base rate and margin of the rating."""
    if given["market_rate"] is None and given["base_rate"] is not None:
        return gge.reference_rate(given["base_rate"], given["rating"] or "", given["collateral_level"])
    found: Decimal = _asked(given, "market_rate")
    return found


def _discount(given: Given) -> Decimal:
    """The discount rate given, else the base rate and one point."""
    if given["discount_rate"] is None and given["base_rate"] is not None:
        return gge.discount_rate(given["base_rate"])
    found: Decimal = _asked(given, "discount_rate")
    return found


def _capital(given: Given) -> Verdict:
    return gge.capital(_asked(given, "amount"), injected_before=given["injected_before"], law=_law(given))


def _capped(given: Given) -> Verdict:
    return gge.capped(_asked(given, "amount"), law=_law(given))


INSTRUMENTS: Mapping[str, Callable[[Given], Verdict]] = {
    "grant": _grant, "instalments": _instalments, "loan": _loan, "guarantee": _guarantee,
    "market_rate": _market_rate, "capital": _capital, "capped": _capped,
}  # fmt: skip

RULES = (
    rule(
        "gge",
        "Équivalent-subvention brut d’un prêt, d’une garantie ou d’une aide échelonnée (règlement 2023/2831, art. 4) | "
        "Gross grant equivalent of a loan, a guarantee or instalments (Regulation 2023/2831, art. 4)",
        INPUT,
        {"instrument": "loan", "amount": "500000.00", "years": 5, "collateral": 50},
        equivalent,
    ),
)
