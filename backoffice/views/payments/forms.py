"""The forms of the paying side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from regions.models import Region
from workflows import bank_returns, return_lines


def _readable(content: bytes) -> None:
    """Raises BadFile when no line of a file can be read: not a table, or not a message of a bank."""
    if return_lines.kind_of(content) == return_lines.XML:
        bank_returns.read(content)
    else:
        return_lines.rows_of(content)


class ReasonForm(forms.Form):
    """Why an order is held, released or cancelled."""

    reason = forms.CharField(label=_("Motif"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class SearchForm(forms.Form):
    """Find an order by what is written on it."""

    q = forms.CharField(label=_("Mandat, dossier ou référence du comptable"), max_length=60, required=False)


class ReturnForm(forms.Form):
    """A return file of the public accountant or of a bank; it is tried before it is read for good."""

    region = forms.ModelChoiceField(label=_("Région"), queryset=Region.objects.none(), empty_label=None)
    file = forms.FileField(
        label=_("Fichier de retour"), widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.xml"})
    )

    def __init__(self, *args: Any, regions: Sequence[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine: Any = self.fields["region"]
        mine.queryset = Region.objects.filter(pk__in=[region.pk for region in regions])
        if len(regions) == 1:
            mine.initial, mine.widget = regions[0].pk, forms.HiddenInput()

    def clean_file(self) -> UploadedFile:
        """A file that no line can be read of is refused at once, with the reason."""
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > return_lines.MAX_BYTES:
            raise forms.ValidationError(_("Ce fichier dépasse 5 Mo : le partager."))
        self.content = upload.read()
        try:
            _readable(self.content)
        except return_lines.BadFile as error:
            raise forms.ValidationError(str(error)) from error
        return upload
