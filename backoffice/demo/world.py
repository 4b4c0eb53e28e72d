"""The demo's world: a region, its people, its programme, its scheme, its money, its providers.

People get their rights, the scheme its version and the envelope its money through the same acts as in
life: an administrator gives roles to others, one proposes a version and another publishes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from applications.enums import Bucket, MandateKind
from applications.forms.accreditation import AccreditationDocumentForm, ExpertForm, PresentationForm
from applications.forms.bank import BankForm
from applications.models import BankDetails, Company, Mandate, Operation, ProgrammeProposal
from applications.rules.cost_eligibility import END
from backoffice.demo.firms import FIRMS, Profile
from backoffice.demo.places import REUNION, TOWNS, Place
from regions import clock
from regions.enums import Funder, Instrument, RoleKind
from regions.models import (
    Accreditation,
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
Kind = ProgrammeProposal.Kind
TARGETS = (("RCO01", "8"), ("RCO02", "8"), ("RCO13", "24000"), ("RCR02", "9000"), ("RCR13", "5"))
IBANS = ("FR7630006000011234567890189", "FR1420041010050500013M02606")

CONTACT = {
    "service": "Service des aides numériques (démonstration)",
    "email": "aides@demo.example",
    "phone": "02 62 00 00 00",
}
STAFF = {
    "admin": ("Alix Administre", RoleKind.ADMINISTRATOR, ""),
    "admin2": ("Sacha Administre", RoleKind.ADMINISTRATOR, ""),
    "officer": ("Camille Instruit", RoleKind.OFFICER, ""),
    "officer2": ("Morgan Instruit", RoleKind.OFFICER, ""),
    "decider": ("Claude Décide", RoleKind.DECIDER, "Délégation du 2 janvier 2025"),
    "notifier": ("Noa Notifie", RoleKind.NOTIFIER, ""),
    "certifier": ("Charlie Certifie", RoleKind.CERTIFIER, ""),
    "certifier2": ("Dominique Vérifie", RoleKind.CERTIFIER, ""),
    "liquidator": ("Lou Liquide", RoleKind.LIQUIDATOR, ""),
    "authorising": ("Maxime Ordonne", RoleKind.AUTHORISING, "Délégation du 2 janvier 2025"),
    "accountant": ("Ange Comptable", RoleKind.ACCOUNTANT, ""),
    "auditor": ("Andrea Audite", RoleKind.AUDITOR, ""),
}
# Where great batches bear several signatures.
SIGNATORIES = {
    "authorising2": ("Robin Ordonne", RoleKind.AUTHORISING, "Délégation du 3 février 2025"),
    "authorising3": ("Jo Ordonne", RoleKind.AUTHORISING, "Délégation du 3 février 2025"),
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


def build(
    budget: Decimal = REUNION.budget, profiles: Iterable[Profile] | None = None, results_months: int = 0
) -> World:
    """La Réunion with its voucher, on an empty database; `budget` is the year's envelope in euro."""
    load_regions()
    return settle(replace(REUNION, budget=budget, results_months=results_months), profiles)


def settle(place: Place, profiles: Iterable[Profile] | None = None) -> World:
    """A region, its people, its programme, its scheme, its money, its providers and its firms."""
    region = Region.objects.get(code=place.region)
    staff = _staff(region, place)
    administration.set_contact(staff["admin"], region, **_contact(region, place))
    scheme = _scheme(staff, place)
    _paying_terms(staff, region, place)
    objective = _programme(staff, region, place, scheme)
    _envelopes(staff["admin"], scheme, place, objective)
    _operation(staff, scheme, objective, place)
    world = World(region, scheme, staff)
    for key, months in place.accredited.items():
        _provider(world, key, months, place)
    for profile in profiles or [FIRMS[key] for key in place.firms]:
        enrol(world, profile)
    return world


def _contact(region: Region, place: Place) -> dict[str, str]:
    seat = f"1 place de l’Exemple\n{region.seat}"
    return CONTACT | {"court_name": place.court, "address": seat, "siret": _siret_of(region)}


def _envelopes(admin: User, scheme: Scheme, place: Place, objective: SpecificObjective) -> None:
    """The year's credits: for grants, and for each instrument that the scheme lends or guarantees with."""
    credits = {Instrument.GRANT: place.budget, **place.lent}
    for instrument, amount in credits.items():
        administration.open_envelope(
            admin, scheme, OPENING.year, Bucket.CEILING, amount, instrument=instrument, specific_objective=objective
        )


