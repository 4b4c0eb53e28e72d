"""What keeps a programme, a part of one, an operation or a change of either from being recorded: field and sentence.

The screens ask it to tell each fault beside its field; the act asks it again, and once more when it is confirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from stdnum.fr import siret

from applications.forms.fields import figure
from applications.models import Operation, ProgrammeProposal
from applications.models.operation import AMENDED
from applications.rules import programme_sheet as rules
from applications.rules.indicator_catalogue import CATALOGUE
from regions import clock
from regions.enums import CategoryOfRegion
from regions.models import Priority, Programme, Region, SchemeVersion
from regions.money import ZERO
from workflows.sentences import euro

Kind = ProgrammeProposal.Kind
Facts = Mapping[str, Any]
Fault = tuple[str, Any]
OPTIONAL = ("decision", "strategic", "raised", "clld", "targets")


def faults(kind: str, about: Any, facts: Facts, day: date) -> Iterator[Fault]:
    """Each fault of what is proposed about a region, a programme, a priority or an operation, on a day."""
    empty = [name for name, value in facts.items() if name not in OPTIONAL and value in (None, "")]
    yield from ((name, _("Ce champ est nécessaire.")) for name in empty)
    if not empty:
        yield from FAULTS[kind](about, facts, day)


# --- the programme and its parts


def _programme(region: Region, facts: Facts, day: date) -> Iterator[Fault]:
    if not rules.CCI.fullmatch(facts["cci"]):
        yield "cci", _("Un numéro CCI compte quinze signes, par exemple 2021FR16RFPR001 : le recopier de la décision.")
    elif Programme.objects.filter(cci=facts["cci"]).exists():
        yield "cci", _("Un programme porte déjà ce numéro CCI.")
    if facts["category_of_region"] not in CategoryOfRegion.values:
        yield "category_of_region", _("Choisir une catégorie de région.")
    if facts["expenditure_end"] not in rules.EXPENDITURE_ENDS:
        yield "expenditure_end", _("Choisir l’une des deux fins que le règlement prévoit.")
    if not rules.EARLIEST <= facts["starts_on"] < facts["expenditure_end"]:
        yield "starts_on", _("Le début est compris entre le 1er janvier 2020 et la fin des dépenses.")


def _priority(programme: Programme, facts: Facts, day: date) -> Iterator[Fault]:
    if not rules.PRIORITY.fullmatch(facts["code"]):
        yield "code", _("Un code de priorité compte dix signes au plus : chiffres, majuscules, point, tiret.")
    elif programme.priorities.filter(code=facts["code"]).exists():
        yield "code", _("Une priorité de ce programme porte déjà ce code.")
    yield from _rate("cofinancing_percent", programme, facts)
    yield from _shape_of_objective("objective_code", facts["objective_code"])


def _rate(name: str, programme: Programme, facts: Facts) -> Iterator[Fault]:
    """A rate of the Fund is above zero and within the maximum of the law (art. 112(3))."""
    verdict = rules.check_rate(
        facts[name], programme.category_of_region, bool(facts.get("raised")), bool(facts.get("clld"))
    )
    if facts[name] <= ZERO:
        yield name, _("Un taux de cofinancement est supérieur à zéro.")
    if not verdict.ok:
        sentence = _("Ce taux dépasse {most} %, le maximum de cette catégorie de région (art. 112(3)).")
        yield name, format_lazy(sentence, most=verdict.details["maximum"])


def _shape_of_objective(name: str, code: str) -> Iterator[Fault]:
    if not rules.OBJECTIVE.fullmatch(code):
        yield name, _("Un objectif spécifique du FEDER s’écrit RSO, un chiffre, un point, un nombre : RSO1.2.")


def _objective(priority: Priority, facts: Facts, day: date) -> Iterator[Fault]:
    yield from _shape_of_objective("code", facts["code"])
    if priority.objectives.filter(code=facts["code"]).exists():
        yield "code", _("Cette priorité a déjà cet objectif spécifique.")


def _new_rate(priority: Priority, facts: Facts, day: date) -> Iterator[Fault]:
    programme = priority.programme
    yield from _rate("percent", programme, facts)
    if not programme.starts_on <= facts["valid_from"] <= programme.expenditure_end:
        yield "valid_from", _within(programme)
    if priority.rate_on(facts["valid_from"]) == facts["percent"]:
        yield "percent", _("Ce taux est déjà en vigueur ce jour-là.")


def _within(programme: Programme) -> Any:
    return format_lazy(
        _("Ce jour est hors du programme, qui va du {first} au {last}."),
        first=f"{programme.starts_on:%d/%m/%Y}", last=f"{programme.expenditure_end:%d/%m/%Y}",
    )  # fmt: skip


# --- the operation


def _operation(region: Region, facts: Facts, day: date) -> Iterator[Fault]:
    yield from _named(region, facts)
    yield from _placed(region, facts)
    yield from _dated(facts, day)
    yield from _priced(facts["specific_objective"].priority, facts)
    yield from _coded(facts)
    yield from _promised(facts["targets"])


def _named(region: Region, facts: Facts) -> Iterator[Fault]:
    if not rules.OPERATION.fullmatch(facts["code"]):
        yield "code", _("De 3 à 30 signes : majuscules sans accent, chiffres, point, tiret.")
    elif Operation.objects.filter(code=facts["code"]).exists():
        yield "code", _("Une opération porte déjà ce code.")
    if not siret.is_valid(facts["beneficiary_id"]):
        yield "beneficiary_id", _("Ce SIRET n’est pas valable : recopier ses 14 chiffres.")


def _placed(region: Region, facts: Facts) -> Iterator[Fault]:
    """Scheme and objective are of the region; the scheme's files stand under an operation of the region."""
    scheme, objective = facts["scheme"], facts["specific_objective"]
    if scheme.region_id != region.pk:
        yield "scheme", _("Ce dispositif est d’une autre région.")
    elif not _is_grouped(scheme, facts["starts_on"]):
        yield "scheme", _("Son règlement fait de chaque entreprise une bénéficiaire : chaque aide est une opération.")
    if objective.priority.programme.region_id != region.pk:
        yield "specific_objective", _("Cet objectif spécifique est d’une autre région.")
    yield from _overlap(scheme, facts["starts_on"], facts["ends_on"])


