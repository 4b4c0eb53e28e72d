"""Records of a project under way: the provider's report, the firm's share, instalments, a group that changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from applications.booking import Booking
from applications.enums import ENDED, ApplicationState, Bucket, CheckKind, Finding
from applications.escrow import EscrowMove, escrow_of
from applications.forms.application import providers_for
from applications.models import ApplicationMember, CheckResult, Company, EscrowEntry
from regions.models import User
from regions.money import ZERO
from workflows import assessment, group, ownership, project, repayments, undertaking
from workflows import conditions_project as only_if
from workflows import permissions as may
from workflows.acts import Act, Denied, Effects
from workflows.conditions import passed
from workflows.machines import awards
from workflows.models import Deadline
from workflows.record import Record, on
from workflows.sentences import euro, in_words

S = ApplicationState
OPEN = (S.SUBMITTED, S.TO_COMPLETE, S.EXAMINING, S.PROPOSED, S.GRANTED, S.RUNNING)
BEFORE_END = (S.SUBMITTED, S.EXAMINING, S.GRANTED, S.RUNNING)
AFTER_GRANT = (S.RUNNING, *ENDED)
Run = Callable[[Any, Act], Effects]


# --- the provider


def _report(file: Any, act: Act) -> Effects:
    """The mission's report; that of an analysis names the services it recommends for the next level."""
    known = {category["code"] for category in file.scheme_version.rule("what", "categories", default=[])}
    recommended = [code for code in act.facts.get("recommended", []) if code in known]
    if recommended:
        file.recommended = recommended
    return Effects(facts={"recommended": recommended})


def _conformity(file: Any, act: Act) -> Effects:
    return Effects(facts={"report": project.last_number(file, project.REPORT)})


def _change_provider(file: Any, act: Act) -> Effects:
    """Another accredited provider; he is asked to confirm, and what the one before him said counts no more."""
    asked = act.facts.get("provider")
    chosen = providers_for(file).filter(pk=asked).first() if isinstance(asked, int) else None
    if chosen is None or chosen.pk == file.provider_id:
        raise Denied(now_("Choisir un autre prestataire, habilité à ce jour."))
    before, file.provider = file.provider_id, chosen
    file.expert, file.provider_chosen_at = None, act.at
    mails = [] if file.state in (S.SUBMITTED, S.TO_COMPLETE) else ["provider_confirmation"]
    return Effects(facts={"provider": chosen.pk, "before": before}, emails=mails)


# --- the firm's own share


def _received(file: Any, act: Act) -> Effects:
    amount, reference = _money(act)
    if EscrowEntry.objects.filter(application=file, side="received", reference=reference).exists():
        raise Denied(now_("Cette référence est déjà enregistrée sur ce dossier."))
    return Effects(
        facts=_told(act), escrow=[EscrowMove("received", amount, reference)], effective_on=act.facts["value_date"]
    )


def _refunded(file: Any, act: Act) -> Effects:
    amount, reference = _money(act)
    if amount > escrow_of(file).held:
        raise Denied(now_("Le montant dépasse ce qui est détenu : %s.") % euro(escrow_of(file).held))
    return Effects(
        facts=_told(act), escrow=[EscrowMove("refunded", amount, reference)], effective_on=act.facts["value_date"]
    )


def _money(act: Act) -> tuple[Decimal, str]:
    """The amount and the reference of a movement seen on the account; Denied when one is missing or to come."""
    amount, reference, day = (act.facts.get(name) for name in ("amount", "reference", "value_date"))
    if not isinstance(amount, Decimal) or amount <= ZERO or not reference:
        raise Denied(now_("Indiquer le montant et la référence du mouvement."))
    if not isinstance(day, date) or day > act.day:
        raise Denied(now_("Indiquer la date de valeur du mouvement, au plus tard aujourd’hui."))
    return amount, str(reference)


def _told(act: Act) -> dict[str, Any]:
    return {name: act.facts[name] for name in ("amount", "reference", "value_date")}


# --- repayments


def _instalment(file: Any, act: Act) -> Effects:
    """An instalment came in, in full: seen on the account by the public accountant."""
    amount, reference = _money(act)
    component = file.agreement.components.filter(instrument=act.facts.get("instrument")).first()
    row = component and component.instalments.filter(number=act.facts.get("number"), paid_on__isnull=True).first()
    if row is None or amount != row.due:
        raise Denied(now_("Aucune échéance de ce montant n’attend de remboursement."))
    row.paid_on, row.reference = act.facts["value_date"], reference
    row.save(update_fields=["paid_on", "reference"])
    return Effects(
        facts=_told(act) | {"instrument": component.instrument, "number": row.number},
        bookings=[Booking(Bucket.RECOVERED, row.principal, component.instrument)] if row.principal else [],
        closes=(Deadline.Kind.INSTALMENT,),
        due=repayments.deadline(file),
        effective_on=row.paid_on,
    )


def _instalment_late(file: Any, act: Act) -> Effects:
    """An instalment's day passed: the firm and the region's liquidators are told, and the next day is set."""
    late = repayments.tell_late(file, act.day)
    return Effects(
        facts={"late": late},
        emails=["instalment_late", "instalment_late_desk"],
        closes=(Deadline.Kind.INSTALMENT,),
        due=repayments.deadline(file),
    )


# --- the group


