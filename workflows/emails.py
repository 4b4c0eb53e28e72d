"""Plain e-mails: what each says, and to whom. No amount, no state of a file: the page behind the link tells them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from applications.models import Application, AuditFinding, Mandate
from applications.models.application import live
from regions.calendars import local_date
from regions.enums import RoleKind
from regions.models import Accreditation, Provider, Role
from workflows import confirmation, emails_integrity, group
from workflows.mail import Mail, holders, link, subject_of
from workflows.models import OutboxMessage


def compose(message: OutboxMessage) -> Mail:
    """The e-mail of a queued message, in the language that is active."""
    return BY_TEMPLATE[message.template](message)


def addresses_of(provider: Provider) -> list[str]:
    """The provider's own address, then those of the accounts that act for it today."""
    members = live(provider.members, None).filter(user__is_active=True).order_by("pk")
    return list(dict.fromkeys([provider.email, *members.values_list("user__email", flat=True)]))


def _confirmation(message: OutboxMessage) -> Mail:
    file = message.application
    if file is None or file.provider is None:
        raise ValueError("a confirmation without its file and provider")
    token = confirmation.token_for(file, local_date(message.event.at, file.zone))
    words = {
        "firm": file.company.name, "reference": file.reference, "link": link("provider-confirm", token),
        "days": confirmation.VALID.days, "region": _("Région %(name)s") % {"name": file.region.name},
    }  # fmt: skip
    body = _(
        "Bonjour,\n\n%(firm)s vous a choisi comme prestataire (dossier %(reference)s). La région attend votre "
        "réponse : confirmez votre engagement, ou refusez-le en disant pourquoi.\n\n%(link)s\n\n"
        "Ce lien est valable %(days)s jours ; il demande de se connecter avec le compte de votre entreprise.\n\n"
        "%(region)s\n"
    )
    return Mail(
        _("%(reference)s – votre engagement est à confirmer") % words, body % words, addresses_of(file.provider)
    )


def _member(message: OutboxMessage) -> Mail:
    """To those who may bind the firms of a group that have not confirmed yet."""
    file = message.application
    if file is None:
        raise ValueError("a request to confirm without its file")
    words = {
        "firm": file.company.name, "reference": file.reference, "link": link("member-file", file.reference),
        "region": _("Région %(name)s") % {"name": file.region.name},
    }  # fmt: skip
    body = _(
        "Bonjour,\n\n%(firm)s a inscrit votre entreprise dans un groupement (dossier %(reference)s). Rien n’est "
        "fait en votre nom : confirmez la participation de votre entreprise, avec ses propres aides, ou quittez "
        "le groupement.\n\n%(link)s\n\n%(region)s\n"
    )
    return Mail(_("%(reference)s – votre participation est à confirmer") % words, body % words, _of_members(file))


def _of_members(file: Application) -> list[str]:
    firms = [member.company_id for member in group.unconfirmed(file)]
    mandates = live(Mandate.objects.filter(company__in=firms, user__is_active=True), None).order_by("pk")
    return list(dict.fromkeys(mandates.values_list("user__email", flat=True)))


def _role(message: OutboxMessage) -> Mail:
    role = Role.objects.select_related("region", "user").get(pk=subject_of(message))
    words = {
        "name": role.user.name, "role": role.get_kind_display(),
        "region": _("Région %(name)s") % {"name": role.region.name},
        "day": f"{role.valid_from:%d/%m/%Y}", "email": role.user.email, "link": link("sign-in"),
    }  # fmt: skip
    body = _(
        "Bonjour %(name)s,\n\nUn rôle vous est ouvert à partir du %(day)s : %(role)s, %(region)s.\n\n"
        "Pour entrer : %(link)s\nVotre identifiant est votre adresse électronique : %(email)s.\n"
        "Si vous n’avez pas encore de mot de passe, demandez un code à usage unique sur la page de connexion ; "
        "vous pourrez ensuite choisir un mot de passe.\n\n%(region)s\n"
    )
    return Mail(_("Guichet – votre accès est ouvert"), body % words, [role.user.email])


def _accreditation(message: OutboxMessage) -> Mail:
    row = Accreditation.objects.select_related("provider", "scheme", "region").get(pk=subject_of(message))
    words = {
        "scheme": str(row.scheme), "link": link("provider-accreditation", row.pk),
        "region": _("Région %(name)s") % {"name": row.region.name},
    }  # fmt: skip
    body = _(
        "Bonjour,\n\nVotre habilitation pour le dispositif « %(scheme)s » a changé d’état. Voir ce qui est demandé "
        "ou décidé :\n\n%(link)s\n\n%(region)s\n"
    )
    return Mail(_("Votre habilitation – %(scheme)s") % words, body % words, addresses_of(row.provider))


