"""The forms of what stands above the schemes; each fault is told beside its field, by what the act itself refuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.forms.fields import SiretField, tongue
from applications.models import Operation, ProgrammeProposal
from applications.models.operation import AMENDED
from applications.rules import programme_sheet as rules
from applications.rules.indicator_catalogue import CATALOGUE
from backoffice.views.manage.forms import RegionalForm
from backoffice.views.officer.fields import AmountField, day_field
from regions import clock
from regions.enums import CategoryOfRegion
from regions.models import Scheme, SchemeVersion, SpecificObjective
from workflows.administration.programme_faults import faults
from workflows.administration.programmes import region_above

Kind = ProgrammeProposal.Kind
TARGETS = range(1, 7)
_ROWS = [(f"indicator_{rank}", f"baseline_{rank}", f"target_{rank}") for rank in TARGETS]
RATE_HELP = _(
    "La part de la dépense que paie le FEDER. Le règlement (UE) 2021/1060, art. 112(3), fixe un maximum par catégorie "
    "de région : 85 % moins développée ou ultrapériphérique, 60 % en transition, 40 % plus développée."
)
RAISED = _("Maximum relevé")
RAISED_HELP = _(
    "70 % pour une région en transition qui était moins développée en 2014-2020 ; 50 % pour une région plus développée "
    "qui était en transition, ou sous la moyenne. À confirmer par la décision de la Commission."
)
CLLD = _("Priorité entièrement DLAL")
CLLD_HELP = _("Développement local mené par des acteurs locaux : le maximum monte de 10 points.")
END_HELP = _(
    "Le dernier jour où une dépense payée compte (règlement (UE) 2021/1060, art. 63(2)). 2030 seulement si la "
    "Commission a approuvé la réaffectation de mi-parcours (règlement (UE) 2025/1914) : à confirmer par sa décision."
)


class CodeField(forms.CharField):
    """A code as it is written in decisions: without spaces, in capitals."""

    def to_python(self, value: Any) -> str:
        return "".join(str(super().to_python(value)).split()).upper()


def code_field(label: Any, length: int, example: str, help_text: Any = "") -> CodeField:
    """A code with an example under its label."""
    told = format_lazy(_("Par exemple {code}."), code=example)
    attrs = {"autocomplete": "off"}
    told = format_lazy("{what} {example}", what=help_text, example=told) if help_text else told
    return CodeField(label=label, max_length=length, help_text=told, widget=forms.TextInput(attrs))


def rate_field(label: Any) -> AmountField:
    return AmountField(label=label, max_digits=5, help_text=RATE_HELP)


class Checked:
    """A form whose valid answers are judged as the act will judge them."""

    kind: str
    errors: Any
    fields: Any
    add_error: Any
    sections: Any = None

    def facts(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is proposed, from the answers."""
        return data

    def about(self, data: dict[str, Any]) -> Any:
        """What it is proposed about."""

    def judge(self, data: dict[str, Any]) -> dict[str, Any]:
        if not self.errors:
            about = self.about(data)
            today = clock.today(region_above(about).time_zone)
            for name, sentence in list(faults(self.kind, about, self.facts(data), today)):
                self.add_error(name if name in self.fields else self.place(name), sentence)
        return data

    def place(self, name: str) -> str | None:
        """The field beside which a fault of several is told."""
        return None


