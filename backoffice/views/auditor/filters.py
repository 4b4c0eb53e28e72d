"""The filters of a list as a form, made from what the list says of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reporting.lists import Filter, Listing

FIRST, LAST = date(1990, 1, 1), date(2190, 12, 31)
ANY = ("", _("Tous"))


class FilterForm(forms.Form):
    """The questions of one list; those left empty ask nothing."""

    def __init__(self, listing: Listing, data: QueryDict) -> None:
        super().__init__(data)
        for question in listing.filters:
            self.fields[question.key] = field_of(question)

    def given(self) -> Mapping[str, Any]:
        """The answers that make sense; a wrong one is shown beside its field and narrows nothing."""
        self.is_valid()
        return self.cleaned_data


def field_of(question: Filter) -> forms.Field:
    """A question of a list or of a report as a field, never required."""
    if question.kind == "choice":
        return forms.ChoiceField(label=question.label, choices=[ANY, *question.choices], required=False)
    if question.kind == "date":
        picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(
            label=question.label, required=False, widget=picker,
            validators=[MinValueValidator(FIRST), MaxValueValidator(LAST)],
        )  # fmt: skip
    return forms.CharField(label=question.label, required=False, max_length=80)
