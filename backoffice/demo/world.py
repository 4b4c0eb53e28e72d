"""The demo's world: a region, its people, its programme, its scheme, its money, its providers.

People get their rights, the scheme its version and the envelope its money through the same acts as in
life: an administrator gives roles to others, one proposes a version and another publishes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from applications.enums import Bucket, MandateKind
from applications.forms.accreditation import AccreditationDocumentForm, ExpertForm, PresentationForm
from applications.forms.bank import BankForm
from applications.models import Company, IndicatorTarget, Mandate, Operation
from backoffice.demo.firms import FIRMS, Profile
from regions.enums import RoleKind
from regions.models import (
    Accreditation,
    Priority,
    Programme,
    Provider,
    ProviderMember,
    Region,
    Role,
    Scheme,
    SpecificObjective,
    User,
)
from regions.money import floor_cent
from regions.schemes.loader import parse, shipped
from regions.territory import load_regions
from workflows import administration, gate

PASSWORD = "demonstration"  # shown on the sign-in page of the demo, never used elsewhere
OPENING = date(2025, 1, 1)
REGION = "04"
IBANS = ("FR7630006000011234567890189", "FR1420041010050500013M02606")

CONTACT = {
    "service": "Service des aides numériques (démonstration)",
    "email": "aides@demo.example",
    "phone": "02 62 00 00 00",
    "address": "1 place de l’Exemple\n97400 Saint-Denis",
    "court_name": "tribunal administratif de La Réunion",
}
STAFF = {
    "admin": ("Alix Administre", RoleKind.ADMINISTRATOR, ""),
    "admin2": ("Sacha Administre", RoleKind.ADMINISTRATOR, ""),
    "officer": ("Camille Instruit", RoleKind.OFFICER, ""),
    "officer2": ("Morgan Instruit", RoleKind.OFFICER, ""),
    "decider": ("Claude Décide", RoleKind.DECIDER, "Délégation du 2 janvier 2025"),
    "notifier": ("Noa Notifie", RoleKind.NOTIFIER, ""),
    "certifier": ("Charlie Certifie", RoleKind.CERTIFIER, ""),
    "liquidator": ("Lou Liquide", RoleKind.LIQUIDATOR, ""),
    "authorising": ("Maxime Ordonne", RoleKind.AUTHORISING, "Délégation du 2 janvier 2025"),
    "accountant": ("Ange Comptable", RoleKind.ACCOUNTANT, ""),
    "auditor": ("Andrea Audite", RoleKind.AUDITOR, ""),
}

# What the sign-in page of the demonstration offers: address and role.
ACCOUNTS: tuple[tuple[str, Any], ...] = (
    ("f01@demo.example", _("Entreprise, aide payée")),
    ("f23@demo.example", _("Entreprise, paiement à demander")),
    ("f27@demo.example", _("Entreprise, brouillon à compléter")),
    ("p01@demo.example", _("Prestataire")),
    *((f"{key}@demo.example", kind.label) for key, (_name, kind, _delegation) in STAFF.items()),
)


@dataclass(slots=True)
class World:
    """Everybody and everything a story needs, by key."""

    region: Region
    scheme: Scheme
    staff: dict[str, User]
    managers: dict[str, User] = field(default_factory=dict)
    companies: dict[str, Company] = field(default_factory=dict)
    providers: dict[str, Provider] = field(default_factory=dict)
    provider_users: dict[str, User] = field(default_factory=dict)


def build(budget: Decimal, profiles: Iterable[Profile] = tuple(FIRMS.values())) -> World:
    """Build the world on an empty database; `budget` is the year's envelope in euro."""
    load_regions()
    region = Region.objects.get(code=REGION)
    staff = _staff(region)
    administration.set_contact(staff["admin"], region, **CONTACT)
    scheme = _scheme(staff)
    objective = _programme(region)
    administration.open_envelope(
        staff["admin"], scheme, OPENING.year, Bucket.CEILING, budget, specific_objective=objective
    )
    _operation(scheme, objective, budget)
    world = World(region, scheme, staff)
    for key in ("P01", "P02"):
        _provider(world, key)
    for profile in profiles:
        _firm(world, profile)
    return world


def _staff(region: Region) -> dict[str, User]:
    """The two first administrators come from the command line; one then proposes each role, the other confirms."""
    first = administration.first_administrator(_email("admin"), STAFF["admin"][0], PASSWORD, region)
    people = {"admin": first}
    for key, (name, kind, delegation) in STAFF.items():
        if key != "admin":
            people[key] = User.objects.create_user(_email(key), name, PASSWORD)
            role = administration.give_role(first, people[key], kind, region, OPENING, delegation)
            _confirm(people, role)
    return people


def _confirm(people: dict[str, User], role: Role) -> None:
    """The second administrator is confirmed from the command line, and then confirms the others."""
    if role.kind == RoleKind.ADMINISTRATOR:
        administration.second_administrator(role.user.email, role.region)
    else:
        administration.confirm_role(people["admin2"], role)


def _email(key: str) -> str:
    return f"{key}@demo.example"


