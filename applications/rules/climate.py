"""Climate and environment coefficients of the intervention fields (CPR annex I), as a table.

Coefficients are percentages of the Union contribution or of the expenditure coded; amounts in euro,
rounded down to the cent. Field 014 is for large enterprises: never the code of a voucher to SMEs.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from applications.rules.base import Reason, Verdict
from regions.money import floor_cent

ARTICLE = "Règlement (UE) 2021/1060, annexe I"


@dataclass(frozen=True, slots=True)
class InterventionField:
    """An intervention field: labels, climate and environment coefficients in %."""

    fr: str
    en: str
    climate: int = 0
    environment: int = 0


FIELDS = {
    "009": InterventionField("R&I dans les microentreprises", "R&I activities in micro enterprises"),
    "010": InterventionField("R&I dans les PME", "R&I activities in SMEs"),
    "013": InterventionField("Numérisation des PME", "Digitising SMEs"),
    "014": InterventionField("Numérisation des grandes entreprises", "Digitising large enterprises"),
    "015": InterventionField(
        "Numérisation des PME ou des grandes entreprises, avec critères de réduction des émissions",
        "Digitising SMEs or large enterprises, with greenhouse gas or energy criteria",
        40,
    ),
    "020": InterventionField("Infrastructures commerciales pour les PME", "Business infrastructure for SMEs"),
    "021": InterventionField(
        "Développement et internationalisation des PME, y compris les investissements productifs",
        "SME business development and internationalisation, including productive investments",
    ),
    "023": InterventionField(
        "Compétences pour la spécialisation intelligente et l’adaptabilité",
        "Skills for smart specialisation and adaptability",
    ),
    "024": InterventionField(
        "Services avancés de soutien aux PME (gestion, commercialisation, conception)",
        "Advanced support services for SMEs (management, marketing, design)",
    ),
    "025": InterventionField(
        "Incubation, entreprises issues de l’essaimage et jeunes pousses",
        "Incubation, spin-offs and start-ups",
    ),
    "026": InterventionField(
        "Pôles d’innovation et réseaux d’entreprises, surtout au profit des PME",
        "Innovation clusters and business networks primarily for SMEs",
    ),
    "027": InterventionField("Processus d’innovation dans les PME", "Innovation processes in SMEs"),
    "028": InterventionField("Transfert de technologie, coopération", "Technology transfer, cooperation"),
    "029": InterventionField(
        "Transfert de technologie, économie à faible intensité de carbone",
        "Technology transfer, low-carbon economy",
        100,
        40,
    ),
    "030": InterventionField(
        "Transfert de technologie, économie circulaire", "Technology transfer, circular economy", 40, 100
    ),
    "038": InterventionField("Efficacité énergétique dans les PME", "Energy efficiency in SMEs", 40, 40),
    "040": InterventionField(
        "Efficacité énergétique dans les PME, avec critères d’efficacité",
        "Energy efficiency in SMEs, with efficiency criteria",
        100,
        40,
    ),
    "075": InterventionField(
        "Production respectueuse de l’environnement et utilisation rationnelle des ressources dans les PME",
        "Environmentally friendly production and resource efficiency in SMEs",
        40,
        40,
    ),
}


def contribution(amount: Decimal, code: str, for_smes: bool = True) -> Verdict:
    """The climate part (`amount`) and environment part of an amount: 100 000 on 015: 40 000.00 and 0.00.

    `for_smes` refuses field 014. Raises KeyError on a field that is not in the table.
    """
    field = FIELDS[code]
    climate, environment = (floor_cent(amount * share / 100) for share in (field.climate, field.environment))
    wrong = for_smes and code == "014"
    details = {"climate": climate, "environment": environment, "fr": field.fr, "en": field.en}
    return Verdict(not wrong, (_not_for_smes(),) if wrong else (), climate, details)


def _not_for_smes() -> Reason:
    return Reason(
        "field_for_large_enterprises",
        "Le domaine 014 est réservé aux grandes entreprises ; celui des PME est le 013.",
        "Field 014 is for large enterprises; the one for SMEs is 013.",
        ARTICLE,
    )
