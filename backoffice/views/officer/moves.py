"""The moves of an object with a page of its own: shown with their forms, made through the gate, told on that page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from backoffice.views.base import person
from backoffice.views.officer.fields import ActForm
from backoffice.views.officer.file import ActView
from workflows import gate, offers
from workflows.acts import NotFound, Refused

Bound = Mapping[str, ActForm]


@dataclass(frozen=True, slots=True)
class Moves:
    """A kind of object: its name to the gate and in addresses, the form of each move, how it is found and shown."""

    machine: str
    forms: Mapping[str, type[ActForm]]
    find: Callable[[HttpRequest, Any], Any]
    page: Callable[[HttpRequest, Any, Bound], HttpResponse]

    def shown(self, offer: offers.Offer, found: Any, bound: Bound) -> ActView:
        """A move with its form, the one that was refused as it was typed; no form where the move may not be made."""
        back = bound.get(offer.name)
        form = back or self.forms[offer.name](name=offer.name, target=found)
        return ActView(offer, None if offer.why else form, opened=back is not None)

    def form(self, request: HttpRequest, name: str, found: Any) -> ActForm:
        if name not in self.forms:
            raise Http404
        return self.forms[name](request.POST, name=name, target=found)

    def make(self, request: HttpRequest, key: Any, form: ActForm, **more: Any) -> HttpResponse:
        """Make the move of a form; what is refused is told on the page, with all that was typed."""
        found, name = form.target, form.act
        if not form.is_valid():
            return self.page(request, found, {name: form})
        try:
            gate.move(person(request), self.machine, found.pk, name, **form.given(), **more)
        except NotFound as refusal:
            raise Http404(str(refusal)) from refusal
        except Refused as refusal:
            messages.error(request, str(refusal.sentence))
            return self.page(request, self.find(request, key), {name: form})
        messages.success(request, _("C’est fait : %s.") % gate.act_label(f"{self.machine}.{name}"))
        return redirect(self.machine, key)
