"""The codes of closed lists in both languages."""

from __future__ import annotations

from typing import Any

from django.db.models import TextChoices
from django.utils import translation


def words(choices: type[TextChoices]) -> dict[str, tuple[str, str]]:
    """Each code of a closed list in both languages."""
    return {str(code): (_in("fr", label), _in("en", label)) for code, label in choices.choices}


def _in(language: str, label: Any) -> str:
    with translation.override(language):
        return str(label)
