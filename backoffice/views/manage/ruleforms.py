"""The forms of the rules: propose a version, adopt the scheme of another region, fill what belongs to one’s own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from backoffice.views.manage.forms import RegionalForm
from backoffice.views.officer.fields import day_field
from regions.enums import Funder
from regions.models import Region
from regions.schemes import exchange
from regions.schemes.loader import SchemeError, parse, shipped

MAX_RULES = 256 * 1024
CODE = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def _presets() -> list[tuple[str, Any]]:
    return [("", _("Choisir")), *((code, code) for code in shipped())]


class VersionForm(forms.Form):
    """Propose a version of the rules: a file of one’s own, or one that comes with the product."""

    preset = forms.ChoiceField(label=_("Règlement fourni"), choices=_presets, required=False)
    file = forms.FileField(label=_("Ou votre fichier YAML"), required=False, help_text=_("256 Ko au plus, en UTF-8."))
    text = forms.CharField(
        label=_("Ou son texte"), required=False, strip=False, max_length=MAX_RULES,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("Un fichier refusé revient ici, à corriger sur place."),
    )  # fmt: skip
    valid_from = day_field(_("En vigueur à partir du"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        return data | {"definition": self._read(data)}

    def _read(self, data: dict[str, Any]) -> dict[str, Any]:
        upload, preset = data.get("file"), data.get("preset") or ""
        written = self._text(upload) if upload else data.get("text", "").strip()
        if bool(written) == bool(preset):
            raise ValidationError(_("Choisir un règlement fourni, ou joindre un fichier : l’un des deux."))
        source = upload.name if upload else f"{preset or 'text'}.yaml"
        try:
            return parse(written or shipped()[preset].read_text(encoding="utf-8"), source)
        except SchemeError as error:
            words = {"line": error.line, "sentence": error.sentence}
            raise ValidationError(_("Ligne %(line)s : %(sentence)s"), params=words) from error

    def _text(self, upload: Any) -> str:
        """What the file says; the page shows it again in its box, for a browser does not send a file twice."""
        if upload.size > MAX_RULES:
            raise ValidationError(_("Ce fichier dépasse 256 Ko."))
        try:
            text = str(upload.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise ValidationError(_("Ce fichier n’est pas un texte en UTF-8.")) from error
        self.data = {**self.data.dict(), "text": text} if isinstance(self.data, QueryDict) else self.data
        return text


class AdoptionForm(VersionForm, RegionalForm):
    """Take over a scheme: a file exported by another region, or a programme that comes with the product."""

    field_order = ["preset", "file", "text", "region", "code", "letters", "valid_from"]
    code = forms.CharField(
        label=_("Code"), max_length=60, required=False,
        validators=[RegexValidator(CODE, _("Des minuscules, des chiffres et des traits d’union."))],
        help_text=_("Vide : celui du fichier, suivi du code de la région."),
    )  # fmt: skip
    letters = forms.CharField(
        label=_("Préfixe des références"), max_length=8,
        validators=[RegexValidator(r"^[A-Z]{2,8}$", _("De deux à huit lettres majuscules."))],
        help_text=_("De deux à huit majuscules, qu’aucun autre dispositif ne porte."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        region = data.get("region")
        if not isinstance(region, Region) or not data.get("letters") or "code" not in data:
            return data
        definition = data["definition"]
        code = data["code"] or f"{definition['code']}-{region.code}"
        return data | {"definition": exchange.adopt(definition, region.code, code, data["letters"])}


SHARES = {f"share_{code}": label for code, label in Funder.choices}
CODING = {
    "specific_objective": _("Objectif spécifique"), "intervention_field": _("Domaine d’intervention"),
    "form_of_support": _("Forme de soutien"), "territorial_delivery": _("Mécanisme territorial"),
    "gender": _("Égalité entre les femmes et les hommes"), "indicators": _("Indicateurs"),
}  # fmt: skip
EXAMPLES = {
    "specific_objective": "RSO1.2", "intervention_field": "013", "form_of_support": "01", "territorial_delivery": "33",
    "gender": "03", "indicators": "RCO01, RCO02",
}  # fmt: skip


class CompletionForm(forms.Form):
    """The parts of a region that a draft still lacks; it is proposed again with them, as a new version."""

    def __init__(self, *args: Any, rules: dict[str, Any], region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules, self.region, self.parts = rules, region, exchange.open_parts(rules)
        for part in self.parts:
            getattr(self, f"_ask_{part}")()
        self.fields["valid_from"] = day_field(_("En vigueur à partir du"))

    def _ask_funding(self) -> None:
        for name, label in SHARES.items():
            self.fields[name] = forms.DecimalField(
                label=_("Part de %(funder)s, en pour cent") % {"funder": label}, min_value=0, max_value=100,
                max_digits=7, decimal_places=4, initial=0,
            )  # fmt: skip
        leads = [(code, label) for code, label in Funder.choices if code != Funder.ERDF]
        self.fields["lead"] = forms.ChoiceField(label=_("Financeur qui prend l’arrondi"), choices=leads)

    def _ask_erdf(self) -> None:
        for name, label in CODING.items():
            self.fields[name] = forms.CharField(
                label=_("FEDER : %(label)s") % {"label": label}, max_length=200, required=False,
                help_text=_("Par exemple %(example)s.") % {"example": EXAMPLES[name]},
            )  # fmt: skip

    def _ask_operation(self) -> None:
        self.fields["operation"] = forms.BooleanField(
            label=_("L’opération FEDER qui regroupe les aides est déposée, ou il n’y en a pas.")
        )

    def _ask_contact(self) -> None:
        self.fields["contact"] = forms.BooleanField(
            label=_("Les coordonnées de la région sont celles du service qui répond aux entreprises.")
        )

    def clean_contact(self) -> bool:
        if not (self.region.service and self.region.email):
            raise ValidationError(_("Remplir d’abord le service et son adresse sous « Coordonnées »."))
        return True

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        sections = {part: self._section(part, data) for part in self.parts}
        try:
            made = parse(exchange.write(exchange.fill(self.rules, sections)), self.rules["code"])
        except SchemeError as error:
            raise ValidationError(error.sentence) from error
        return data | {"definition": made}

    def _section(self, part: str, data: dict[str, Any]) -> Any:
        if part == "funding":
            return {"lead": data["lead"], "funders": self._funders(data)}
        return self._coding(data) if part == "erdf" else None

    def _funders(self, data: dict[str, Any]) -> list[dict[str, str]]:
        shares = {code: data[f"share_{code}"] for code in Funder.values}
        if sum(shares.values()) != 100:
            raise ValidationError(_("Les parts des financeurs doivent faire 100 %."))
        return [{"code": code, "share": _fraction(share)} for code, share in shares.items() if share]

    def _coding(self, data: dict[str, Any]) -> dict[str, Any] | None:
        """The ERDF coding, which a scheme without ERDF does not have."""
        given = {name: data[name].strip() for name in CODING}
        if not any(given.values()):
            return None
        indicators = [one.strip() for one in given["indicators"].split(",") if one.strip()]
        return given | {"indicators": indicators}


def _fraction(percent: Decimal) -> str:
    """A percentage as a definition writes it: 85 is « 0.85 », 100 is « 1 »."""
    share = (percent / 100).normalize()
    return "1" if share == 1 else f"{share:f}"