def _to_firm(subject: Any, body: Any, page: str = "file") -> Callable[[OutboxMessage], Mail]:
    """An e-mail to the firm's representative that sends him to his file's page, or to another page of it."""

    def compose_(message: OutboxMessage) -> Mail:
        file = message.application
        if file is None:
            raise ValueError("an e-mail about a file without its file")
        words = {
            "reference": file.reference, "link": link(page, file.reference),
            "region": _("Région %(name)s") % {"name": file.region.name},
        }  # fmt: skip
        return Mail(str(subject) % words, str(body) % words, [file.representative.email])

    return compose_


def _late_desk(message: OutboxMessage) -> Mail:
    """To the region's liquidators, when an instalment was not repaid on its day."""
    file = message.application
    if file is None:
        raise ValueError("an e-mail about a file without its file")
    words = {"reference": file.reference, "link": link("receipts", "echeances")}
    body = _(
        "Bonjour,\n\nUne échéance de remboursement du dossier %(reference)s est passée sans paiement. "
        "Voir les échéances en retard :\n\n%(link)s\n"
    )
    to = holders(file.region_id, RoleKind.LIQUIDATOR)
    return Mail(_("%(reference)s – une échéance n’est pas remboursée") % words, body % words, to)


def _report(subject: Any, body: Any) -> Callable[[OutboxMessage], Mail]:
    """To those who assess an irregularity and report it: the region's officers and deciders."""

    def compose_(message: OutboxMessage) -> Mail:
        file = message.application
        if file is None:
            raise ValueError("an e-mail about a file without its file")
        words = {"reference": file.reference, "link": f"{link('irregularities')}?etape=presse"}
        to = holders(file.region_id, RoleKind.OFFICER, RoleKind.DECIDER)
        return Mail(str(subject) % words, str(body) % words, to)

    return compose_


_irregularity_soon = _report(
    _lazy("%(reference)s – une irrégularité est bientôt à signaler"),
    _lazy(
        "Bonjour,\n\nLe dernier jour pour signaler une irrégularité du dossier %(reference)s à la Commission approche "
        "(annexe XII). L’apprécier, puis la signaler si aucune exemption ne s’applique :\n\n%(link)s\n"
    ),
)
_irregularity_late = _report(
    _lazy("%(reference)s – une irrégularité n’a pas été signalée à temps"),
    _lazy(
        "Bonjour,\n\nLe dernier jour pour signaler une irrégularité du dossier %(reference)s à la Commission est passé "
        "(annexe XII). L’apprécier et la signaler sans attendre :\n\n%(link)s\n"
    ),
)


def _finding(message: OutboxMessage) -> tuple[AuditFinding, dict[str, str]]:
    found = AuditFinding.objects.select_related("application__assigned_to", "author").get(pk=subject_of(message))
    return found, {"number": found.number, "link": link("finding", found.pk)}


def _finding_sent(message: OutboxMessage) -> Mail:
    """To who follows the file, else the region's officers, and to its deciders: an answer is awaited."""
    found, words = _finding(message)
    to = list(dict.fromkeys([*_officers(found.application), *holders(found.region_id, RoleKind.DECIDER)]))
    body = _(
        "Bonjour,\n\nL’audit a envoyé un constat à la région (%(number)s). Une réponse est attendue. Ce qui est "
        "constaté, ce qui est demandé, et pour quel jour :\n\n%(link)s\n"
    )
    return Mail(_("%(number)s – un constat d’audit attend votre réponse") % words, body % words, to)


def _finding_answered(message: OutboxMessage) -> Mail:
    """To the auditor who wrote the finding, else to the region's auditors: its answer is there."""
    found, words = _finding(message)
    auditors = holders(found.region_id, RoleKind.AUDITOR)
    body = _(
        "Bonjour,\n\nLa région a répondu à votre constat %(number)s. Lire sa réponse, puis clore le constat ou "
        "demander une suite :\n\n%(link)s\n"
    )
    to = [found.author.email] if found.author.email in auditors else auditors
    return Mail(_("%(number)s – la région a répondu à votre constat") % words, body % words, to)


def _to_officer(subject: Any, body: Any) -> Callable[[OutboxMessage], Mail]:
    """To who follows the file, else to the region's officers."""

    def compose_(message: OutboxMessage) -> Mail:
        file = message.application
        if file is None:
            raise ValueError("an e-mail about a file without its file")
        words = {"reference": file.reference, "link": link("file", file.reference)}
        return Mail(str(subject) % words, str(body) % words, _officers(file))

    return compose_


def _officers(file: Application) -> list[str]:
    if file.assigned_to and file.assigned_to.is_active:
        return [file.assigned_to.email]
    return holders(file.region_id, RoleKind.OFFICER)


