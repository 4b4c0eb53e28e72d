"""Who declared an interest, and what the gate refuses him for it.

Art. 61 of Regulation (EU, Euratom) 2024/2509: where the impartial exercise of a function is compromised by family,
emotional life, political or national affinity, economic or any other direct or indirect personal interest, the person
refrains from acting. It binds everybody who takes part, preparatory acts, audit and control included. A declaration
holds for the months that the region sets; the interests of the last one bar its author even after it ran out.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from applications.models import Application, ApplicationMember
from applications.models.application import live
from regions.calendars import add_months
from regions.enums import RoleKind
from regions.models import DeclaredInterest, IntegrityTerms, InterestDeclaration, Provider, Region, Role, User
from workflows.acts import Act, Denied, Forbidden, Predicate, predicate
from workflows.administration.common import act_of, log
from workflows.canonical import encode, sha256
from workflows.permissions import file_of, member, once, representative

PAGE = "interests"
CURRENT = "2026-1"
MONTHS, NOTICE = 12, 30  # usual, where a region set no terms; days before the end, the house's own
WORDINGS: dict[str, Any] = {
    CURRENT: _(
        "J’ai pris connaissance de l’article 61 du règlement (UE, Euratom) 2024/2509. Pour les dossiers que "
        "j’instruis, propose, décide, certifie, ordonnance, paie ou contrôle, je déclare n’avoir aucun intérêt "
        "familial, affectif, politique, national, économique ou personnel, direct ou indirect, qui compromette "
        "l’exercice impartial et objectif de mes fonctions, sauf dans les entreprises et prestataires que je nomme. "
        "Si ma situation change, je le déclare sans attendre et je m’abstiens d’agir."
    )
}
# Rights of those who act for a firm, for a provider or as the system: no interest bars them from their own file.
OUTSIDE = frozenset(
    {representative.name, "complainant", "provider_complains", "provider", member.name, "payee", "system"}
)
SHARED = "group_or_officer"
DECIDING = (RoleKind.DECIDER, RoleKind.CERTIFIER, RoleKind.LIQUIDATOR, RoleKind.AUTHORISING)
DECISIVE = frozenset({f"{kind}_of_the_region" for kind in DECIDING} | {"liquidator_or_authorising"})
REQUIRED_OF = (RoleKind.OFFICER, *DECIDING)
PROPOSING = frozenset({"application.propose", "claim.control"})


def latest(person: int) -> QuerySet[InterestDeclaration]:
    """The last declaration of a natural person, whichever account made it: one row, or none."""
    return InterestDeclaration.objects.filter(user__person=person).order_by("-pk")[:1]


def interests(person: int) -> QuerySet[DeclaredInterest]:
    """The firms that a natural person named in the last declaration."""
    return DeclaredInterest.objects.filter(declaration__in=latest(person).values("pk"))


def barred_files(user: User) -> Q:
    """Files of a firm, a member of a group or a provider in which the person declared an interest."""
    mine = interests(user.person_id).values("siren")
    providers = Provider.objects.annotate(siren=Substr("siret", 1, 9)).filter(siren__in=mine)
    members = ApplicationMember.objects.filter(company__siren__in=mine).values("application")
    return Q(company__siren__in=mine) | Q(provider__in=providers.values("pk")) | Q(pk__in=members)


def _sirens_of(target: Any) -> set[str]:
    """The SIRENs that an object is about: the firm's, its provider's, those of a group's members."""
    file = getattr(target, "about_file", None) or getattr(target, "application", target)
    company, provider = getattr(file, "company", None), getattr(file, "provider", None)
    found = {company.siren} if company else set()
    makers = (provider, getattr(target, "provider", None), getattr(target, "from_provider", None))
    found |= {maker.siret[:9] for maker in makers if maker}
    if isinstance(file, Application):
        found |= set(file.members.values_list("company__siren", flat=True))
    return found


NOT_YOU = _(
    "Une autre personne doit s’en charger : vous avez déclaré un intérêt dans cette entreprise ou ce prestataire."
)


def barred(user: User, targets: Sequence[Any]) -> list[str]:
    """For each object of a list, the sentence that keeps this person from it, or "". One query without interests."""
    mine = set(interests(user.person_id).values_list("siren", flat=True))
    return [str(NOT_YOU) if mine and mine & _sirens_of(target) else "" for target in targets]


@predicate(NOT_YOU)
def disinterested(target: Any, act: Act) -> bool:
    """Declared no interest in the firm, the group or the provider of the object (art. 61 of 2024/2509)."""
    mine = once(act, "interests", lambda: interests(act.actor.person_id).values_list("siren", flat=True))
    return not mine or not mine & _sirens_of(target)


def _undeclared() -> SafeString:
    return format_html(
        '{} <a href="{}">{}</a>', now_("Votre déclaration d’intérêts manque ou n’est plus valable."), reverse(PAGE),
        now_("Déclarer mes intérêts"),
    )  # fmt: skip