def _is_grouped(scheme: Any, day: date) -> bool:
    """Whether the rules in force when the operation begins, or the latest ones, make the region the beneficiary."""
    try:
        version = scheme.version_on(day)
    except SchemeVersion.DoesNotExist:
        version = scheme.versions.order_by("-number").first()
    return version is None or version.rule("beneficiary", "mode", default=Operation.Mode.GROUPED) == "grouped"


def _overlap(scheme: Any, first: date, last: date, but: int = 0) -> Iterator[Fault]:
    """A file goes under one operation: two of them never cover the same day of a scheme."""
    others = Operation.objects.covering(first, last, clock.now()).exclude(pk=but)
    other = others.grouped().filter(scheme=scheme).first()
    if other is not None:
        sentence = _("L’opération {code} de ce dispositif couvre déjà une partie de ces jours.")
        yield "ends_on" if but else "starts_on", format_lazy(sentence, code=other.code)


def _dated(facts: Facts, day: date) -> Iterator[Fault]:
    if facts["ends_on"] < facts["starts_on"]:
        yield "ends_on", _("La fin ne peut pas précéder le début.")
    if facts["ends_on"] < facts["submitted_on"]:
        yield "ends_on", _("Une opération achevée avant sa demande ne peut pas être soutenue (art. 63(6)).")
    if facts["decided_on"] < facts["submitted_on"]:
        yield "decided_on", _("La décision ne peut pas précéder la demande.")
    if facts["decided_on"] > day:
        yield "decided_on", _("Cette décision est à venir : la proposer une fois prise.")
    programme = facts["specific_objective"].priority.programme
    for name in ("starts_on", "ends_on"):
        if not programme.starts_on <= facts[name] <= programme.expenditure_end:
            yield name, _within(programme)