def _scheme(staff: dict[str, User]) -> Scheme:
    path = shipped()["kap-numerik"]
    definition = parse(path.read_text(encoding="utf-8"), path.name)
    version = administration.propose_version(staff["admin"], definition, OPENING)
    return administration.publish_version(staff["admin2"], version).scheme


def _programme(region: Region) -> SpecificObjective:
    programme = Programme.objects.create(
        cci="2021FR16RFPR000", name="Programme FEDER La Réunion 2021-2027 (démonstration)", region=region,
        category_of_region="outermost", starts_on=date(2021, 1, 1), expenditure_end=date(2029, 12, 31),
    )  # fmt: skip
    priority = Priority.objects.create(
        programme=programme, code="1", name="Une Europe plus compétitive et plus intelligente",
        cofinancing_percent=Decimal("85.00"),
    )  # fmt: skip
    return SpecificObjective.objects.create(
        priority=priority, code="RSO1.2", name="Tirer parti des avantages de la numérisation"
    )


def _operation(scheme: Scheme, objective: SpecificObjective, budget: Decimal) -> Operation:
    version = scheme.version_on(date(OPENING.year, 12, 31))
    coding: Any = version.rule("erdf", default={})
    operation = Operation.objects.create(
        code="RE-KAP-2025", name=f"{scheme.name_fr} {OPENING.year}",
        description="Aides de la région aux petites entreprises pour leurs services numériques.",
        region=scheme.region, scheme=scheme, specific_objective=objective,
        beneficiary_mode=Operation.Mode.GROUPED, beneficiary_name="Région La Réunion (démonstration)",
        beneficiary_id="00000974000018", contact="aides@demo.example", submitted_on=OPENING, starts_on=OPENING,
        ends_on=date(OPENING.year + 1, 12, 31), decided_by="Autorité de gestion (démonstration)", decided_on=OPENING,
        total_cost=budget, eligible_cost=budget, erdf_support=floor_cent(budget * Decimal("0.85")),
        intervention_field=coding["intervention_field"], form_of_support=coding["form_of_support"],
        territorial_delivery=coding["territorial_delivery"], economic_activity="26", location="FRY40",
        gender=coding["gender"],
    )  # fmt: skip
    for code, target in (
        ("RCO01", "8"),
        ("RCO02", "8"),
        ("RCO13", "24000"),
        ("RCR02", "9000"),
        ("RCR13", "5"),
    ):
        IndicatorTarget.objects.create(operation=operation, code=code, baseline=Decimal(0), target=Decimal(target))
    return operation


def _provider(world: World, key: str) -> None:
    """A provider, its account, and its accreditation by the region."""
    profile = Profile(f"F9{key[1:]}", f"Exemple Numérique {key[2:]}", "Conseil", "62.02A", Decimal(4), Decimal(1))
    provider = Provider.objects.create(siret=profile.siret, name=profile.name, email=_email(key.lower()))
    user = User.objects.create_user(_email(key.lower()), f"Pilote {profile.name}", PASSWORD)
    ProviderMember.objects.create(provider=provider, user=user, valid_from=OPENING)
    accreditation = Accreditation.objects.create(provider=provider, scheme=world.scheme, region=world.region)
    _present(accreditation, user)
    gate.move(user, "accreditation", accreditation.pk, "submit")
    gate.move(world.staff["decider"], "accreditation", accreditation.pk, "accept", months=36)
    world.providers[key], world.provider_users[key] = provider, user


def _present(accreditation: Accreditation, user: User) -> None:
    """What a request for accreditation holds: words, an expert, a document."""
    upload = SimpleUploadedFile("references.pdf", b"%PDF-1.4\n% " + accreditation.provider.siret.encode())
    words = {"presentation": "Sites, boutiques en ligne et accompagnement de petites entreprises depuis 2015."}
    expert = {"name": user.name, "qualification": "Conseil numérique"}
    _saved(PresentationForm(words, instance=accreditation))
    _saved(ExpertForm(expert, accreditation=accreditation))
    _saved(AccreditationDocumentForm({}, {"file": upload}, user=user, accreditation=accreditation))


def _saved(form: BaseForm) -> None:
    if not form.is_valid():
        raise ValueError(form.errors.as_text())
    form.save()  # type: ignore[attr-defined]


def _firm(world: World, profile: Profile) -> None:
    """A firm, its manager with his mandate, and its bank details."""
    company = Company.objects.create(
        siren=profile.siren, siret=profile.siret, name=profile.name, legal_category=profile.legal_category,
        naf_code=profile.naf, region=Region.objects.get(code=profile.region), commune=profile.commune,
        created_on=profile.created_on, headcount=profile.headcount, turnover=profile.turnover,
        balance_sheet=profile.turnover / 2, name_published=profile.legal_category != "sole_trader",
    )  # fmt: skip
    user = User.objects.create_user(_email(profile.key.lower()), f"Direction {profile.name}", PASSWORD)
    Mandate.objects.create(user=user, company=company, kind=MandateKind.REPRESENTATIVE, valid_from=OPENING)
    form = BankForm({"holder": profile.name, "iban": IBANS[int(profile.key[1:]) % 2]}, company=company)
    _saved(form)
    world.companies[profile.key], world.managers[profile.key] = company, user
