"""The headcount counted from the people: a helper beside the question, kept nowhere (2003/361/EC, annex, art. 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.fields import Euros
from applications.rules.work_units import MONTHS, Staff, annual_work_units
from regions.money import ZERO, floor_cent

ACTION = "work_units"
MOST = Decimal(100000)


def _count(label: Any, help_text: Any = "", most: Decimal = MOST) -> Euros:
    return Euros(label=label, help_text=help_text, required=False, max_value=most)


class WorkUnitsForm(forms.Form):
    """Who worked during the last closed year, group by group; an empty box is nobody."""

    full_time = _count(_("Salariés à temps plein, présents toute l’année"))
    part_time = _count(_("Salariés à temps partiel, présents toute l’année"))
    part_time_share = _count(
        _("Leur temps de travail moyen, en % d’un temps plein"), _("Par exemple 50 pour un mi-temps."), Decimal(100)
    )
    seasonal = _count(_("Saisonniers, ou salariés présents une partie de l’année"))
    seasonal_months = _count(_("Leur présence moyenne, en mois de temps plein"), most=MONTHS)
    owners = _count(_("Dirigeants propriétaires et associés qui travaillent dans l’entreprise, à temps plein"))
    leave_months = _count(
        _("Mois de congé maternité, paternité ou parental pris par les salariés à temps plein"),
        _("Additionner les mois de chacun : ils ne comptent pas."),
    )
    apprentices = _count(_("Apprentis et stagiaires en formation"), _("Ils ne comptent pas."))

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, prefix="awu", **kwargs)

    @classmethod
    def typed_in(cls, data: Mapping[str, str]) -> WorkUnitsForm:
        """The panel as it was typed beside a form that was refused; folded when nothing was."""
        return cls(data if any(data.get(f"awu-{name}") for name in cls.base_fields) else None)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self._needs(data, "part_time", "part_time_share", _("Indiquer leur temps de travail, en %."))
            self._needs(data, "seasonal", "seasonal_months", _("Indiquer leur présence, en mois."))
            if (data["leave_months"] or ZERO) > (data["full_time"] or ZERO) * MONTHS:
                self.add_error("leave_months", _("C’est plus que les mois de tous les salariés à temps plein."))
        return data

    def _needs(self, data: Mapping[str, Any], people: str, terms: str, words: Any) -> None:
        if data[people] and data[terms] is None:
            self.add_error(terms, words)

    @property
    def units(self) -> Decimal:
        """Annual work units, down to two decimals: rounding down never crosses a « fewer than » threshold."""
        return floor_cent(annual_work_units(self._staff()))

    def _staff(self) -> Iterator[Staff]:
        given = {name: value or ZERO for name, value in self.cleaned_data.items()}
        away, rest = divmod(given["leave_months"], MONTHS)
        yield Staff(given["full_time"] - away - (1 if rest else 0))
        yield Staff(away, leave_months=MONTHS)
        yield Staff(Decimal(1 if rest else 0), leave_months=rest)
        yield Staff(given["part_time"], share=given["part_time_share"] / 100)
        yield Staff(given["seasonal"], months=given["seasonal_months"])
        yield Staff(given["owners"], kind="owner_manager")
        yield Staff(given["apprentices"], kind="apprentice")
