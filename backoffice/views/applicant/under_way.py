"""What a notified project asks of the firm beside its invoices: its share, reports, advances, loans, the group.

Everything here follows from the scheme's payment model and aid function, never from its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.shortcuts import resolve_url
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from applications.enums import ApplicationState, CheckKind, ClaimKind, ClaimState, OrderState, RecoveryState
from applications.models import Application, Claim, EscrowEntry, Recovery
from applications.rules import terms
from backoffice.views.applicant.shown import Action, Money, Stage
from backoffice.views.public.wording import euros
from regions import clock
from regions.calendars import local_date
from regions.enums import Instrument
from workflows import chain, follow_up, group, project, repayments, success

S = ApplicationState
WITH_ESCROW = (S.RUNNING, S.COMPLETED, S.LAPSED, S.REVOKED)
LIVE = (ClaimState.SUBMITTED, ClaimState.TO_COMPLETE, ClaimState.CHECKED, ClaimState.VERIFIED)
BUSY = _("Une autre demande de paiement est en cours : attendre qu’elle soit soldée, rejetée ou retirée.")
NOT_YET: dict[str, Any] = {
    "share": _("Verser d’abord votre part : le règlement le demande avant tout paiement."),
    "report": _("Votre prestataire n’a pas encore remis son rapport."),
    "validate": _("Valider d’abord le rapport de votre prestataire."),
}
BEGUN: dict[str, tuple[Any, Any]] = {
    ClaimKind.EXPENSES: (_("Terminer ma demande de paiement"), _("Compléter ma demande de paiement")),
    ClaimKind.ADVANCE: (_("Terminer ma demande d’avance"), _("Compléter ma demande d’avance")),
    ClaimKind.RELEASE: (_("Terminer ma demande de versement"), _("Compléter ma demande de versement")),
}


def awaited(file: Application) -> str:
    """What a running file waits for before its claim; "" when it does not run."""
    return project.awaited(file) if file.state == S.RUNNING else ""


def asked(file: Application) -> list[Recovery]:
    """The recoveries that the firm was told of: a finding that it was not heard on is the region's own work."""
    rows = file.recoveries.filter(answer_by__isnull=False)
    return list(rows.order_by("pk"))


# --- what she may do


def actions(file: Application, found: Mapping[str, Any], claims: list[Claim], waits: str) -> Iterator[Action]:
    """The acts of a project under way; `found` are the records offered to her, by name."""
    yield from _claims(file, claims, waits)
    yield from _share(file, waits)
    yield from _report(file, found, waits)
    yield from _advances(file, claims)
    yield from _provider(file, found)
    yield from _group(file)
    yield from _schedule(file)
    yield from _turnover(file)
    yield from _follow_up(file, found)
    yield from _revocation(file)
    yield from _recoveries(file)


def _claims(file: Application, claims: list[Claim], waits: str) -> Iterator[Action]:
    """Ask for payment, go on with what is begun, or answer what the region asks."""
    if file.state != S.RUNNING:
        return
    begun = [claim for claim in claims if claim.state in (*LIVE, ClaimState.DRAFT)]
    for claim in begun:
        if claim.state in (ClaimState.DRAFT, ClaimState.TO_COMPLETE):
            label = BEGUN[claim.kind][claim.state == ClaimState.TO_COMPLETE]
            yield Action(label, resolve_url("firm-claim", file.reference, claim.number), main=True)
    if not any(claim.kind == ClaimKind.EXPENSES for claim in begun):
        why = str(_busy(claims) or NOT_YET.get(waits, ""))
        yield Action(_("Demander le paiement"), resolve_url("firm-claim-new", file.reference), why, main=not why)


def _busy(claims: list[Claim]) -> Any:
    return BUSY if any(claim.state in LIVE for claim in claims) else ""


def _share(file: Application, waits: str) -> Iterator[Action]:
    if project.payment_model(file).share_first and file.amount_granted is not None and file.state in WITH_ESCROW:
        label = _("Verser ma part") if waits == "share" else _("Ma part versée")
        yield Action(label, resolve_url("firm-share", file.reference), main=waits == "share")


def _report(file: Application, found: Mapping[str, Any], waits: str) -> Iterator[Action]:
    offer = found.get("conformity")
    if offer is not None and project.payment_model(file).firm_validates:
        page = resolve_url("firm-report", file.reference)
        yield Action(_("Lire et valider le rapport du prestataire"), page, offer.why, main=waits == "validate")


def _advances(file: Application, claims: list[Claim]) -> Iterator[Action]:
    """The advance on the grant and what is lent, each asked for once."""
    if file.state != S.RUNNING:
        return
    for instrument, label in _to_ask(file):
        yield Action(label, resolve_url("firm-ask", file.reference, instrument), str(_busy(claims)))


def _to_ask(file: Application) -> Iterator[tuple[str, Any]]:
    if project.payment_model(file).advance and (advance := project.advance_open(file)):
        label = format_lazy(_("Demander l’avance : {amount}"), amount=euros(advance))
        yield Instrument.GRANT, label
    if terms.instruments(file.scheme_version.rules):
        for part in project.releases_open(file):
            words = {"instrument": part.get_instrument_display(), "amount": euros(part.amount)}
            yield part.instrument, format_lazy(_("Demander le versement : {instrument}, {amount}"), **words)


