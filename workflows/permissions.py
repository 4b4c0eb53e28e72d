"""Rights: named questions about a person and a file, each with the sentence for a no.

Every right reads roles in force on the day of the act: a role that ended yesterday gives nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from applications.enums import MandateKind
from applications.models import Application, BankChange, Claim, Irregularity, PaymentOrder, Recovery
from applications.models.application import live
from regions.enums import RoleKind
from regions.models import Accreditation
from workflows.acts import Act, Predicate, predicate


def file_of(target: Any) -> Any:
    """The file an object belongs to: an application for its claims and orders, else itself."""
    return target.application if isinstance(target, Claim | PaymentOrder | Recovery | Irregularity) else target


def once(act: Act, name: str, read: Callable[[], Iterable[Any]]) -> frozenset[Any]:
    """What the actor holds, read once for a screen and each time for an act."""
    if act.held is None:
        return frozenset(read())
    if name not in act.held:
        act.held[name] = frozenset(read())
    return act.held[name]


def _has_role(target: Any, act: Act, kind: RoleKind) -> bool:
    roles = live(act.actor.roles, act.day)
    return (kind, file_of(target).region_id) in once(act, "roles", lambda: roles.values_list("kind", "region_id"))


def role(kind: RoleKind) -> Predicate:
    """The right of those who hold a role of this kind in the file's region on the day of the act."""

    def ask(target: Any, act: Act) -> bool:
        return _has_role(target, act, kind)

    ask.__name__ = f"{kind.value}_of_the_region"
    ask.__doc__ = f"Holds the role {kind.value} in the file's region on the day of the act."
    return predicate(
        format_lazy(_("Cet acte est réservé à un autre rôle dans cette région : {role}."), role=kind.label)
    )(ask)


officer = role(RoleKind.OFFICER)
decider = role(RoleKind.DECIDER)
notifier = role(RoleKind.NOTIFIER)
certifier = role(RoleKind.CERTIFIER)
liquidator = role(RoleKind.LIQUIDATOR)
authorising = role(RoleKind.AUTHORISING)
accountant = role(RoleKind.ACCOUNTANT)
auditor = role(RoleKind.AUDITOR)


@predicate(_("Cet acte est réservé au liquidateur et à l’ordonnateur de cette région."))
def liquidator_or_authorising(target: Any, act: Act) -> bool:
    """Prepares or signs the orders of the file's region on the day of the act."""
    return any(_has_role(target, act, kind) for kind in (RoleKind.LIQUIDATOR, RoleKind.AUTHORISING))


@predicate(_("Cet acte est réservé à l’instructeur et au certificateur de cette région."))
def officer_or_certifier(target: Any, act: Act) -> bool:
    """Examines or certifies in the file's region on the day of the act."""
    return any(_has_role(target, act, kind) for kind in (RoleKind.OFFICER, RoleKind.CERTIFIER))


@predicate(_("Cet acte est réservé à l’instructeur, au certificateur et au décideur de cette région."))
def answers_the_audit(target: Any, act: Act) -> bool:
    """Examines, certifies or decides in the file's region on the day of the act."""
    return any(_has_role(target, act, kind) for kind in (RoleKind.OFFICER, RoleKind.CERTIFIER, RoleKind.DECIDER))


@predicate(_("Seul le représentant légal de l’entreprise, ou son mandataire par écrit, peut faire cet acte."))
def representative(target: Any, act: Act) -> bool:
    """Is the firm's legal representative, or a proxy with a written mandate, on the day of the act."""
    file = file_of(target)
    if isinstance(file, Application | BankChange) and file.company_id is not None:
        mandates = live(act.actor.mandates, act.day).filter(kind__in=MandateKind.values)
        return file.company_id in once(act, "firms", lambda: mandates.values_list("company", flat=True))
    return False


@predicate(_("Seul le prestataire désigné dans le dossier peut faire cet acte."))
def provider(target: Any, act: Act) -> bool:
    """Acts for the provider named in the file (or applying for accreditation)."""
    file = file_of(target)
    provider_id = file.provider_id if isinstance(file, Application | Accreditation) else None
    return live(act.actor.provider_memberships, act.day).filter(provider_id=provider_id).exists()


@predicate(_("Seul le représentant d’une entreprise du groupement peut faire cet acte."))
def member(target: Any, act: Act) -> bool:
    """Represents a firm of the group, the lead's apart, on the day of the act."""
    firms = live(act.actor.mandates, act.day).values("company")
    return target.members.filter(company__in=firms, left_on__isnull=True).exists()


@predicate(_("Seuls l’instructeur et les entreprises du groupement peuvent faire cet acte."))
def group_or_officer(target: Any, act: Act) -> bool:
    """Represents the lead or a member of the group, or examines the file."""
    return any(right(target, act) for right in (representative, member, officer))


@predicate(_("Seul le bénéficiaire du paiement peut faire cet acte."))
def payee(target: Any, act: Act) -> bool:
    """Represents the firm, or acts for the provider, whose bank details change."""
    if target.company_id is not None:
        return representative(target, act)
    return live(act.actor.provider_memberships, act.day).filter(provider_id=target.provider_id).exists()


@predicate(_("Cet acte est fait par le système : un délai ou un retour du comptable le déclenche."))
def system(target: Any, act: Act) -> bool:
    """Is the system itself: a timer, or an imported return."""
    return act.actor.is_system


# The name of a right → in what capacity its holder acts, for the history of a file.
CAPACITIES: dict[str, Any] = {
    **{f"{kind.value}_of_the_region": kind.label for kind in RoleKind},
    "liquidator_or_authorising": _("Liquidateur ou ordonnateur"),
    "answers_the_audit": _("La région"),
    "officer_or_certifier": _("Instructeur ou certificateur"),
    "member": _("Une entreprise du groupement"),
    "group_or_officer": _("Le groupement ou l’instructeur"),
    "payee": _("Le bénéficiaire du paiement"),
    "representative": _("L’entreprise"),
    "provider": _("Le prestataire"),
    "system": _("Le système"),
}