def _confirm(file: Any, act: Act) -> Effects:
    """Each firm says for itself that it takes part, and what other de minimis aid it had."""
    firms = set(act.actor.mandates.values_list("company_id", flat=True))
    waiting = [m for m in group.unconfirmed(file) if m.company_id in firms]
    if not waiting:
        raise Denied(now_("La participation de votre entreprise est déjà confirmée."))
    for member in waiting:
        _confirm_one(file, act, member)
    if not group.unconfirmed(file) and CheckKind.MEMBERS in file.scheme_version.rule(
        "examination", "checks", default=[]
    ):
        _all_confirmed(file, act)
    return Effects(facts={"companies": [member.company_id for member in waiting]})


def _confirm_one(file: Any, act: Act, member: ApplicationMember) -> None:
    declared = act.facts.get("declared_de_minimis")
    member.declared_de_minimis = declared if isinstance(declared, Decimal) else member.declared_de_minimis or ZERO
    member.confirmed_at, member.confirmed_by = act.at, act.actor
    if file.amount_granted is not None and member.share is None:
        _take_the_place(file, act, member)
    member.save()


def _all_confirmed(file: Any, act: Act) -> None:
    CheckResult(
        application=file, kind=CheckKind.MEMBERS, finding=Finding.GREEN, codes=[], made_by=User.objects.system(),
        made_at=act.at,
    ).save()  # fmt: skip


def _take_the_place(file: Any, act: Act, member: ApplicationMember) -> None:
    """A firm that joins after the grant takes the part of the one that left, within its own ceiling."""
    declared = ownership.declared(file)
    undertaking.lock(undertaking.sirens_of(member.company.siren, undertaking.links(declared, member.company.siren)))
    party = group.Party(member.company, member.declared_de_minimis or ZERO, member)
    measured = assessment.party_input(file, act.day, party, declared)
    verdict = assessment.headroom(measured, file.amount_to_cut, act.day)
    if awards.counts(file) and not verdict.ok:
        raise Denied(in_words(reason for reason in verdict.reasons if reason.blocking))
    member.share = file.amount_to_cut
    awards.join(file, act, member, file.amount_to_cut)
    file.amount_to_cut = ZERO


def _leave(file: Any, act: Act) -> Effects:
    """A firm leaves: nothing is given to it any more, and its part of the grant is to be cut or taken over."""
    if not act.reason:
        raise Denied(now_("Indiquer pourquoi l’entreprise quitte le groupement."))
    member = group_member(file, act)
    member.left_on = act.day
    member.save(update_fields=["left_on"])
    if member.share:
        awards.drop(file, act, member)
        file.amount_to_cut += member.share
    return Effects(facts={"company": member.company_id, "to_cut": file.amount_to_cut})


def group_member(file: Any, act: Act) -> ApplicationMember:
    """The member named by the act; a member may name itself only."""
    asked = [m for m in group.taking_part(file) if m.company_id == act.facts.get("company")]
    own = set(act.actor.mandates.values_list("company_id", flat=True))
    if not asked or (asked[0].company_id not in own and not _leads(file, act)):
        raise Denied(now_("Indiquer une entreprise du groupement."))
    return asked[0]


def _leads(file: Any, act: Act) -> bool:
    return may.representative(file, act) or may.officer(file, act)


def _join(file: Any, act: Act) -> Effects:
    """The lead takes in another firm of the register; it confirms for itself."""
    company = Company.objects.filter(siren=act.facts.get("siren", "")).first()
    taken = {party.company.pk for party in group.parties(file)}
    if company is None or company.pk in taken:
        raise Denied(now_("Indiquer le SIREN d’une entreprise connue du guichet, hors du groupement."))
    if file.amount_granted is not None and file.amount_to_cut == ZERO:
        raise Denied(now_("Aucune place n’est libre : l’aide accordée est entièrement répartie."))
    member = ApplicationMember.objects.create(application=file, company=company)
    return Effects(facts={"company": company.pk, "member": member.pk}, emails=["member_confirmation"])


RECORDS: dict[str, Record] = {
    "report": on(may.provider, _report, _("Rapport du prestataire"), (S.RUNNING,)),
    "conformity": on(
        may.representative, _conformity, _("Validation du rapport par l’entreprise"), (S.RUNNING,),
        only_if.report_to_validate,
    ),
    "change_provider": on(
        may.representative, _change_provider, _("Changement de prestataire"), BEFORE_END, only_if.may_change_provider
    ),
    "share_received": on(
        may.accountant, _received, _("Part de l’entreprise reçue"), (S.RUNNING,), only_if.has_escrow
    ),
    "share_refunded": on(
        may.accountant, _refunded, _("Part rendue à l’entreprise"), AFTER_GRANT, only_if.has_escrow
    ),
    "instalment_late": on(
        may.system, _instalment_late, _("Échéance de remboursement en retard"), AFTER_GRANT,
        passed(Deadline.Kind.INSTALMENT),
    ),
    "instalment": on(may.accountant, _instalment, _("Échéance remboursée"), AFTER_GRANT),
    "member_confirm": on(may.member, _confirm, _("Participation confirmée"), OPEN, only_if.is_group),
    "member_left": on(
        may.group_or_officer, _leave, _("Départ d’une entreprise du groupement"), BEFORE_END, only_if.is_group
    ),
    "member_join": on(
        may.representative, _join, _("Arrivée d’une entreprise dans le groupement"), BEFORE_END, only_if.is_group
    ),
}  # fmt: skip