def _provider(file: Application, found: Mapping[str, Any]) -> Iterator[Action]:
    offer = found.get("change_provider")
    if offer is not None and project.wants_provider(file):
        yield Action(_("Changer de prestataire"), resolve_url("firm-provider", file.reference), offer.why)


def _group(file: Application) -> Iterator[Action]:
    if terms.group_terms(file.scheme_version.rules):
        yield Action(_("Le groupement"), resolve_url("firm-group", file.reference))


def _schedule(file: Application) -> Iterator[Action]:
    if file.notified_on and any(entry.get("every_months") for entry in terms.instruments(file.scheme_version.rules)):
        yield Action(_("Mes remboursements"), resolve_url("firm-schedule", file.reference))


def _turnover(file: Application) -> Iterator[Action]:
    """The year's export turnover, where an advance is repaid from it."""
    if any(entry.get("success") for entry in terms.instruments(file.scheme_version.rules)) and success.to_declare(
        file, clock.today(file.zone)
    ):
        label = _("Déclarer mon chiffre d’affaires à l’export")
        yield Action(label, resolve_url("firm-turnover", file.reference), main=True)


def _follow_up(file: Application, found: Mapping[str, Any]) -> Iterator[Action]:
    """What became of the project, once the day has come: the first thing to do until it is answered."""
    offer = found.get("follow_up")
    if offer is not None and not offer.why:
        known = follow_up.standing(file) is not None
        label = (
            _("Mes réponses sur le projet terminé") if known else _("Dire ce qu’est devenu le projet (deux minutes)")
        )
        yield Action(label, resolve_url("firm-follow-up", file.reference), main=not known)


def _revocation(file: Application) -> Iterator[Action]:
    """A withdrawal that the region means to make, or made."""
    row = file.revocations.order_by("-pk").first()
    if row is not None:
        due = row.ended_on is None and row.observed_on is None
        label = _("Répondre : projet de retrait de l’aide") if due else _("Retrait de l’aide : voir où il en est")
        yield Action(label, resolve_url("firm-revocation", file.reference), main=due)


def _recoveries(file: Application) -> Iterator[Action]:
    for row in asked(file):
        due = row.state == RecoveryState.HEARING and row.observed_on is None
        label = _("Répondre : somme à reverser") if due else _("Somme à reverser : voir où elle en est")
        yield Action(label, resolve_url("firm-recovery", file.reference, row.pk), main=due)


# --- where it stands


def before_decision(file: Application) -> Iterator[Stage]:
    """The word of the provider, and of each firm of the group, where the scheme asks for it."""
    if project.wants_provider(file):
        check = file.checks.filter(kind=CheckKind.PROVIDER).order_by("-pk").first()
        said = check is not None and project.provider_confirmed(file)
        yield Stage(_("Engagement du prestataire"), local_date(check.made_at, file.zone) if check and said else None)
    if terms.group_terms(file.scheme_version.rules):
        moments = [member.confirmed_at for member in group.taking_part(file)]
        last = max((moment for moment in moments if moment), default=None) if all(moments) else None
        yield Stage(_("Participation de chaque entreprise"), local_date(last, file.zone) if last else None)


def before_work(file: Application, claims: list[Claim], waits: str) -> Iterator[Stage]:
    """The firm's share and the advance, where the scheme has them."""
    model = project.payment_model(file)
    if model.share_first:
        entry = EscrowEntry.objects.filter(application=file, side="received").order_by("-effective_on").first()
        yield Stage(_("Votre part versée"), entry.effective_on if entry and waits != "share" else None)
    for claim in claims:
        if claim.kind != ClaimKind.EXPENSES and claim.state in (*LIVE, ClaimState.SETTLED):
            yield Stage(_kind_words(claim), _paid_on(claim), claim.payment_due_on)


def _kind_words(claim: Claim) -> Any:
    if claim.kind == ClaimKind.ADVANCE:
        return _("Avance versée")
    return format_lazy(_("{instrument} : somme versée"), instrument=claim.get_instrument_display())


def _paid_on(claim: Claim) -> Any:
    paid = [order.paid_on for order in claim.orders.all() if order.state == OrderState.PAID]
    return paid[-1] if paid else None


def after_work(file: Application) -> Iterator[Stage]:
    """The provider's report and the firm's word on it, where the payment waits for them."""
    if not project.payment_model(file).firm_validates:
        return
    reported = chain.last_made(file, project.REPORT)
    said = chain.last_made(file, project.CONFORMITY) if project.report_validated(file) else None
    yield Stage(_("Rapport du prestataire remis"), local_date(reported, file.zone) if reported else None)
    yield Stage(_("Rapport validé par vous"), local_date(said, file.zone) if said else None)


def after_payment(file: Application) -> Iterator[Stage]:
    """What has to be paid back next."""
    if not terms.instruments(file.scheme_version.rules) or getattr(file, "agreement", None) is None:
        return
    for part in file.agreement.components.order_by("pk"):
        due = repayments.next_due(part)
        if due is not None:
            label = format_lazy(_("Prochain remboursement : {what}"), what=part.get_instrument_display())
            yield Stage(label, None, due.due_on)


# --- the money


def money(file: Application, waits: str) -> Money | None:
    """What the money waits for before any claim; None when nothing holds the claim."""
    if waits == "share":
        return Money("share", None, project.awaited_share(file))
    return Money(waits) if waits in ("report", "validate") else None