@predicate(lazy(_undeclared, SafeString)())
def declared(target: Any, act: Act) -> bool:
    """Has a declaration of interests that holds on the day of the act, where the region requires one."""
    region = file_of(target).region_id

    def read() -> list[bool]:
        return [True] if is_current(region, act.actor.person_id, act.day) else []

    return bool(once(act, f"declared {region}", read))


def is_current(region: int, person: int, day: date) -> bool:
    """Whether a region requires nothing of the person on a day, or has a declaration that holds."""
    terms = IntegrityTerms.in_force(region, day)
    return terms is None or not terms.required or _holds(latest(person).first(), terms, day)


def _holds(found: InterestDeclaration | None, terms: IntegrityTerms, day: date) -> bool:
    return found is not None and day <= last_day(found, terms.months)


def last_day(found: InterestDeclaration, months: int) -> date:
    """The last day on which a declaration holds: twelve months from 3 March are over on 2 March."""
    return add_months(found.declared_on, months) - timedelta(days=1)


def failing(right: Predicate, name: str, target: Any, act: Act) -> Predicate | None:
    """The question of impartiality that an act fails, or None. `name` is the stored name of the act."""
    if right.name in OUTSIDE or (right.name == SHARED and (representative(target, act) or member(target, act))):
        return None
    asked = (disinterested, declared) if right.name in DECISIVE or name in PROPOSING else (disinterested,)
    return next((question for question in asked if not question(target, act)), None)


def declare(user: User, sirens: Iterable[str] = ()) -> InterestDeclaration:
    """Declare, in today's wording, no interest but in the firms named; noted on each of the person's roles."""
    with transaction.atomic():
        roles = list(live(Role.objects.select_for_update(of=("self",)), None).filter(user=user).order_by("pk"))
        if not roles or not user.is_active:
            raise Forbidden(_("Seules les personnes qui ont un rôle dans une région déclarent leurs intérêts."))
        act = act_of(user, roles[0].region)
        found = _keep(user, act, sorted(set(sirens)))
        for role in roles:
            log(role, act, "role.interests", {"declaration": found.pk, "sha256": found.sha256})
    return found


def _keep(user: User, act: Act, sirens: Sequence[str]) -> InterestDeclaration:
    if any(len(siren) != 9 or not siren.isdecimal() for siren in sirens):
        raise Denied(_("Indiquer chaque entreprise par les neuf chiffres de son SIREN."))
    found = InterestDeclaration(
        user=user, wording=CURRENT, wording_sha256=wording_hash(CURRENT), declared_on=act.day, declared_at=act.at,
        salt=secrets.token_hex(16),
    )  # fmt: skip
    found.sha256 = proof(found, sirens)
    found.save()
    DeclaredInterest.objects.bulk_create([DeclaredInterest(declaration=found, siren=siren) for siren in sirens])
    return found


def wording_hash(version: str) -> str:
    """SHA-256 of a wording's French text, in which it is signed whatever the language of the screen."""
    with override("fr"):
        return sha256(str(WORDINGS[version]).encode())


def proof(found: InterestDeclaration, sirens: Iterable[str]) -> str:
    """The hash of a declaration, from what it says."""
    return sha256(found.salt.encode(), said(found, sirens))


def said(found: InterestDeclaration, sirens: Iterable[str]) -> bytes:
    """What a declaration says, as it was hashed."""
    return encode({
        "person": found.user.person_id, "wording": found.wording, "text": found.wording_sha256,
        "on": found.declared_on, "sirens": sorted(sirens),
    })  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """A person of a region, the roles held today, the last declaration and the last day on which it holds."""

    user: User
    roles: Sequence[str]
    found: InterestDeclaration | None
    until: date | None
    holds: bool


def standing(region: Region, day: date) -> list[Standing]:
    """Everybody with a role in a region on a day: who declared, and until when. Three queries."""
    terms = IntegrityTerms.in_force(region.pk, day)
    held: dict[User, list[str]] = {}
    for role in live(region.roles, day).select_related("user").order_by("user__name", "pk"):
        held.setdefault(role.user, []).append(role.get_kind_display())
    found = _of_people([user.person_id for user in held])
    months = terms.months if terms else MONTHS
    return [_standing(user, roles, found.get(user.person_id), months, day) for user, roles in held.items()]


def _standing(user: User, roles: list[str], found: InterestDeclaration | None, months: int, day: date) -> Standing:
    until = last_day(found, months) if found else None
    return Standing(user, roles, found, until, until is not None and day <= until)


def _of_people(people: Sequence[int]) -> Mapping[int, InterestDeclaration]:
    rows = InterestDeclaration.objects.filter(user__person__in=people).select_related("user").order_by("pk")
    return {row.user.person_id: row for row in rows.prefetch_related("interests")}