def _staff(region: Region, place: Place) -> dict[str, User]:
    """The two first administrators come from the command line; one then proposes each role, the other confirms."""
    first = administration.first_administrator(_email("admin" + place.tag), STAFF["admin"][0], PASSWORD, region)
    people = {"admin": first}
    more = SIGNATORIES if place.output else {}
    for key, (name, kind, delegation) in (STAFF | more).items():
        if key != "admin":
            people[key] = account(_email(key + place.tag), name)
            role = administration.give_role(first, people[key], kind, region, OPENING, delegation)
            _confirm(people, role)
    return people


def account(email: str, name: str) -> User:
    """An account of the demonstration; its password is hashed once for all, which a real one never is."""
    user = User.objects.create_user(email, name)
    user.password = _hashed()
    user.save(update_fields=["password"])
    return user


@cache
def _hashed() -> str:
    return make_password(PASSWORD)


def _confirm(people: dict[str, User], role: Role) -> None:
    """The second administrator is confirmed from the command line, and then confirms the others."""
    if role.kind == RoleKind.ADMINISTRATOR:
        administration.second_administrator(role.user.email, role.region)
    else:
        administration.confirm_role(people["admin2"], role)


def _email(key: str) -> str:
    return f"{key}@demo.example"


def _scheme(staff: dict[str, User], place: Place) -> Scheme:
    path = shipped()[place.scheme]
    definition = parse(path.read_text(encoding="utf-8"), path.name)
    if place.output:
        definition["payment"]["output"] = place.output
    if place.results_months:
        definition["when"]["results_months"] = place.results_months
    version = administration.propose_version(staff["admin"], definition, OPENING)
    return administration.publish_version(staff["admin2"], version).scheme


def _paying_terms(staff: dict[str, User], region: Region, place: Place) -> None:
    """The account that a file for a bank debits, proposed by one administrator and confirmed by the other."""
    if place.output:
        terms = administration.propose_terms(
            staff["admin"], region, clock.today(region.time_zone), debtor_name=f"Région {region.name}",
            debtor_iban=IBANS[0], debtor_bic="EXEPFRPPXXX",
            bands=[(Decimal("50000.00"), 2), (Decimal("250000.00"), 3)],
        )  # fmt: skip
        administration.confirm_terms(staff["admin2"], terms)


def _rate(scheme: Scheme) -> Decimal:
    """The ERDF's share in the scheme's funding, as a fraction."""
    funders = scheme.version_on(date(OPENING.year, 12, 31)).rules["funding"]["funders"]
    return next((Decimal(funder["share"]) for funder in funders if funder["code"] == Funder.ERDF), Decimal(0))


def _made(staff: dict[str, User], kind: str, about: Any, **facts: Any) -> ProgrammeProposal:
    """Something above the schemes, proposed by one administrator and confirmed by the other."""
    proposal = administration.propose_in_programme(staff["admin"], kind, about, **facts)
    return administration.confirm_in_programme(staff["admin2"], proposal)


def _programme(staff: dict[str, User], region: Region, place: Place, scheme: Scheme) -> SpecificObjective:
    programme = _made(
        staff, Kind.PROGRAMME, region, cci=f"2021FR16RFPR0{region.code}", decision="C(2022) 0000 (démonstration)",
        name=f"Programme FEDER {region.name} 2021-2027 (démonstration)", category_of_region=place.category,
        starts_on=date(2021, 1, 1), expenditure_end=END,
    ).programme  # fmt: skip
    priority = _made(
        staff, Kind.PRIORITY, programme, code="1", name="Une Europe plus compétitive et plus intelligente",
        cofinancing_percent=_rate(scheme) * 100, objective_code="RSO1.2",
        objective_name="Tirer parti des avantages de la numérisation",
    ).priority  # fmt: skip
    return SpecificObjective.objects.get(priority=priority)


