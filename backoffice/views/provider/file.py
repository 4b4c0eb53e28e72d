"""The provider’s page of a file: what is asked of him, his answer, his report, and where the payment stands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from applications.enums import ApplicationState, CheckKind, ClaimState, DocumentKind, Finding, Payee
from applications.forms.document import DocumentForm
from applications.forms.project import category_words
from applications.models import Application
from applications.rules import terms
from backoffice.views.applicant import payees
from backoffice.views.base import perform, person
from backoffice.views.provider.guard import for_providers, own_file
from workflows import gate, offers, project, queues
from workflows.models import Event
from workflows.told import told

TOLD = (
    "application.submit", "application.accept_complete", "record.provider", "application.grant", "application.refuse",
    "application.notify", "application.complete", "application.withdraw", "application.close", "application.lapse",
    "application.revoke", "record.report", "record.conformity", "record.change_provider", "claim.submit",
    "claim.verify", "claim.settle",
)  # fmt: skip


class DeclineForm(forms.Form):
    """Why the provider will not do the work."""

    reason = forms.CharField(
        label=_("Pourquoi refusez-vous ?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Dire en quelques mots pourquoi : l’entreprise et la région en ont besoin.")},
    )  # fmt: skip


class ReportForm(DocumentForm):
    """The provider’s report, and no other kind of document; that of an analysis names what it recommends."""

    field_order = ["file", "recommended"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["kind"]
        opened = terms.next_level(self.application.scheme_version.rules, self.application.level)
        if opened is not None:
            self.fields["recommended"] = _recommended(self.application, opened)
        self.fields["file"].label = _("Votre rapport")
        self.fields["file"].help_text = _("PDF, PNG ou JPEG, 10 Mo au plus.")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.application.state != ApplicationState.RUNNING:
            self.add_error(None, _("Le rapport se dépose pendant la réalisation, une fois l’aide notifiée."))
        return data | {"kind": DocumentKind.PROVIDER_REPORT.value}


def _recommended(file: Application, entry: Any) -> forms.MultipleChoiceField:
    """The services of the next level: only those recommended here will be aided."""
    words = category_words(file)
    return forms.MultipleChoiceField(
        label=_("Ce que votre analyse recommande pour la suite"), required=False,
        choices=[(code, words.get(code, code)) for code in entry["categories"]],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Seuls ces services pourront être aidés au niveau suivant. Ne rien cocher si rien n’est à faire."),
    )  # fmt: skip


def page(request: HttpRequest, file: Application, **forms_: Any) -> HttpResponse:
    """What is asked of the provider, what he quoted, and where the payment stands: no other amount."""
    user = person(request)
    context = {
        "file": file, "asked": asked(file, user), "answer": last_answer(file), "decline": DeclineForm(),
        "may_answer": may_answer(file, user), "may_report": file.state == ApplicationState.RUNNING,
        "report": ReportForm(user=user, application=file), "reports": _reports(file), "lines": file.lines.all(),
        "claims": _claims(file), "split": payees.is_split(file),
        "history": _history(file), "to_provider": _is_paid(file), "accepted": _accepted(file),
        "has_bank": not payees.without_bank(file, Payee.PROVIDER), "held": payees.held(file, Payee.PROVIDER),
    }  # fmt: skip
    return render(request, "provider/file.html", context | forms_)


def _is_paid(file: Application) -> bool:
    """Whether the region pays the provider anything."""
    return project.payment_model(file).to_provider


def _claims(file: Application) -> list[Any]:
    """The claims filed; of a split aid the provider sees his own part and orders, and not the firm's."""
    claims: list[Any] = list(file.claims.exclude(state=ClaimState.DRAFT).prefetch_related("orders").order_by("number"))
    for claim in claims:
        claim.application = file
        claim.mine = [payout for payout in payees.payouts(claim) if payout.to_provider]
        orders = claim.orders.all()
        claim.own_orders = [one for one in orders if one.payee_provider_id] if payees.is_split(file) else orders
    return claims


