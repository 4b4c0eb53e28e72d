"""A draft under the rules that will judge it."""

from __future__ import annotations

from typing import Any

from django import forms

from applications import versions
from applications.models import Application
from regions import clock


class RulesForm(forms.ModelForm):
    """Bring a draft under the version in force today, unless its scheme keeps the one of its opening."""

    class Meta:
        model = Application
        fields: list[str] = []

    def outdated(self) -> bool:
        """Whether another version would apply if the draft were filed today."""
        return self._version().pk != self.instance.scheme_version_id

    def _version(self) -> Any:
        return versions.at_filing(self.instance, clock.today(self.instance.zone))

    def save(self, commit: bool = True) -> Application:
        self.instance.scheme_version = self._version()
        self.instance.save(update_fields=["scheme_version"])
        return self.instance
