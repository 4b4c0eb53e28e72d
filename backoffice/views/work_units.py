"""The helper beside a headcount question: it counts the people, and writes the number in the box. Nothing is kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from applications.forms.fields import figure
from applications.forms.work_units import ACTION, WorkUnitsForm


def asked(request: HttpRequest) -> bool:
    """Whether the button of the helper was pressed."""
    return request.method == "POST" and request.POST.get("action") == ACTION


def counted(request: HttpRequest) -> tuple[dict[str, Any], WorkUnitsForm]:
    """What was typed on the page, with the headcount counted from the people; as it was when they cannot be."""
    typed, people = request.POST.dict(), WorkUnitsForm(request.POST)
    if people.is_valid():
        typed["headcount"] = f"{people.units.normalize():f}"
        messages.success(request, _("L’effectif est reporté : %s unités de travail annuel.") % figure(people.units))
    return typed, people