def _accepted(file: Application) -> bool | None:
    """Whether the firm said that the latest report conforms; None when its word is not asked."""
    return project.report_validated(file) if project.payment_model(file).firm_validates else None


def may_answer(file: Application, user: Any) -> bool:
    """Whether his engagement is asked, or may still be changed."""
    wanted = CheckKind.PROVIDER in file.scheme_version.rule("examination", "checks", default=[])
    return wanted and any(offer.name == "provider" and not offer.why for offer in offers.records(user, file))


def last_answer(file: Application) -> Any:
    """The latest answer of the provider, with its words."""
    check = file.checks.filter(kind=CheckKind.PROVIDER).order_by("-pk").first()
    if check is None:
        return None
    event = Event.objects.filter(object=f"application:{file.pk}", act="record.provider").order_by("-number").first()
    note = getattr(event, "note", None)
    return {"green": check.finding == Finding.GREEN, "at": check.made_at, "words": note.text if note else ""}


def asked(file: Application, user: Any) -> str:
    """One sentence: what the region or the firm waits for from him now."""
    if may_answer(file, user) and last_answer(file) is None:
        return now_("La région attend votre réponse : confirmer votre engagement, ou le refuser.")
    if file.state == ApplicationState.RUNNING and not _reports(file).exists():
        if _is_paid(file):
            return now_("Réaliser la prestation, puis déposer votre rapport : une fois validé, vous serez payé.")
        return now_("Réaliser la prestation, puis déposer votre rapport : l’entreprise en a besoin pour être payée.")
    return now_("Rien ne vous est demandé pour le moment.")


def _reports(file: Application) -> Any:
    kept = file.documents.filter(kind=DocumentKind.PROVIDER_REPORT, deleted_at__isnull=True)
    return kept.select_related("added_by").order_by("pk")


def _history(file: Application) -> list[tuple[Any, Any]]:
    labels = {str(told(name)) for name in TOLD}
    return [(at, label) for at, label in queues.history(file) if str(label) in labels]


@require_POST
@for_providers
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Confirm the engagement, or decline it with a reason."""
    file = own_file(person(request), reference)
    if "confirm" in request.POST:
        return confirm(request, file)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return page(request, file, decline=form)
    return decline(request, file, form)


def confirm(request: HttpRequest, file: Application) -> HttpResponse:
    said = _("Votre engagement est confirmé : la région poursuit l’examen du dossier.")
    return perform(request, lambda: _record(request, file, Finding.GREEN, ""), said, "file", file.reference)


def decline(request: HttpRequest, file: Application, form: DeclineForm) -> HttpResponse:
    said = _("Votre refus est enregistré : la région et l’entreprise en sont informées dans le dossier.")
    reason = form.cleaned_data["reason"]
    return perform(request, lambda: _record(request, file, Finding.RED, reason), said, "file", file.reference)


def _record(request: HttpRequest, file: Application, finding: Finding, reason: str) -> None:
    gate.record(person(request), "application", file.pk, "provider", finding=finding.value, reason=reason)


@require_POST
@for_providers
def report(request: HttpRequest, reference: str) -> HttpResponse:
    """Hand in the report of the work."""
    user = person(request)
    file = own_file(user, reference)
    form = ReportForm(request.POST, request.FILES, user=user, application=file)
    if not form.is_valid():
        return page(request, file, report=form)
    said = _("Votre rapport est joint au dossier.")
    return perform(request, lambda: _hand_in(request, file, form), said, "file", file.reference)


def _hand_in(request: HttpRequest, file: Application, form: ReportForm) -> None:
    """The document and the act that says it was handed in: both or neither."""
    with transaction.atomic():
        form.save()
        recommended = form.cleaned_data.get("recommended", [])
        gate.record(person(request), "application", file.pk, "report", recommended=recommended)
