"""What the manager of a firm of a group sees of the lead's file: the project, the aid, its own part; nothing else."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.forms.under_way import ParticipationForm, WordsForm
from applications.models import Application, ApplicationMember
from applications.models.application import live
from backoffice.views.applicant.common import posted
from backoffice.views.base import perform, person
from regions.models import User
from workflows import gate, group, offers, project

WHY = _("Pourquoi quittez-vous le groupement ?")


def memberships(user: User) -> Any:
    """The places that a person's firms hold in groups today, drafts apart."""
    firms = live(user.mandates, None).values("company")
    rows = ApplicationMember.objects.filter(company__in=firms, left_on__isnull=True)
    return rows.exclude(application__state="draft").select_related("company")


def own_place(request: HttpRequest, reference: str) -> tuple[Application, list[ApplicationMember]]:
    """The file of a group where one of her firms takes part, and her own places in it; else 404."""
    user = person(request)
    visible = Application.objects.for_user(user).filter(pk__in=memberships(user).values("application"))
    related = visible.select_related("company", "region", "scheme_version__scheme", "assigned_to")
    file = get_object_or_404(related, reference=reference)
    return file, list(memberships(user).filter(application=file).order_by("pk"))


@require_safe
@login_required
def shown(request: HttpRequest, reference: str) -> HttpResponse:
    """The same page by its own address, for a person who also leads the group."""
    return page(request, own_place(request, reference)[0])


def page(request: HttpRequest, file: Application) -> HttpResponse:
    """Read-only, but for her own word: she confirms, or leaves."""
    return _page(request, *own_place(request, file.reference))


def _page(
    request: HttpRequest, file: Application, places: list[ApplicationMember], form: ParticipationForm | None = None
) -> HttpResponse:
    may = {offer.name: offer.why for offer in offers.records(person(request), file) if offer.right}
    waiting = [place for place in places if place.confirmed_at is None]
    context = {
        "file": file, "places": places, "waiting": waiting if may.get("member_confirm") == "" else [],
        "form": form or ParticipationForm(), "may_leave": may.get("member_left") == "",
        "firms": file.members.filter(left_on__isnull=True).select_related("company").order_by("pk"),
        "size": group.size(file), "fewest": group.fewest(file), "lines": file.lines.all(),
        "awaited": project.awaited(file) if file.state == "running" else "",
    }  # fmt: skip
    return render(request, "applicant/member.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, reference: str) -> HttpResponse:
    """Her firm takes part, with what other aid it had."""
    file, places = own_place(request, reference)
    form = ParticipationForm(posted(request))
    if not form.is_valid():
        return _page(request, file, places, form)
    declared = form.cleaned_data["declared_de_minimis"]
    return perform(
        request,
        lambda: gate.record(person(request), "application", file.pk, "member_confirm", declared_de_minimis=declared),
        _("Votre participation est confirmée."), "member-file", reference,
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Her firm leaves the group: asked once more, with the reason."""
    file, places = own_place(request, reference)
    place = get_object_or_404(memberships(person(request)).filter(application=file), pk=pk)
    form = WordsForm(posted(request), label=WHY)
    if form.is_valid():
        given = {"company": place.company_id, "reason": form.cleaned_data["reason"]}
        return perform(
            request, lambda: gate.record(person(request), "application", file.pk, "member_left", **given),
            _("Votre entreprise a quitté le groupement."), "home",
        )  # fmt: skip
    return render(request, "applicant/member_leave.html", {"file": file, "place": place, "form": form})