class PartForm(Checked, forms.Form):
    """A form about a programme, a priority or an operation that exists."""

    def __init__(self, *args: Any, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.target = target

    def about(self, data: dict[str, Any]) -> Any:
        return self.target

    def clean(self) -> dict[str, Any]:
        return self.judge(super().clean() or {})


def _end(text: str) -> Any:
    """The end of expenditure that was chosen."""
    return next(day for day in rules.EXPENDITURE_ENDS if f"{day:%Y-%m-%d}" == text)


class ProgrammeForm(Checked, RegionalForm):
    """A programme of the region."""

    kind = Kind.PROGRAMME
    field_order = ["region"]
    cci = code_field(
        _("Numéro CCI"), 20, "2021FR16RFPR001",
        _("Le numéro que la Commission a donné au programme : il est en tête de la décision qui l’approuve."),
    )  # fmt: skip
    decision = forms.CharField(
        label=_("Décision de la Commission (numéro et date)"), max_length=80, required=False,
        help_text=_("Par exemple « C(2022) 8064 du 9 novembre 2022 ». Elle est en tête de chaque demande de paiement."),
    )  # fmt: skip
    name = forms.CharField(label=_("Nom du programme"), max_length=160)
    category_of_region = forms.ChoiceField(
        label=_("Catégorie de région"), choices=[("", _("Choisir")), *CategoryOfRegion.choices],
        help_text=_("Elle fixe le taux de cofinancement le plus haut. Elle est écrite dans la décision."),
    )  # fmt: skip
    starts_on = day_field(
        _("Début"),
        help_text=_("Le 1er janvier 2021, ou le jour où le programme a été soumis à la Commission s’il est antérieur."),
    )
    expenditure_end = forms.TypedChoiceField(
        label=_("Fin des dépenses"), help_text=END_HELP, coerce=_end,
        choices=[(f"{day:%Y-%m-%d}", f"{day:%d/%m/%Y}") for day in rules.EXPENDITURE_ENDS],
    )  # fmt: skip

    def about(self, data: dict[str, Any]) -> Any:
        return data["region"]

    def facts(self, data: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in data.items() if name != "region"}

    def clean(self) -> dict[str, Any]:
        return self.judge(super().clean())


class PriorityForm(PartForm):
    """A priority of a programme with its first objective."""

    kind = Kind.PRIORITY
    code = code_field(_("Code de la priorité"), 10, "1")
    name = forms.CharField(label=_("Nom de la priorité"), max_length=160)
    cofinancing_percent = rate_field(_("Taux de cofinancement, en %"))
    raised = forms.BooleanField(label=RAISED, help_text=RAISED_HELP, required=False)
    clld = forms.BooleanField(label=CLLD, help_text=CLLD_HELP, required=False)
    objective_code = code_field(
        _("Premier objectif spécifique : code"), 12, "RSO1.2",
        _("Le même code que dans le règlement du dispositif. D’autres objectifs s’ajoutent ensuite."),
    )  # fmt: skip
    objective_name = forms.CharField(label=_("Premier objectif spécifique : nom"), max_length=200)


class ObjectiveForm(PartForm):
    """Another objective of a priority."""

    kind = Kind.OBJECTIVE
    code = code_field(_("Code de l’objectif spécifique"), 12, "RSO1.2")
    name = forms.CharField(label=_("Nom de l’objectif spécifique"), max_length=200)


class RateForm(PartForm):
    """Another rate of a priority from a day on."""

    kind = Kind.RATE
    percent = rate_field(_("Nouveau taux, en %"))
    valid_from = day_field(
        _("En vigueur à partir du"),
        help_text=_("Ce qui est déjà déclaré garde son taux : seules les demandes de paiement suivantes changent."),
    )
    raised = forms.BooleanField(label=RAISED, help_text=RAISED_HELP, required=False)
    clld = forms.BooleanField(label=CLLD, help_text=CLLD_HELP, required=False)


def _amount(label: Any, help_text: Any = "") -> AmountField:
    return AmountField(label=label, help_text=help_text)


TOTAL, ELIGIBLE, SUPPORT = _("Coût total, en euros"), _("Coût éligible, en euros"), _("Soutien du FEDER, en euros")
ELIGIBLE_HELP = _("La part du coût total que le programme accepte : pour des chèques, les aides que la région versera.")
SUPPORT_HELP = _("Au plus le taux de la priorité appliqué au coût éligible.")
DIMENSIONS = {
    "intervention_field": (_("Domaine d’intervention"), 3, _("Tableau 1 de l’annexe I : 013, numérisation des PME.")),
    "form_of_support": (_("Forme de soutien"), 2, _("Tableau 2 : 01, subvention ; 03, prêt ; 04, garantie.")),
    "territorial_delivery": (_("Mécanisme territorial"), 2, _("Tableau 3 : 33, aucun ciblage territorial.")),
    "economic_activity": (_("Activité économique"), 2, _("Tableau 4 : 26, autres services non spécifiés.")),
    "location": (_("Localisation"), 5, _("Tableau 5 : le code NUTS du lieu.")),
    "gender": (_("Égalité entre les femmes et les hommes"), 2, _("Tableau 7 : 03, neutre.")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a long form: its title, some words, its fields as a form shows them."""

    title: Any
    words: Any
    visible_fields: list[Any]


class OperationForm(Checked, RegionalForm):
    """An operation of which the region is the beneficiary, with the indicators that it promises."""

    kind = Kind.OPERATION
    field_order = ["region"]
    scheme = forms.ModelChoiceField(
        Scheme.objects.none(), label=_("Dispositif"), empty_label=_("Choisir"),
        help_text=_("Les dossiers de ce dispositif, déposés entre le début et la fin, iront sous cette opération."),
    )  # fmt: skip
    specific_objective = forms.ModelChoiceField(
        SpecificObjective.objects.none(), label=_("Objectif spécifique"), empty_label=_("Choisir")
    )
    code = code_field(_("Code de l’opération"), 30, "RE-KAP-2026", _("Celui de votre outil de gestion, ou le vôtre."))
    name = forms.CharField(label=_("Nom de l’opération"), max_length=160)
    description = forms.CharField(
        label=_("Objet et résultats attendus"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Il est publié avec la liste des opérations (art. 49)."),
    )  # fmt: skip
    beneficiary_name = forms.CharField(label=_("Nom du bénéficiaire"), max_length=160)
    beneficiary_id = SiretField(label=_("SIRET du bénéficiaire"))
    contact = forms.CharField(
        label=_("Contact du bénéficiaire"), max_length=160, help_text=_("Une adresse électronique de service.")
    )
    submitted_on = day_field(_("Demandée le"))
    decided_on = day_field(_("Décidée le"))
    decided_by = forms.CharField(
        label=_("Décidée par"), max_length=160, help_text=_("Le service qui a signé la décision pour le programme.")
    )
    starts_on = day_field(_("Début de l’opération"))
    ends_on = day_field(_("Fin de l’opération"))
    total_cost = _amount(TOTAL)
    eligible_cost = _amount(ELIGIBLE, ELIGIBLE_HELP)
    erdf_support = _amount(SUPPORT, SUPPORT_HELP)
    strategic = forms.BooleanField(
        label=_("Opération d’importance stratégique"), required=False,
        help_text=_("Celles que la décision sur le programme nomme ainsi (art. 2(5))."),
    )  # fmt: skip

    def prepare(self) -> None:
        own: Any = self.fields["scheme"]
        own.queryset = Scheme.objects.filter(region__in=self.regions).order_by("name_fr")
        own = self.fields["specific_objective"]
        objectives = SpecificObjective.objects.filter(priority__programme__region__in=self.regions)
        own.queryset = objectives.select_related("priority__programme").order_by("code", "pk")
        own.label_from_instance = _objective_named
        for name, (label, length, words) in DIMENSIONS.items():
            self.fields[name] = code_field(label, length, rules.DIMENSIONS[name][1], words)
        for rank, names in zip(TARGETS, _ROWS, strict=True):
            self.fields |= _target_fields(rank, *names)

    def about(self, data: dict[str, Any]) -> Any:
        return data["region"]

    def place(self, name: str) -> str | None:
        return _ROWS[0][0] if name == "targets" else None

    def facts(self, data: dict[str, Any]) -> dict[str, Any]:
        """The answers, the filled rows of indicators gathered under one name."""
        rows = {name for names in _ROWS for name in names}
        plain = {name: value for name, value in data.items() if name != "region" and name not in rows}
        filled = ([data.get(name) for name in names] for names in _ROWS)
        targets = [dict(zip(("code", "baseline", "target"), row, strict=True)) for row in filled if row[0]]
        return plain | {"targets": targets}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for indicator, _baseline, target in _ROWS:
            if data.get(target) is not None and not data.get(indicator):
                self.add_error(indicator, _("Choisir l’indicateur de cette cible, ou effacer la cible."))
        return self.judge(data)

    def sections(self) -> Iterator[Section]:
        """The form in parts that are read one after the other; the indicators follow, three fields in a row."""
        for title, words, names in SECTIONS:
            yield Section(title, words, [self[name] for name in names if name in self.fields])

    def targets(self) -> list[list[Any]]:
        """The rows of indicators."""
        return [[self[name] for name in names] for names in _ROWS]


def _objective_named(objective: SpecificObjective) -> str:
    return f"{objective} – {objective.priority.programme.cci}, {objective.priority.code}"


def _target_fields(rank: int, indicator: str, baseline: str, target: str) -> dict[str, forms.Field]:
    named = format_lazy(_("Indicateur {rank}"), rank=rank)
    choices = [(code, f"{code} {getattr(known, tongue())}") for code, known in CATALOGUE.items()]
    return {
        indicator: forms.ChoiceField(label=named, choices=[("", "–"), *choices], required=False),
        baseline: AmountField(label=_("Valeur de départ"), required=False, initial=0),
        target: AmountField(label=_("Cible"), required=False),
    }


SECTIONS: tuple[tuple[Any, Any, tuple[str, ...]], ...] = (
    (_("L’opération"), "", ("region", "scheme", "specific_objective", "code", "name", "description", "strategic")),
    (_("Le bénéficiaire"), _("En mode groupé, la région elle-même : c’est elle qui verse les aides et les déclare."),
     ("beneficiary_name", "beneficiary_id", "contact")),
    (_("La décision et les dates"), _("L’opération tient dans la période du programme."),
     ("submitted_on", "decided_on", "decided_by", "starts_on", "ends_on")),
    (_("Les montants"), _("Hors taxes, en euros."), ("total_cost", "eligible_cost", "erdf_support")),
    (_("Les codes de l’annexe I"),
     _("Ceux du règlement (UE) 2021/1060, annexe I ; le règlement du dispositif en donne déjà une partie."),
     tuple(DIMENSIONS)),
)  # fmt: skip


class AmendmentForm(PartForm):
    """New figures or another end of an operation."""

    kind = Kind.AMENDMENT
    total_cost = _amount(TOTAL)
    eligible_cost = _amount(ELIGIBLE, ELIGIBLE_HELP)
    erdf_support = _amount(SUPPORT, SUPPORT_HELP)
    ends_on = day_field(_("Fin de l’opération"))
    decided_on = day_field(_("Modification décidée le"))
    decided_by = forms.CharField(label=_("Décidée par"), max_length=160)
    reason = forms.CharField(label=_("Motif"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


def first_figures(operation: Operation) -> dict[str, Any]:
    """What an amendment starts from: the figures that hold today."""
    present = operation.at(clock.now())
    return {name: getattr(present, name) for name in AMENDED} | {"decided_by": operation.decided_by}


def first_answers(scheme: Scheme) -> dict[str, Any]:
    """What the scheme and its region already say of an operation."""
    region, rules_ = scheme.region, _rules(scheme)
    coding = {name: rules_.get("erdf", {}).get(name, "") for name in DIMENSIONS}
    objectives = SpecificObjective.objects.filter(priority__programme__region=region)
    found = objectives.filter(code=rules_.get("erdf", {}).get("specific_objective", "")).first()
    promised = rules_.get("erdf", {}).get("indicators", [])
    rows = {names[0]: code for names, code in zip(_ROWS, promised, strict=False) if code in CATALOGUE}
    return coding | rows | {
        "region": region.pk, "scheme": scheme.pk, "specific_objective": found and found.pk, "name": scheme.name_fr,
        "beneficiary_name": _named(region), "beneficiary_id": region.siret, "contact": region.email,
    }  # fmt: skip


def _named(region: Any) -> str:
    return f"Région {region.name}"


def _rules(scheme: Scheme) -> dict[str, Any]:
    """The rules in force today, or the latest ones."""
    try:
        return dict(scheme.version_on(clock.today(scheme.region.time_zone)).rules)
    except SchemeVersion.DoesNotExist:
        version = scheme.versions.order_by("-number").first()
        return dict(version.rules) if version else {}


def words_of(choice: str) -> str:
    """A common indicator by its code and name, in the reader's language."""
    known = CATALOGUE.get(choice)
    english = (get_language() or "fr").startswith("en")
    return f"{choice} {known.en if english else known.fr}" if known else choice