def _operation(staff: dict[str, User], scheme: Scheme, objective: SpecificObjective, place: Place) -> None:
    """The region's operation; where each firm is the beneficiary, its own is made when it is notified."""
    version = scheme.version_on(date(OPENING.year, 12, 31))
    if version.rule("beneficiary", "mode") != Operation.Mode.GROUPED:
        return
    coding: Any = version.rule("erdf", default={})
    _made(
        staff, Kind.OPERATION, scheme.region, code=f"RE-{scheme.prefix}-{OPENING.year}",
        name=f"{scheme.name_fr} {OPENING.year}",
        description="Aides de la région aux petites entreprises pour leurs services numériques.",
        scheme=scheme, specific_objective=objective, beneficiary_name=f"Région {scheme.region.name} (démonstration)",
        beneficiary_id=_siret_of(scheme.region), contact=CONTACT["email"], submitted_on=OPENING, starts_on=OPENING,
        ends_on=date(OPENING.year + 1, 12, 31), decided_by="Autorité de gestion (démonstration)", decided_on=OPENING,
        total_cost=place.budget, eligible_cost=place.budget, erdf_support=floor_cent(place.budget * _rate(scheme)),
        **{name: coding[name] for name in ("intervention_field", "form_of_support", "territorial_delivery", "gender")},
        economic_activity="26", location=place.location, targets=_targets(),
    )  # fmt: skip


def _targets() -> list[dict[str, Any]]:
    return [{"code": code, "baseline": Decimal(0), "target": Decimal(target)} for code, target in TARGETS]


def _siret_of(region: Region) -> str:
    """A fictitious SIRET for a region: zeros, its code, and the Luhn digits."""
    return Profile(f"F97{region.code}0", "", "", "", Decimal(1), Decimal(1)).siret


def _provider(world: World, key: str, months: int, place: Place) -> None:
    """A provider, its account, its bank details, and its accreditation by the region for some months."""
    rank, address = f"F9{place.tag[1:]}{key[1:]}", _email(key.lower() + place.tag)
    profile = Profile(rank, f"Exemple Numérique {place.tag[1:]}{key[2:]}", "Conseil", "62.02A", Decimal(4), Decimal(1))
    town = TOWNS.get(place.region, ("", ""))[int(key[1:]) % 2]
    provider = Provider.objects.create(siret=profile.siret, name=profile.name, email=address, commune=town)
    user = account(address, f"Pilote {profile.name}")
    BankDetails.objects.create(provider=provider, holder=provider.name, iban=IBANS[1], valid_from=OPENING)
    ProviderMember.objects.create(provider=provider, user=user, valid_from=OPENING)
    world.providers[key], world.provider_users[key] = provider, user
    accredit(world, key, months)


def accredit(world: World, key: str, months: int = 36) -> None:
    """A provider asks to be accredited for the world's scheme, and is, for some months."""
    user = world.provider_users[key]
    asked = Accreditation.objects.create(provider=world.providers[key], scheme=world.scheme, region=world.region)
    _present(asked, user)
    gate.move(user, "accreditation", asked.pk, "submit")
    gate.move(world.staff["decider"], "accreditation", asked.pk, "accept", months=months)


def _present(accreditation: Accreditation, user: User) -> None:
    """What a request for accreditation holds: words, an expert, a document."""
    upload = SimpleUploadedFile("references.pdf", b"%PDF-1.4\n% " + accreditation.provider.siret.encode())
    words = {"presentation": "Sites, boutiques en ligne et accompagnement de petites entreprises depuis 2015."}
    words["commune"] = accreditation.provider.commune
    expert = {"name": user.name, "qualification": "Conseil numérique"}
    _saved(PresentationForm(words, instance=accreditation))
    _saved(ExpertForm(expert, accreditation=accreditation))
    _saved(AccreditationDocumentForm({}, {"file": upload}, user=user, accreditation=accreditation))


def _saved(form: BaseForm) -> None:
    if not form.is_valid():
        raise ValueError(form.errors.as_text())
    form.save()  # type: ignore[attr-defined]


def enrol(world: World, profile: Profile) -> None:
    """A firm, its manager with his mandate, and its bank details."""
    company = Company.objects.create(
        siren=profile.siren, siret=profile.siret, name=profile.name, legal_category=profile.legal_category,
        naf_code=profile.naf, region=Region.objects.get(code=profile.region), commune=profile.commune,
        created_on=profile.created_on, headcount=profile.headcount, turnover=profile.turnover,
        balance_sheet=profile.turnover / 2, name_published=profile.legal_category != "sole_trader",
    )  # fmt: skip
    user = account(_email(profile.key.lower()), f"Direction {profile.name}")
    Mandate.objects.create(user=user, company=company, kind=MandateKind.REPRESENTATIVE, valid_from=OPENING)
    form = BankForm({"holder": profile.name, "iban": IBANS[int(profile.key[1:]) % 2]}, company=company)
    _saved(form)
    world.companies[profile.key], world.managers[profile.key] = company, user