_turnover_declared = _to_officer(
    _lazy("%(reference)s – un chiffre d’affaires à l’export est à contrôler"),
    _lazy(
        "Bonjour,\n\nL’entreprise du dossier %(reference)s a déclaré son chiffre d’affaires à l’export de l’année. "
        "Le contrôler : ce qui reste à rembourser en dépend.\n\n%(link)s\n"
    ),
)
_turnover_late_desk = _to_officer(
    _lazy("%(reference)s – un chiffre d’affaires à l’export n’est pas déclaré"),
    _lazy(
        "Bonjour,\n\nL’entreprise du dossier %(reference)s n’a pas déclaré à temps son chiffre d’affaires à l’export. "
        "Elle en est prévenue par courriel ; l’appeler peut l’aider.\n\n%(link)s\n"
    ),
)
_turnover_asked = _to_firm(
    _lazy("%(reference)s – votre chiffre d’affaires à l’export est à déclarer"),
    _lazy(
        "Bonjour,\n\nUne année de votre avance (dossier %(reference)s) est terminée. Déclarez votre chiffre d’affaires "
        "à l’export de cette année : ce qui est à rembourser en dépend. Zéro est une réponse. Le dernier jour pour le "
        "faire, et le formulaire :\n\n%(link)s\n\n%(region)s\n"
    ),
)
_turnover_soon = _to_firm(
    _lazy("%(reference)s – bientôt le dernier jour pour déclarer votre chiffre d’affaires"),
    _lazy(
        "Bonjour,\n\nLe dernier jour pour déclarer votre chiffre d’affaires à l’export (dossier %(reference)s) "
        "approche, et nous n’avons pas encore votre déclaration. Zéro est une réponse.\n\n%(link)s\n\n%(region)s\n"
    ),
)
_turnover_late = _to_firm(
    _lazy("%(reference)s – votre chiffre d’affaires à l’export n’est pas déclaré"),
    _lazy(
        "Bonjour,\n\nLe dernier jour pour déclarer votre chiffre d’affaires à l’export (dossier %(reference)s) est "
        "passé. Vous pouvez encore le faire : faites-le dès aujourd’hui, ou appelez la région si quelque chose vous en "
        "empêche.\n\n%(link)s\n\n%(region)s\n"
    ),
)
_turnover_checked = _to_firm(
    _lazy("%(reference)s – votre chiffre d’affaires à l’export est contrôlé"),
    _lazy(
        "Bonjour,\n\nLa région a contrôlé le chiffre d’affaires à l’export que vous avez déclaré (dossier "
        "%(reference)s). Ce qu’elle en retient, et ce qui est à rembourser :\n\n%(link)s\n\n%(region)s\n"
    ),
)
_turnover_returned = _to_firm(
    _lazy("%(reference)s – votre déclaration de chiffre d’affaires est à corriger"),
    _lazy(
        "Bonjour,\n\nLa région vous renvoie votre déclaration de chiffre d’affaires à l’export (dossier "
        "%(reference)s), avec ce qu’il faut corriger. La faire à nouveau :\n\n%(link)s\n\n%(region)s\n"
    ),
)
_follow_up_asked = _to_firm(
    _lazy("%(reference)s – ce qu’est devenu votre projet, en deux minutes"),
    _lazy(
        "Bonjour,\n\nVotre projet aidé (dossier %(reference)s) est terminé depuis quelques mois. Quelques questions, "
        "deux minutes, sur un téléphone : ce qu’il est devenu, et ce que l’aide a changé. Vos réponses ne changent "
        "rien à l’aide reçue.\n\n%(link)s\n\n%(region)s\n"
    ),
    "firm-follow-up",
)
_follow_up_reminder = _to_firm(
    _lazy("%(reference)s – nous n’avons pas encore vos réponses"),
    _lazy(
        "Bonjour,\n\nNous n’avons pas encore vos réponses sur ce qu’est devenu votre projet (dossier %(reference)s). "
        "Deux minutes suffisent ; la région peut aussi vous appeler et les noter avec vous.\n\n%(link)s\n\n"
        "%(region)s\n"
    ),
    "firm-follow-up",
)
_waiting_list = _to_firm(
    _lazy("%(reference)s – votre dossier prend son rang dans la liste d’attente"),
    _lazy(
        "Bonjour,\n\nVotre dossier %(reference)s est instruit, mais les crédits de l’année sont engagés. Il garde son "
        "rang, qui est celui des dossiers complets ; vous n’avez rien à faire. Votre rang et la suite :\n\n%(link)s\n\n"
        "%(region)s\n"
    ),
)
_room_again = _to_firm(
    _lazy("%(reference)s – des crédits sont revenus"),
    _lazy(
        "Bonjour,\n\nDes crédits sont revenus et c’est le tour de votre dossier %(reference)s : la région va décider. "
        "Ce message n’est pas une décision.\n\n%(link)s\n\n%(region)s\n"
    ),
)
_instalment_late = _to_firm(
    _lazy("%(reference)s – une échéance de remboursement est passée"),
    _lazy(
        "Bonjour,\n\nUne échéance de remboursement du dossier %(reference)s est passée et son paiement n’est pas "
        "enregistré. Voir l’échéancier ; si vous avez payé, envoyez la preuve à la région.\n\n%(link)s\n\n%(region)s\n"
    ),
)

