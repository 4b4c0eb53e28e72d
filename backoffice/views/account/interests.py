"""One's own declaration of interests: the wording, the firms named, and the declarations made before."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from applications.forms.fields import SirenField
from backoffice.views.base import for_roles, person, regions_of, sent
from backoffice.views.manage.guard import done
from regions import clock
from regions.enums import RoleKind
from regions.models import IntegrityTerms, InterestDeclaration, User
from workflows import impartiality, interest_reminders

NONE, SOME = "none", "some"


class DeclarationForm(forms.Form):
    """No interest at all, or the firms and providers in which there is one."""

    answer = forms.ChoiceField(
        label=_("Mes intérêts"), widget=forms.RadioSelect,
        choices=[(NONE, _("Je n’ai aucun intérêt à déclarer")), (SOME, _("J’ai un intérêt dans ces entreprises"))],
    )  # fmt: skip
    sirens = forms.CharField(
        label=_("SIREN des entreprises et prestataires"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Un par ligne. Aucun motif n’est demandé."),
    )  # fmt: skip
    confirmed = forms.BooleanField(label=_("Je fais cette déclaration en mon nom."))

    def clean_sirens(self) -> list[str]:
        lines = str(self.cleaned_data["sirens"]).replace(",", "\n").replace(";", "\n").splitlines()
        return [SirenField().clean(line) for line in lines if line.strip()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        named = data.get("sirens")
        if data.get("answer") == SOME and named == []:
            self.add_error("sirens", _("Nommer au moins une entreprise, ou déclarer n’avoir aucun intérêt."))
        if data.get("answer") == NONE and named:
            self.add_error("answer", _("Des entreprises sont nommées : choisir l’autre réponse, ou les effacer."))
        return data


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*RoleKind)
def interests(request: HttpRequest) -> HttpResponse:
    """Read the wording, and declare; the declarations made before stay beneath."""
    user, form = person(request), DeclarationForm(sent(request))
    said = _("Votre déclaration est enregistrée, avec sa date.")
    if request.method == "POST" and done(
        request, form, lambda: impartiality.declare(user, form.cleaned_data["sirens"]), said
    ):
        return HttpResponseRedirect(resolve_url("interests"))
    context = {"form": form, "wording": impartiality.WORDINGS[impartiality.CURRENT], **_made(user)}
    return render(request, "account/interests.html", context)


def _made(user: User) -> dict[str, Any]:
    """What the person declared before, and each region’s rule with the last day on which the last one holds."""
    made = list(
        InterestDeclaration.objects.filter(user__person=user.person_id).order_by("-pk").prefetch_related("interests")
    )
    return {"made": made, "rules": [_rule(region, made) for region in regions_of(user, *RoleKind)]}


def _rule(region: Any, made: list[InterestDeclaration]) -> dict[str, Any]:
    day = clock.today(region.time_zone)
    terms = IntegrityTerms.in_force(region.pk, day)
    months = terms.months if terms else impartiality.MONTHS
    until = impartiality.last_day(made[0], months) if made else None
    required = terms is not None and terms.required
    soon = required and interest_reminders.ends_soon(until, terms, day)
    return {"region": region, "required": required, "until": until, "over": not until or until < day, "soon": soon}