def _priced(priority: Priority, facts: Facts) -> Iterator[Fault]:
    """The eligible cost is a part of the total, and the Fund gives at most its rate of it."""
    total, eligible, support = (facts[name] for name in ("total_cost", "eligible_cost", "erdf_support"))
    most = rules.most_support(eligible, priority.rate_on(facts["decided_on"]))
    if eligible <= ZERO:
        yield "eligible_cost", _("Le coût éligible est supérieur à zéro.")
    if eligible > total:
        yield "eligible_cost", _("Le coût éligible ne dépasse pas le coût total.")
    if not ZERO < support <= most:
        yield "erdf_support", _most(priority.rate_on(facts["decided_on"]), most)


def _most(rate: Decimal, most: Decimal) -> Any:
    sentence = _(
        "Le soutien du FEDER est compris entre zéro et {most} : {rate} % du coût éligible, taux de la priorité."
    )
    return format_lazy(sentence, most=euro(most), rate=figure(rate))


def _coded(facts: Facts) -> Iterator[Fault]:
    """The codes of annex I, by their shape."""
    for name, (shape, example) in rules.DIMENSIONS.items():
        if not shape.fullmatch(facts[name]):
            yield name, format_lazy(_("Ce code n’a pas la forme de l’annexe I : par exemple {code}."), code=example)


def _promised(targets: list[dict[str, Any]]) -> Iterator[Fault]:
    codes = [target["code"] for target in targets]
    if not targets:
        yield "targets", _("Promettre au moins un indicateur : une opération est jugée sur ses cibles.")
    if len(codes) > len(set(codes)):
        yield "targets", _("Un indicateur a une seule cible : il est donné deux fois.")
    for target in targets:
        yield from (("targets", sentence) for sentence in _target(**target))


def _target(code: str, baseline: Decimal | None, target: Decimal | None) -> Iterator[Any]:
    known = CATALOGUE.get(code)
    if known is None:
        yield format_lazy(_("{code} : cet indicateur n’est pas de la liste commune."), code=code)
    elif baseline is None or target is None or target <= ZERO or baseline < ZERO:
        yield format_lazy(_("{code} : donner une valeur de départ et une cible supérieure à zéro."), code=code)
    elif known.is_output and baseline != ZERO:
        yield format_lazy(_("{code} : un indicateur de réalisation part de zéro."), code=code)


# --- its amendment


def _amendment(operation: Operation, facts: Facts, day: date) -> Iterator[Fault]:
    present, priority = operation.at(clock.now()), operation.specific_objective.priority
    yield from _priced(priority, facts)
    if facts["ends_on"] < operation.starts_on:
        yield "ends_on", _("La fin ne peut pas précéder le début.")
    if facts["ends_on"] > priority.programme.expenditure_end:
        yield "ends_on", _within(priority.programme)
    if not operation.decided_on <= facts["decided_on"] <= day:
        yield "decided_on", _("La modification est décidée après l’opération, et au plus tard aujourd’hui.")
    if all(facts[name] == getattr(present, name) for name in AMENDED):
        yield "total_cost", _("Rien ne change : corriger au moins un montant ou la date de fin.")
    if operation.is_grouped:
        yield from _overlap(operation.scheme, operation.starts_on, facts["ends_on"], operation.pk)


FAULTS: dict[str, Callable[[Any, Facts, date], Iterator[Fault]]] = {
    Kind.PROGRAMME: _programme, Kind.PRIORITY: _priority, Kind.OBJECTIVE: _objective, Kind.RATE: _new_rate,
    Kind.OPERATION: _operation, Kind.AMENDMENT: _amendment,
}  # fmt: skip
