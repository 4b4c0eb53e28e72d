"""What a project's group, money, checks on the spot and method were, as tables of an audit pack. Euro."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from applications.enums import DurabilityOutcome, Finding
from applications.models import Application, ClaimRisk, SiteVisit
from regions.schemes.tree import hows
from reporting.lists import COMPONENTS, INSTALMENTS, MEMBERS, MOVEMENTS, RECOVERIES
from reporting.lists.base import column
from reporting.pack.model import Table
from reporting.pack.rows import Rows, listed, table, values

_DURABILITY = (
    column("outcome", "Constat", "Finding", choices=DurabilityOutcome),
    column("happened_on", "Depuis le", "Since", "date"),
    column("until", "Engagement jusqu’au", "Commitment until", "date"),
    column("amount", "Aide à reverser", "Aid to give back", "money"),
    column("made_on", "Contrôlé le", "Checked", "date"),
)
_RISKS = (
    column("claim", "Demande n°", "Claim no", "integer"),
    column("method", "Méthode", "Method"),
    column("points", "Points", "Points", "integer"),
    column("met", "Critères atteints", "Criteria met"),
    column("on_the_spot", "Contrôle sur place", "Check on the spot", "boolean"),
    column("seed", "Graine", "Seed"),
    column("chosen", "Lignes tirées", "Lines drawn"),
    column("scored_at", "Calculé le", "Scored", "moment"),
)
_VISITS = (
    column("claim", "Demande n°", "Claim no", "integer"),
    column("held_on", "Jour", "Day", "date"),
    column("place", "Lieu", "Place"),
    column("finding", "Résultat", "Finding", choices=Finding),
    column("words", "Constat", "What was found"),
    column("report", "Rapport", "Report"),
    column("made_by", "Fait par", "Made by"),
)
_METHOD = (
    column("place", "Règle", "Rule"),
    column("function", "Fonction d’aide", "Aid function"),
    column("parameters", "Paramètres", "Parameters"),
)


def tables(file: Application) -> list[Table]:
    """The tables of a project, empty ones included."""
    region = file.region
    return [
        listed(1, "groupement--group", MEMBERS, region, application=file),
        listed(2, "prets--loans", COMPONENTS, region, grant__application=file),
        table(4, "perennite--durability", "Contrôles de la pérennité", "Checks of durability", _DURABILITY,
              values(file.durability_checks.order_by("pk"), _DURABILITY)),
        listed(5, "sequestre--escrow", MOVEMENTS, region, application=file),
        listed(5, "echeances--instalments", INSTALMENTS, region, component__grant__application=file),
        table(6, "risques--risks", "Risque des demandes et tirage des lignes", "Risk of the claims and lines drawn",
              _RISKS, _risks(file)),
        table(6, "sur_place--on_the_spot", "Contrôles sur place", "Checks on the spot", _VISITS, _visits(file)),
        listed(11, "recouvrements--recoveries", RECOVERIES, region, application=file),
        table(13, "methode--method", "Méthode des coûts simplifiés", "Method of the simplified costs", _METHOD,
              _method(file)),
    ]  # fmt: skip


def _risks(file: Application) -> Rows:
    for risk in ClaimRisk.objects.filter(claim__application=file).select_related("claim").order_by("pk"):
        yield {name: getattr(risk, name) for name in ("method", "points", "on_the_spot", "seed", "scored_at")} | {
            "claim": risk.claim.number, "met": _joined(risk.met), "chosen": _joined(risk.chosen),
        }  # fmt: skip


def _visits(file: Application) -> Rows:
    found = SiteVisit.objects.filter(claim__application=file).select_related("claim", "report", "made_by")
    for visit in found.order_by("pk"):
        yield {name: getattr(visit, name) for name in ("held_on", "place", "finding", "words")} | {
            "claim": visit.claim.number, "report": visit.report.name, "made_by": visit.made_by.name,
        }  # fmt: skip


def _method(file: Application) -> Rows:
    """How the rules make the amount where costs are simplified (CPR art. 53(3)); they stand whole in element 1."""
    rules = file.scheme_version.rules
    if rules.get("payment", {}).get("costs") != "real":
        for path, how in hows(rules):
            place = ".".join(str(step) for step in path)
            yield {"place": place, "function": how["function"], "parameters": _parameters(how)}


def _parameters(how: Mapping[str, Any]) -> str:
    told = {name: value for name, value in how.items() if name != "function" and not isinstance(value, dict | list)}
    return _joined(f"{name} = {value}" for name, value in told.items())


def _joined(values: Any) -> str:
    return ", ".join(str(value) for value in values)
