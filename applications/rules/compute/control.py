"""Irregularities, flat-rate corrections, failed publicity, climate coefficients."""

from __future__ import annotations

from applications.rules import climate, irregularity
from applications.rules.base import InputError, Verdict
from applications.rules.compute.build import choice, day, euro, flag, may, need, percent, record
from applications.rules.compute.wrapping import Given, rule
from applications.rules.irregularity import FLAT_LEVELS, Irregularity

CASE = record(
    "Une irrégularité, après le premier constat écrit | An irregularity, after the first written assessment",
    may("detected_on", day("Date de la détection | Day of the detection")),
    may("contribution", euro("Contribution des fonds en cause | Contribution from the Funds concerned")),
    may("interlinked_total", euro("Total avec les cas liés | Total with the linked cases")),
    may("suspected_fraud", flag("Soupçon de fraude | Suspected fraud"), False),
    may("bankruptcy_only", flag("Faillite non frauduleuse seulement | Non-fraudulent bankruptcy only"), False),
    may(
        "disclosed_voluntarily",
        flag("Signalée par le bénéficiaire avant toute découverte | Disclosed by the beneficiary before detection"),
        False,
    ),
    may(
        "corrected_before_declaration",
        flag("Corrigée avant toute demande de paiement à la Commission | Corrected before any payment application"),
        False,
    ),
    any_of=("detected_on", "contribution"),
)


def report(given: Given) -> Verdict:
    """Whether to report to the Commission and by when; `ok` means that there is nothing to report."""
    return irregularity.reporting(Irregularity(**given))


CORRECTION = record(
    "Une correction forfaitaire | A flat-rate correction",
    need("affected", euro("Dépense ou contribution touchée | Expenditure or contribution affected")),
    need(
        "level", choice("Taux de l’annexe XXV, en % | Rate of annex XXV, in %", [str(level) for level in FLAT_LEVELS])
    ),
    may("persistent", flag("La faiblesse persiste : taux suivant | The weakness persists: next rate"), False),
    may("reduced_to", percent("Taux réduit, s’il est disproportionné | Lower rate, if it is disproportionate")),
)


def correction(given: Given) -> Verdict:
    """The amount to correct."""
    level = next(one for one in FLAT_LEVELS if str(one) == given["level"])
    try:
        rate = irregularity.flat_rate(level, given["persistent"], given["reduced_to"])
    except ValueError as fault:
        fr = "le taux réduit doit être inférieur au taux forfaitaire."
        raise InputError("$.reduced_to", "the lower rate has to be below the flat rate.", fr) from fault
    return Verdict(True, amount=irregularity.flat_rate_correction(given["affected"], rate), details={"rate": rate})


PUBLICITY = record(
    "Un manquement à la publicité du soutien | A failure to publicise the support",
    need("fund_support", euro("Soutien des fonds | Support from the Funds")),
    may("remedied", flag("Le bénéficiaire y a remédié | The beneficiary remedied it"), False),
    may("rate", percent("Taux de l’annulation, 3 % au plus | Rate of the cancellation, 3 % at most", 3), 3),
)


def publicity(given: Given) -> Verdict:
    """The support that may be cancelled."""
    cancelled = irregularity.publicity_cancellation(given["fund_support"], given["remedied"], given["rate"])
    return Verdict(True, amount=cancelled, details={"rate": given["rate"]})


CODED = record(
    "Un montant codé par domaine d’intervention | An amount coded by intervention field",
    need("amount", euro("Montant | Amount")),
    need("field", choice("Domaine d’intervention, annexe I | Intervention field, annex I", tuple(climate.FIELDS))),
    may("for_smes", flag("Soutien à des PME | Support to SMEs"), True),
)


def coefficients(given: Given) -> Verdict:
    """The climate part, with the environment part in the details."""
    return climate.contribution(given["amount"], given["field"], given["for_smes"])


RULES = (
    rule(
        "irregularity",
        "Irrégularité : à signaler ou non, et avant quand (règlement 2021/1060, annexe XII) | "
        "Irregularity: to report or not, and by when (Regulation 2021/1060, annex XII)",
        CASE,
        {"detected_on": "2026-05-14", "contribution": "12000.00"},
        report,
    ),
    rule(
        "flat-rate-correction",
        "Correction forfaitaire (règlement 2021/1060, annexe XXV) | "
        "Flat-rate correction (Regulation 2021/1060, annex XXV)",
        CORRECTION,
        {"affected": "100000.00", "level": "10"},
        correction,
    ),
    rule(
        "publicity",
        "Publicité manquante : annulation de 3 % au plus (règlement 2021/1060, art. 50(3)) | "
        "Failed publicity: cancellation of 3 % at most (Regulation 2021/1060, art. 50(3))",
        PUBLICITY,
        {"fund_support": "20000.00"},
        publicity,
    ),
    rule(
        "climate",
        "Coefficients climat et environnement d’un domaine d’intervention (règlement 2021/1060, annexe I) | "
        "Climate and environment coefficients of an intervention field (Regulation 2021/1060, annex I)",
        CODED,
        {"amount": "100000.00", "field": "015"},
        coefficients,
    ),
)
