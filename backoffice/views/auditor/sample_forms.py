"""The forms of a sample: what is asked of the draw, what was found on each unit, and what the conclusion relies on."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from applications.rules.base import InputError
from backoffice.views.officer.fields import AmountField
from reporting.audit.drawing import Asked, proposed_seed
from reporting.audit.population import Period
from reporting.audit.results import Entry, Terms
from reporting.models import Sample, SampleResult
from reporting.sampling import Allocation, Estimator, Method, Plan, Unit
from reporting.sampling.plan import BY_STRATUM

HUNDRED = Decimal(100)
METHODS = [
    (Method.NON_STATISTICAL, _("Non statistique, à probabilités égales (moins de 300 unités)")),
    (Method.NON_STATISTICAL_PPS, _("Non statistique, selon la valeur (moins de 300 unités)")),
    (Method.MUS, _("Sondage en unités monétaires (MUS), standard")),
    (Method.MUS_CONSERVATIVE, _("Sondage en unités monétaires (MUS), approche prudente")),
    (Method.MUS_STRATIFIED, _("Sondage en unités monétaires (MUS), stratifié")),
    (Method.SIMPLE, _("Aléatoire simple")),
    (Method.STRATIFIED, _("Aléatoire stratifié")),
    (Method.DIFFERENCE, _("Estimation par différence")),
]
CONFIDENCES = [
    ("0.60", _("60 % – système de catégorie 1")), ("0.70", _("70 % – système de catégorie 2")),
    ("0.80", _("80 % – système de catégorie 3")), ("0.90", _("90 % – système de catégorie 4")), ("0.95", "95 %"),
]  # fmt: skip
ALLOCATIONS = [
    (Allocation.PROPORTIONAL, _("Proportionnelle à la taille des strates")),
    (Allocation.NEYMAN, _("De Neyman : taille × écart type")),
]
ESTIMATORS = [
    (Estimator.MEAN, _("Moyenne par unité")),
    (Estimator.RATIO, _("Ratio : erreur rapportée à la valeur")),
]
FIELDS = {"population": "period", "operation": "unit", "stratum": "strata", "share": "share", "values": "size"}
RARE = ("materiality", "expected", "deviations", "allocation", "cutoff", "share", "proportionate", "sub_size")


def said(error: InputError) -> str:
    """The sentence of a refusal, in the language of the page, beginning with a capital."""
    text = error.sentence if (get_language() or "fr").startswith("en") else error.fr
    return text[:1].upper() + text[1:]


class PercentField(forms.DecimalField):
    """A percentage, « 2 » or « 0,5 »."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 7, "decimal_places": 4, "min_value": 0, "max_value": 100, **kwargs})

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.strip(" %\u00a0").replace(",", ".") if isinstance(value, str) else value)


def amounts_of(text: str, separator: str = "=") -> dict[str, Decimal]:
    """« name = amount » lines as a mapping; a line that cannot be read is named."""
    found: dict[str, Decimal] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, _equal, amount = line.rpartition(separator)
        try:
            found[name.strip()] = Decimal(amount.strip().replace(" ", "").replace("\u202f", "").replace(",", "."))
        except InvalidOperation as error:
            raise ValidationError(_("La ligne « %(line)s » ne se lit pas."), params={"line": line}) from error
    if any(not amount.is_finite() or amount < 0 for amount in found.values()):
        raise ValidationError(_("Donner des nombres positifs ou nuls."))
    return found


