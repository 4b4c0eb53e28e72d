"""Who sits at the paying desk in these tests, and the files that wait there."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.test import Client

from applications.enums import ClaimState, OrderState
from applications.models import Application, BankDetails, Claim, Company, PaymentOrder
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import OPENING, World
from regions import clock
from regions.enums import RoleKind
from regions.models import PayingTerms, Region, Role, User
from tests.shelf import kept
from workflows import administration, gate, payments


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def give(user: User, kind: RoleKind, region: Region, delegation: str = "") -> Role:
    """A role that an administrator proposed and another confirmed."""
    return Role.objects.create(
        user=user, kind=kind, region=region, valid_from=OPENING, delegation=delegation,
        confirmed_by=User.objects.system(), confirmed_at=clock.now(),
    )  # fmt: skip


def elsewhere(kind: RoleKind) -> User:
    """The same role in another region."""
    user = User.objects.create_user(f"{kind}.ailleurs@demo.example", "Personne d’ailleurs")
    give(user, kind, Region.objects.get(code="11"))
    return user


@kept
def certified(world: World, firm: str = "F01") -> Claim:
    """A claim certified and waiting for its order."""
    case = Case(world, firm).fill(SITE).file_it().grant().notify()
    claim = case.claim()
    case.control(claim).certify(claim)
    return Claim.objects.select_related("application").get(pk=claim.pk)


@kept
def prepared(world: World, firm: str = "F01") -> PaymentOrder:
    event = gate.open_order(world.staff["liquidator"], certified(world, firm).pk)
    return PaymentOrder.objects.get(pk=event.object.partition(":")[2])


@kept
def signed(world: World, firm: str = "F01") -> PaymentOrder:
    order = prepared(world, firm)
    gate.move(world.staff["authorising"], "order", order.pk, "sign", delegation="Délégation")
    return PaymentOrder.objects.get(pk=order.pk)


@kept
def sent(world: World, firm: str = "F01") -> PaymentOrder:
    order = signed(world, firm)
    payments.send_run(world.region, by=world.staff["authorising"])
    return PaymentOrder.objects.get(pk=order.pk)


def fresh(order: PaymentOrder) -> PaymentOrder:
    return PaymentOrder.objects.get(pk=order.pk)


def terms(world: World, **given: Any) -> PayingTerms:
    """Terms of today, made by two administrators."""
    proposed = administration.propose_terms(world.staff["admin"], world.region, clock.today(), **given)
    return administration.confirm_terms(world.staff["admin2"], proposed)


def send(world: World) -> payments.Sending:
    return payments.send(world.region, by=world.staff["authorising"])


def signatory(world: World, name: str = "Dominique Ordonne") -> User:
    """Another authorising officer of the region."""
    user = User.objects.create_user(f"{name.partition(' ')[0].lower()}@signe.example", name)
    give(user, RoleKind.AUTHORISING, world.region, "Délégation du 3 février 2025")
    return user


def many(world: World, count: int, order_state: str = "") -> None:
    """Certified claims, each of its own firm, with an order in a state when one is given."""
    model = Application.objects.order_by("id").last()
    assert model is not None
    firms = _firms(world, count)
    now = clock.now()
    files = Application.objects.bulk_create(
        Application(
            reference=f"KAP-2099-{rank:05d}", region=world.region, scheme_version=model.scheme_version,
            company=firm, representative=model.representative, manager=model.manager, envelope=model.envelope,
            operation=model.operation, state="running", amount_granted=Decimal("100.00"), created_at=now,
            submitted_at=now,
        )
        for rank, firm in enumerate(firms)
    )  # fmt: skip
    claims = Claim.objects.bulk_create(
        Claim(
            application=file, number=1, state=ClaimState.VERIFIED, created_at=now, received_at=now,
            amount_declared=Decimal("200.00"), amount_accepted=Decimal("200.00"), aid_due=Decimal("100.00"),
            payment_due_on=clock.today() + timedelta(days=rank % 7), verified_on=clock.today(),
        )
        for rank, file in enumerate(files)
    )  # fmt: skip
    if order_state:
        _orders(claims, order_state)


def _firms(world: World, count: int) -> list[Company]:
    start = Company.objects.count()
    firms = Company.objects.bulk_create(
        Company(
            siren=f"9{start + rank:08d}", siret=f"9{start + rank:08d}00001", name=f"Exemple {rank}",
            legal_category="company", naf_code="10.13A", region=world.region, commune="97411", created_on=OPENING,
        )
        for rank in range(count)
    )  # fmt: skip
    BankDetails.objects.bulk_create(
        BankDetails(company=firm, holder=firm.name, iban="FR7630006000011234567890189", valid_from=OPENING)
        for firm in firms
    )
    return firms


def _orders(claims: list[Claim], state: str) -> None:
    PaymentOrder.objects.bulk_create(
        PaymentOrder(
            application=claim.application, claim=claim, number=f"M-{claim.application.reference}-1", state=state,
            amount=Decimal("100.00"), payee_name="Exemple", payee_iban="FR7630006000011234567890189",
            snapshot_sha256="0" * 64, prepared_on=clock.today(),
            paid_on=clock.today() if state == OrderState.PAID else None,
        )
        for claim in claims
    )  # fmt: skip


def text(response: Any) -> str:
    """The words of a page, without its tags."""
    return " ".join(response.content.decode().split())
