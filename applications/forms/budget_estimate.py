"""The assumptions of a budget estimate, each one on the page and each one to be changed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.fields import Euros, tongue
from applications.rules.budget_estimate import Size

SOURCE = Path(__file__).resolve().parent.parent / "data" / "budget_mix.yaml"
HUNDRED = Decimal(100)
COLUMNS: Mapping[str, Any] = {
    "share": _("Part des entreprises, en %"), "headcount": _("Effectif type"),
    "turnover": _("Chiffre d’affaires type, en euros"), "cost": _("Coût d’un projet type hors taxes, en euros"),
}  # fmt: skip


@cache
def mix() -> dict[str, Any]:
    """The mix that the page begins with, dated and with its source."""
    found: dict[str, Any] = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return found


class BudgetEstimateForm(forms.Form):
    """How many firms, how many apply, and the mix by size; a row per size of the data file."""

    firms = forms.IntegerField(label=_("Entreprises du territoire"), min_value=1, max_value=10_000_000)
    take_up = Euros(
        label=_("Part qui dépose une demande dans l’année, en %"), max_value=HUNDRED,
        help_text=_("Parmi les entreprises éligibles, pour chaque dispositif."),
    )  # fmt: skip

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        for rank, row in enumerate(mix()["sizes"]):
            for name, label in COLUMNS.items():
                most = HUNDRED if name == "share" else Decimal(10**9)
                words = f"{row['name'][tongue()]} – {label}"
                self.fields[f"{name}-{rank}"] = Euros(label=words, max_value=most)

    @staticmethod
    def started() -> dict[str, str]:
        """The answers that the page begins with, as if they had been typed."""
        boxes = {f"{name}-{rank}": row[name] for rank, row in enumerate(mix()["sizes"]) for name in COLUMNS}
        return {name: _plain(figure) for name, figure in (boxes | {n: mix()[n] for n in ("firms", "take_up")}).items()}

    @property
    def columns(self) -> list[Any]:
        """The words of the table's columns."""
        return list(COLUMNS.values())

    @property
    def rows(self) -> list[tuple[str, list[tuple[Any, forms.BoundField]]]]:
        """The mix as a table: each size with its boxes, each with the words of its column."""
        return [
            (row["name"][tongue()], [(label, self[f"{name}-{rank}"]) for name, label in COLUMNS.items()])
            for rank, row in enumerate(mix()["sizes"])
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        shares = [data[name] for name in data if name.startswith("share-")]
        if not self.errors and sum(shares) != HUNDRED:
            raise forms.ValidationError(_("Les parts des tailles doivent faire 100 % en tout : les corriger."))
        return data

    def sizes(self) -> list[Size]:
        """The mix as the rule reads it, shares as fractions."""
        data = self.cleaned_data
        return [
            Size(row["name"][tongue()], data[f"share-{rank}"] / HUNDRED,
                 *(data[f"{name}-{rank}"] for name in ("headcount", "turnover", "cost")))
            for rank, row in enumerate(mix()["sizes"])
        ]  # fmt: skip

    @property
    def take_up_fraction(self) -> Decimal:
        share: Decimal = self.cleaned_data["take_up"]
        return share / HUNDRED


def _plain(figure: str) -> str:
    """« 1.50 » stays, « 60.00 » becomes « 60 »: what a person would type."""
    return f"{Decimal(figure).normalize():f}"