class AskForm(forms.Form):
    """Which year, which unit, which method with its parameters, and the seed."""

    period = forms.ChoiceField(
        label=_("Exercice comptable"),
        help_text=_("Les exercices dont une demande de paiement est transmise à la Commission."),
    )
    unit = forms.ChoiceField(
        label=_("Unité de sondage"),
        choices=Sample.Unit.choices,
        help_text=_(
            "En mode groupé, le tirage à deux degrés prend des demandes de la région, puis des dossiers dans chacune."
        ),
    )
    side = forms.ChoiceField(
        label=_("À tirer parmi"),
        choices=Sample.Side.choices,
        help_text=_("Les montants négatifs forment toujours une population à part."),
    )
    method = forms.ChoiceField(
        label=_("Méthode"),
        choices=METHODS,
        help_text=_(
            "Guide EGESIF_16-0014-01. À partir de 300 unités, l’échantillon est statistique "
            "(règlement (UE) 2021/1060, art. 79)."
        ),
    )
    strata = forms.ChoiceField(
        label=_("Strates"),
        choices=[("", _("Sans strates")), *Sample.Strata.choices[1:]],
        required=False,
        help_text=_("Pour les méthodes stratifiées."),
    )
    confidence = forms.ChoiceField(label=_("Niveau de confiance"), choices=CONFIDENCES, initial="0.90")
    size = forms.IntegerField(
        label=_("Taille voulue"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("Vide : la taille que la méthode calcule. Elle peut être augmentée, jamais réduite."),
    )
    seed = forms.CharField(
        label=_("Graine du tirage"),
        max_length=200,
        initial=proposed_seed,
        help_text=_(
            "Proposée au hasard, elle reste avec l’échantillon : avec la population gelée, elle redonne le même tirage."
        ),
    )
    materiality = PercentField(label=_("Seuil de signification, en %"), initial="2", max_value=2)
    expected = PercentField(label=_("Taux d’erreur attendu, en %"), initial="0")
    deviations = forms.CharField(
        label=_("Écarts types"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "De l’historique ou d’un pilote : des erreurs en euros, ou des taux d’erreur pour MUS. Un seul nombre "
            "sans strates ; sinon une ligne « strate = nombre » par strate."
        ),
    )
    allocation = forms.ChoiceField(label=_("Répartition entre les strates"), choices=ALLOCATIONS)
    cutoff = AmountField(
        label=_("Seuil d’audit exhaustif, en euros"),
        required=False,
        help_text=_("À probabilités égales : les unités au-dessus sont toutes auditées."),
    )
    share = PercentField(
        label=_("Part des unités, en %"),
        initial="10",
        help_text=_("Pour les méthodes non statistiques : 10 % au moins."),
    )
    proportionate = forms.BooleanField(
        label=_("Modalités proportionnées renforcées : 30 unités (art. 83, b)"), required=False
    )
    sub_size = forms.IntegerField(
        label=_("Dossiers par demande, au second degré"), initial=30, min_value=30, max_value=10_000, required=False
    )

    def __init__(self, data: Any, periods: list[Period]) -> None:
        super().__init__(data)
        self.periods = {period.key: period for period in periods}
        chosen: Any = self.fields["period"]
        chosen.choices = [(key, _period_words(period)) for key, period in self.periods.items()]

    @property
    def main(self) -> list[Any]:
        """The fields that every draw asks for."""
        return [self[name] for name in self.fields if name not in RARE]

    @property
    def rare(self) -> list[Any]:
        """The parameters of some methods."""
        return [self[name] for name in RARE]

    @property
    def rare_wrong(self) -> bool:
        return any(name in self.errors for name in RARE)

    def clean_deviations(self) -> dict[str, Decimal]:
        return amounts_of(self.cleaned_data["deviations"])

    def asked(self) -> Asked:
        """What the draw is asked; InputError where the plan cannot be."""
        given = self.cleaned_data
        period, unit = self.periods[given["period"]], given["unit"]
        sub_size = (given["sub_size"] or 30) if unit == Sample.Unit.TWO_STAGE else None
        return Asked(
            period.programme, period.year_end, unit, self._plan(given), self._strata(given), given["side"], sub_size
        )

    def _strata(self, given: Mapping[str, Any]) -> str:
        return str(given["strata"]) if given["method"] in BY_STRATUM else ""

    def _plan(self, given: Mapping[str, Any]) -> Plan:
        return Plan(
            method=Method(given["method"]), seed=given["seed"].strip(), confidence=Decimal(given["confidence"]),
            materiality=given["materiality"] / HUNDRED, expected_rate=given["expected"] / HUNDRED,
            deviations=given["deviations"], size=given["size"], allocation=Allocation(given["allocation"]),
            cutoff=given["cutoff"], share=given["share"] / HUNDRED, proportionate=given["proportionate"],
        )  # fmt: skip

    def refuse(self, error: InputError) -> None:
        """Put a refusal of the draw beside the field it speaks of."""
        name = FIELDS.get(error.field, {"expected_rate": "expected"}.get(error.field, error.field))
        self.add_error(name if name in self.fields else None, said(error))


def _period_words(period: Period) -> str:
    return now_("Exercice %(year)s : %(amount)s € déclarés – %(programme)s") % {
        "programme": period.programme, "year": period.year,
        "amount": number_format(period.declared, 2, use_l10n=True, force_grouping=True),
    }  # fmt: skip


class ResultsForm(forms.Form):
    """What was found on each unit of a page; a line left empty is a unit not audited yet."""

    def __init__(self, data: Any, units: list[Unit], known: Mapping[str, SampleResult], negative: bool) -> None:
        super().__init__(data)
        self.units = units
        for rank, unit in enumerate(units):
            self._line(rank, unit, known.get(unit.key), negative)

    def _line(self, rank: int, unit: Unit, row: SampleResult | None, negative: bool) -> None:
        labels = {
            "random": _("Erreur aléatoire"), "systemic": _("Erreur systémique"), "anomalous": _("Erreur anormale"),
        }  # fmt: skip
        for name, label in labels.items():
            low = None if negative and name == "random" else 0
            made = AmountField(label=label, required=False, min_value=low, initial=getattr(row, name, None))
            made.widget.attrs |= {"aria-label": f"{label}, {unit.key}", "size": 10}
            self.fields[f"u{rank}-{name}"] = made
        corrected = forms.BooleanField(label=_("Corrigée"), required=False, initial=bool(row and row.corrected))
        corrected.widget.attrs["aria-label"] = f"{_('Erreur anormale corrigée')}, {unit.key}"
        comment = forms.CharField(
            label=_("Observation"), required=False, max_length=2000, initial=getattr(row, "comment", "")
        )
        comment.widget.attrs["aria-label"] = f"{_('Observation')}, {unit.key}"
        self.fields |= {f"u{rank}-corrected": corrected, f"u{rank}-comment": comment}

    def lines(self) -> list[tuple[Unit, dict[str, Any]]]:
        """Each unit with its fields, for the page."""
        names = ("random", "systemic", "anomalous", "corrected", "comment")
        return [(unit, {name: self[f"u{rank}-{name}"] for name in names}) for rank, unit in enumerate(self.units)]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for rank, unit in enumerate(self.units):
            amounts = [given.get(f"u{rank}-{name}") for name in ("random", "systemic", "anomalous")]
            if sum((amount or Decimal(0) for amount in amounts), Decimal(0)) > unit.book:
                self.add_error(f"u{rank}-random", _("Les erreurs dépassent la valeur de l’unité."))
            if given.get(f"u{rank}-comment") and all(amount is None for amount in amounts):
                self.add_error(f"u{rank}-random", _("Écrire 0 si l’audit n’a trouvé aucune erreur."))
        return given

    def entries(self) -> list[Entry]:
        """The lines that were filled."""
        given, found = self.cleaned_data, []
        for rank, unit in enumerate(self.units):
            amounts = {name: given[f"u{rank}-{name}"] for name in ("random", "systemic", "anomalous")}
            if any(amount is not None for amount in amounts.values()):
                plain = {name: amount or Decimal(0) for name, amount in amounts.items()}
                found.append(
                    Entry(unit.key, **plain, corrected=given[f"u{rank}-corrected"], comment=given[f"u{rank}-comment"])
                )
        return found


class TermsForm(forms.Form):
    """What the conclusion relies on beside the results, in the letters of the template CPRE_23-0013-01."""

    estimator = forms.ChoiceField(label=_("Projection"), choices=ESTIMATORS)
    expenditure = AmountField(
        label=_("A. Dépenses des comptes, en euros"),
        help_text=_("Proposé : tout ce qui est déclaré pour l’exercice, déductions comprises."),
    )
    other_deductions = AmountField(label=_("E1. Autres montants négatifs déduits"), initial="0")
    ongoing = AmountField(label=_("E2. Dépenses en cours d’évaluation"), initial="0")
    corrections = AmountField(label=_("H. Corrections financières faites à la suite de l’échantillon"), initial="0")
    delimited = forms.CharField(
        label=_("Erreurs systémiques délimitées hors de l’échantillon"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Une ligne « unité = montant » par unité de la population qui n’a pas été tirée."),
    )

    def __init__(self, data: Any, *, initial: Mapping[str, Any], choose: bool) -> None:
        super().__init__(data, initial=dict(initial))
        if not choose:
            del self.fields["estimator"]

    def clean_delimited(self) -> dict[str, Decimal]:
        return amounts_of(self.cleaned_data["delimited"])

    def terms(self) -> Terms:
        given = self.cleaned_data
        return Terms(
            Estimator(given.get("estimator") or Estimator.MEAN), given["expenditure"], given["other_deductions"],
            given["ongoing"], given["corrections"], given["delimited"],
        )  # fmt: skip
