"""The last page before filing: what is missing, what to expect, the declaration; and the acknowledgement."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.enums import ApplicationState, DocumentKind
from applications.forms.application import DeclarationForm
from applications.forms.fields import categories, tongue
from applications.forms.rules import RulesForm
from applications.models import Application
from applications.rules import difficulty, terms
from backoffice.views.applicant import plan
from backoffice.views.applicant.common import own_file
from backoffice.views.applicant.progress import lacking, rail
from backoffice.views.applicant.steps import of_draft
from backoffice.views.base import perform, person, sent
from backoffice.views.owners import sizes
from backoffice.views.public.wording import cited, plain, told
from regions import clock
from regions.money import ZERO
from workflows import assessment, gate, group


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def review(request: HttpRequest, file: Application) -> HttpResponse:
    """Read everything again, declare, file."""
    missing = lacking(file)
    form = DeclarationForm(sent(request), instance=file)
    if request.method == "POST" and form.is_valid() and not missing:
        form.save()
        return _under_new_rules(request, file) or _file(request, file)
    if request.method == "POST":
        file.refresh_from_db()
    context = {"form": form, "missing": missing, "expected": None if missing else _expected(file)}
    return render(request, "applicant/review.html", rail(file, "relecture") | context | _read_again(file))


def _under_new_rules(request: HttpRequest, file: Application) -> HttpResponse | None:
    """The rules changed since the draft was opened: they apply, and she reads again before she files."""
    form = RulesForm({}, instance=file)
    if not form.outdated():
        return None
    saved = form.save()
    said = _("Le règlement a changé le %(day)s : votre demande suit désormais la version %(number)s. "
             "Relisez ce qu’elle donne, puis déposez.")  # fmt: skip
    words = {"day": date_format(saved.scheme_version.valid_from), "number": saved.scheme_version.number}
    messages.warning(request, said % words)
    return redirect("review", file.reference)


def _file(request: HttpRequest, file: Application) -> HttpResponse:
    user = person(request)
    return perform(
        request,
        lambda: gate.move(user, "application", file.pk, "submit"),
        _("Votre demande est déposée."),
        "submitted",
        file.reference,
    )


def _read_again(file: Application) -> dict[str, Any]:
    labels = dict(categories(file.scheme_version.rules))
    documents = file.documents.filter(deleted_at__isnull=True, claim__isnull=True).order_by("added_at", "pk")
    lines = list(file.lines.all())
    return {
        "lines": [(line, labels.get(line.category, line.category)) for line in lines],
        "documents": documents,
        "quoted": sum((line.amount for line in lines), ZERO),
        "levels": terms.levels(file.scheme_version.rules),
        "members": group.taking_part(file),
        "situation": _situation(file),
        **sizes(file),
    }


def _situation(file: Application) -> list[dict[str, Any]]:
    """The answers on difficulty, where the law behind the scheme asks for them."""
    asked = difficulty.QUESTIONS if terms.asks_difficulty(file.scheme_version.rules) else ()
    return [{"label": Application._meta.get_field(name).verbose_name, "value": getattr(file, name)} for name in asked]


def _expected(file: Application) -> dict[str, Any]:
    """What the rules give today on what she typed; the region decides."""
    verdict = assessment.assess(file, clock.today(file.zone))
    labels = {str(line.number): line.label for line in file.lines.all()}
    left_out = [
        (labels[line["key"]], plain(reason[tongue()]), cited(reason["article"]))
        for line in verdict.amount.details["lines"]
        for reason in line["reasons"]
    ]
    shown = {"ok": verdict.ok, "aid": verdict.aid, "reasons": told(verdict.blocking()), "left_out": left_out}
    return shown | ({"plan": plan.parts(file, verdict)} if verdict.ok else {})


@require_safe
@login_required
def submitted(request: HttpRequest, reference: str) -> HttpResponse:
    """The acknowledgement: the reference, who has the file, when silence speaks, what comes next."""
    file = own_file(request, reference)
    if file.state == ApplicationState.DRAFT:
        return redirect("review", reference)
    letters = file.documents.filter(kind=DocumentKind.LETTER, deleted_at__isnull=True).order_by("added_at")
    return render(request, "applicant/review_submitted.html", {"file": file, "letter": letters.first()})
