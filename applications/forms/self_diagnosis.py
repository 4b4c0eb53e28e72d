"""The questionnaire of the self-diagnosis: one answer to each question, and the place, which may stay empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.fields import PlaceField, tongue
from applications.rules.self_diagnosis import scale


class SelfDiagnosisForm(forms.Form):
    """The questions of a version, in its order; nothing is kept."""

    place = PlaceField(
        label=_("Code postal de votre siège (facultatif)"),
        help_text=_("Il montre les aides ouvertes dans votre région."),
    )

    def __init__(self, *args: Any, asked: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for question in asked["questions"]:
            self.fields[question["code"]] = _choice(asked, question)

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[question["code"]] for question in self.asked["questions"]]

    def answers(self) -> dict[str, int]:
        """The rank of each answer."""
        return {question["code"]: self.cleaned_data[question["code"]] for question in self.asked["questions"]}


def _choice(asked: Mapping[str, Any], question: Mapping[str, Any]) -> forms.TypedChoiceField:
    choices = [(rank, one["label"][tongue()]) for rank, one in enumerate(scale(asked, question))]
    return forms.TypedChoiceField(
        label=question["text"][tongue()], choices=choices, coerce=int, widget=forms.RadioSelect,
        error_messages={"required": _("Choisir une réponse.")},
    )  # fmt: skip
