"""Where the reader comes from: queue and filters travel in the address, so that « suivant » knows the next file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.enums import ApplicationState
from applications.models import Application
from applications.models.application import live
from backoffice.views.base import person
from backoffice.views.officer.fields import day_field
from regions.enums import RoleKind
from regions.models import Role, Scheme, User
from workflows import queues

STATES = [(value, label) for value, label in ApplicationState.choices if value != ApplicationState.DRAFT]
FILTERS = ("q", "scheme", "state", "due_before", "assigned")
KEPT = ("queue", *FILTERS)


class FilterForm(forms.Form):
    """What a queue is narrowed by; a value that means nothing narrows nothing."""

    q = forms.CharField(
        label=_("Référence, entreprise ou SIREN"), required=False, max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "data-key": "/", "accesskey": "r"}),
    )  # fmt: skip
    scheme = forms.ModelChoiceField(Scheme.objects.none(), label=_("Dispositif"), required=False, empty_label=_("Tous"))
    state = forms.ChoiceField(label=_("Statut"), required=False)
    due_before = day_field(_("Échéance jusqu’au"), required=False)
    assigned = forms.ChoiceField(label=_("Suivi par"), required=False)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, auto_id="filter-%s")
        scheme: Any = self.fields["scheme"]
        state: Any = self.fields["state"]
        assigned: Any = self.fields["assigned"]
        regions = live(user.roles, None).values("region")
        scheme.queryset = Scheme.objects.filter(region__in=regions).order_by("name_fr")
        state.choices = [("", _("Tous")), *STATES]
        assigned.choices = [("", _("Tous")), ("none", _("Personne")), *_officers(regions)]

    def filters(self) -> queues.Filters:
        """The filters asked for; a field with an error is left out, and says so on the page."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        scheme, assigned = data.get("scheme"), data.get("assigned", "")
        return queues.Filters(
            scheme=scheme.pk if scheme else None, text=data.get("q", "").strip(), state=data.get("state", ""),
            due_before=data.get("due_before"), unassigned=assigned == "none",
            assigned=int(assigned) if assigned.isdigit() else None,
        )  # fmt: skip


def _officers(regions: Any) -> list[tuple[str, str]]:
    """The officers of the reader’s regions, by name."""
    held = live(Role.objects, None).filter(kind=RoleKind.OFFICER, region__in=regions)
    return [(str(user.pk), user.name) for user in User.objects.filter(pk__in=held.values("user")).order_by("name")]


def kept(request: HttpRequest) -> QueryDict:
    """The queue and filters of an address, nothing else."""
    query = QueryDict(mutable=True)
    for name in KEPT:
        if request.GET.get(name):
            query[name] = request.GET[name]
    return query


def written(place: queues.Cursor | None) -> str:
    """A place in a queue as it stands in an address: « 2026-04-17.12 », or « .12 » without a date."""
    return f"{place[0].isoformat() if place[0] else ''}.{place[1]}" if place else ""


def read(text: str | None) -> queues.Cursor | None:
    """A place read from an address; None when it is none."""
    day, _dot, number = (text or "").partition(".")
    try:
        return (date.fromisoformat(day) if day else None), int(number)
    except ValueError:
        return None


def address(file: Application, query: QueryDict) -> str:
    """The address of a file opened from a queue, with its place there."""
    own = query.copy()
    own["at"] = written(queues.cursor(file))
    return f"{reverse('file', args=[file.reference])}?{own.urlencode()}"


class Trail:
    """The queue that a file was opened from: its neighbours, the way back, and what its forms carry on."""

    def __init__(self, request: HttpRequest, file: Application) -> None:
        self.query, self.user = kept(request), person(request)
        self.place = read(request.GET.get("at")) or queues.cursor(file)
        self.queue = queues.QUEUES.get(self.query.get("queue", ""))
        self.previous, self.next = self._neighbours()

    def _neighbours(self) -> tuple[str, str]:
        if self.queue is None:
            return "", ""
        form = FilterForm(self.query, user=self.user)
        files = form.filters().narrow(self.queue.files(self.user))
        before, after = queues.neighbours(files, self.place)
        return (address(before, self.query) if before else ""), (address(after, self.query) if after else "")

    @property
    def suffix(self) -> str:
        """What the addresses of the file’s forms end with, so that the reader stays in his queue."""
        if self.queue is None:
            return ""
        own = self.query.copy()
        own["at"] = written(self.place)
        return f"?{own.urlencode()}"

    @property
    def back(self) -> str:
        """The way back to the queue."""
        return f"{reverse('home')}?{self.query.urlencode()}" if self.queue else reverse("home")