_lines_parked = _to_firm(
    _lazy("%(reference)s – des lignes sont reportées à une prochaine demande de paiement"),
    _lazy(
        "Bonjour,\n\nVotre demande de paiement du dossier %(reference)s est certifiée, sauf une ou plusieurs lignes. "
        "Elles ne sont pas rejetées : présentez-les dans une prochaine demande, avec ce qui manquait. Les lignes et "
        "les raisons :\n\n%(link)s\n\n%(region)s\n"
    ),
)


_revocation_dropped = _to_firm(
    _lazy("%(reference)s – votre aide est maintenue"),
    _lazy(
        "Bonjour,\n\nLa région n’a pas donné suite à son projet de retirer l’aide du dossier %(reference)s : l’aide "
        "est maintenue et vous n’avez rien à faire.\n\n%(link)s\n\n%(region)s\n"
    ),
)


BY_TEMPLATE: dict[str, Callable[[OutboxMessage], Mail]] = {
    "provider_confirmation": _confirmation,
    "member_confirmation": _member,
    "role_given": _role,
    "accreditation_changed": _accreditation,
    "waiting_list": _waiting_list,
    "room_again": _room_again,
    "instalment_late": _instalment_late,
    "instalment_late_desk": _late_desk,
    "revocation_dropped": _revocation_dropped,
    "lines_parked": _lines_parked,
    "irregularity_soon": _irregularity_soon,
    "irregularity_late": _irregularity_late,
    "finding_sent": _finding_sent,
    "finding_answered": _finding_answered,
    "turnover_declared": _turnover_declared,
    "turnover_asked": _turnover_asked,
    "turnover_soon": _turnover_soon,
    "turnover_late": _turnover_late,
    "turnover_late_desk": _turnover_late_desk,
    "turnover_checked": _turnover_checked,
    "turnover_returned": _turnover_returned,
    "follow_up_asked": _follow_up_asked,
    "follow_up_reminder": _follow_up_reminder,
} | emails_integrity.BY_TEMPLATE
TITLES = {
    "provider_confirmation": _lazy("Engagement à confirmer par le prestataire"),
    "member_confirmation": _lazy("Participation à confirmer par une entreprise du groupement"),
    "role_given": _lazy("Accès ouvert"),
    "accreditation_changed": _lazy("Habilitation modifiée"),
    "waiting_list": _lazy("Rang dans la liste d’attente"),
    "room_again": _lazy("Crédits revenus"),
    "instalment_late": _lazy("Échéance de remboursement en retard"),
    "instalment_late_desk": _lazy("Échéance de remboursement en retard, au liquidateur"),
    "revocation_dropped": _lazy("Retrait abandonné : l’aide est maintenue"),
    "irregularity_soon": _lazy("Irrégularité bientôt à signaler"),
    "irregularity_late": _lazy("Irrégularité non signalée à temps"),
    "lines_parked": _lazy("Lignes reportées à une prochaine demande de paiement"),
    "finding_sent": _lazy("Constat d’audit à répondre"),
    "finding_answered": _lazy("Constat d’audit répondu, à l’auditeur"),
    "turnover_declared": _lazy("Chiffre d’affaires à l’export à contrôler, à l’instructeur"),
    "turnover_asked": _lazy("Chiffre d’affaires à l’export demandé"),
    "turnover_soon": _lazy("Chiffre d’affaires à l’export, rappel"),
    "turnover_late": _lazy("Chiffre d’affaires à l’export non déclaré à temps"),
    "turnover_late_desk": _lazy("Chiffre d’affaires à l’export non déclaré à temps, à l’instructeur"),
    "turnover_checked": _lazy("Chiffre d’affaires à l’export contrôlé"),
    "turnover_returned": _lazy("Déclaration de chiffre d’affaires à corriger"),
    "follow_up_asked": _lazy("Résultats du projet demandés"),
    "follow_up_reminder": _lazy("Résultats du projet, rappel"),
} | emails_integrity.TITLES
