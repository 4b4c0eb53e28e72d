"""Acts of administration: two persons for a right, for money and for rules; the substitute of an absent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from applications.enums import Bucket, PrivacyKind
from applications.models import LedgerEntry, PrivacyRequest
from applications.models.application import live
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from regions.models import Absence, Envelope, EnvelopeTransfer, Region, Role, Scheme, SchemeVersion, User
from regions.schemes.loader import parse, shipped
from tests.roles import hold
from workflows import administration, auth, delivery, gate, queues
from workflows.acts import Denied, Forbidden, NotFound
from workflows.ledger_check import check_ledger
from workflows.models import Event, OutboxMessage
from workflows.verify import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(world: World) -> User:
    return User.objects.create_user("nouvelle@demo.example", "Nouvelle Personne")


def propose(world: World, user: User, kind: RoleKind = RoleKind.OFFICER) -> Role:
    return administration.give_role(world.staff["admin"], user, kind, world.region, clock.today())


# --- rights


@pytest.mark.both
def test_a_proposed_role_gives_nothing_until_another_person_confirms(world: World, newcomer: User) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    role = propose(world, newcomer)
    assert auth.scopes(newcomer) == set()
    assert not live(newcomer.roles, None).exists()
    with pytest.raises(NotFound):
        gate.move(newcomer, "application", case.pk, "accept_complete")
    administration.confirm_role(world.staff["admin2"], role)
    assert auth.scopes(newcomer) == {"officer:R-04"}
    gate.move(newcomer, "application", case.pk, "accept_complete")


def test_who_proposes_does_not_confirm_even_with_another_account(world: World, newcomer: User) -> None:
    role = propose(world, newcomer)
    with pytest.raises(Forbidden, match="une autre personne que celle qui le propose"):
        administration.confirm_role(world.staff["admin"], role)
    twin = User.objects.create_user("admin.bis@demo.example", "Alix", person=world.staff["admin"].person)
    hold(twin, RoleKind.ADMINISTRATOR, world.region)
    with pytest.raises(Forbidden, match="une autre personne que celle qui le propose"):
        administration.confirm_role(twin, role)


def test_nobody_gives_or_confirms_a_right_to_himself(world: World) -> None:
    admin, admin2 = world.staff["admin"], world.staff["admin2"]
    with pytest.raises(Forbidden, match="soi-même"):
        propose(world, admin, RoleKind.DECIDER)
    role = propose(world, admin2, RoleKind.DECIDER)
    with pytest.raises(Forbidden, match="soi-même"):
        administration.confirm_role(admin2, role)


def test_only_an_administrator_of_the_region_proposes_confirms_and_ends(world: World, newcomer: User) -> None:
    role, officer = propose(world, newcomer), world.staff["officer"]
    elsewhere = User.objects.create_user("admin.11@demo.example", "Admin d’ailleurs")
    hold(elsewhere, RoleKind.ADMINISTRATOR, Region.objects.get(code="11"))
    for by in (officer, elsewhere):
        with pytest.raises(Forbidden):
            administration.give_role(by, newcomer, RoleKind.AUDITOR, world.region, clock.today())
        with pytest.raises(Forbidden):
            administration.confirm_role(by, role)
        with pytest.raises(Forbidden):
            administration.decline_role(by, role)
        with pytest.raises(Forbidden):
            administration.end_role(by, role, clock.today())


def test_a_proposal_is_answered_once(world: World, newcomer: User) -> None:
    admin2 = world.staff["admin2"]
    role = propose(world, newcomer)
    with pytest.raises(Denied, match="déjà ce rôle"):
        propose(world, newcomer)
    administration.decline_role(admin2, role)
    for act in (administration.confirm_role, administration.decline_role):
        with pytest.raises(Denied, match="déjà reçu sa réponse"):
            act(admin2, role)
    again = propose(world, newcomer)
    administration.confirm_role(admin2, again)
    assert live(newcomer.roles, None).count() == 1


def test_the_last_administrator_stays(world: World) -> None:
    admin, admin2 = world.staff["admin"], world.staff["admin2"]
    administration.end_role(admin, admin2.roles.get(), clock.today() - timedelta(days=1))
    with pytest.raises(Denied, match="dernier administrateur"):
        administration.end_role(admin, admin.roles.get(), clock.today())


def test_an_ended_role_gives_nothing_the_day_after(world: World) -> None:
    officer = world.staff["officer"]
    administration.end_role(world.staff["admin"], officer.roles.get(), clock.today())
    assert live(officer.roles, None).exists()
    assert not live(officer.roles, clock.today() + timedelta(days=1)).exists()
    with pytest.raises(Denied, match="précéder"):
        administration.end_role(world.staff["admin"], world.staff["decider"].roles.get(), date(2020, 1, 1))


@pytest.mark.both
def test_the_database_itself_keeps_two_persons(world: World, newcomer: User) -> None:
    role, moment = propose(world, newcomer), clock.now()
    with pytest.raises(IntegrityError, match="role_confirmed_by_another"), transaction.atomic():
        Role.objects.filter(pk=role.pk).update(confirmed_by=world.staff["admin"], confirmed_at=moment)
    with pytest.raises(IntegrityError, match="role_confirmed_or_declined"), transaction.atomic():
        Role.objects.filter(pk=role.pk).update(confirmed_at=moment)


def test_the_only_administrator_needs_the_command_line_for_a_second(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUICHET_PASSWORD", "mot-de-passe-long")
    region = Region.objects.get(code="11")
    first = administration.first_administrator("un@demo.example", "Un", "mot-de-passe-long", region)
    second = User.objects.create_user("deux@demo.example", "Deux")
    with pytest.raises(CommandError, match="personne"):
        call_command("first_administrator", "11", "deux@demo.example", "--second")
    role = administration.give_role(first, second, RoleKind.ADMINISTRATOR, region, clock.today())
    assert administration.administrators(region) == {first.person_id}
    call_command("first_administrator", "11", "deux@demo.example", "--second")
    role.refresh_from_db()
    assert role.confirmed_by == User.objects.system()
    assert len(administration.administrators(region)) == 2
    with pytest.raises(CommandError, match="un seul administrateur"):
        call_command("first_administrator", "11", "trois@demo.example", "--second")
    with pytest.raises(CommandError, match="déjà un administrateur"):
        call_command("first_administrator", "11", "trois@demo.example", "Trois")


def test_an_invited_person_is_told_once_confirmed_and_cannot_enter_by_password(world: World) -> None:
    admin, admin2 = world.staff["admin"], world.staff["admin2"]
    role = administration.invite(
        admin, "Invitee@demo.example", "Invitée", RoleKind.NOTIFIER, world.region, clock.today(), delegation="Acte 1"
    )
    delivery.deliver()
    assert not [m for m in mail.outbox if m.to == ["invitee@demo.example"]]
    assert not role.user.has_usable_password()
    administration.confirm_role(admin2, role)
    delivery.deliver()
    sent = [m for m in mail.outbox if m.to == ["invitee@demo.example"]]
    assert len(sent) == 1
    assert "code à usage unique" in sent[0].body
    assert "/connexion/" in sent[0].body


def test_an_invitation_refused_leaves_no_account_behind(world: World) -> None:
    with pytest.raises(Forbidden):
        administration.invite(
            world.staff["officer"], "rien@demo.example", "Rien", RoleKind.OFFICER, world.region, clock.today()
        )
    assert not User.objects.filter(email="rien@demo.example").exists()


def test_each_act_on_a_role_is_in_its_chain(world: World, newcomer: User) -> None:
    role = propose(world, newcomer)
    administration.confirm_role(world.staff["admin2"], role)
    administration.end_role(world.staff["admin"], role, clock.today())
    acts = Event.objects.filter(subject=f"role:{role.pk}").order_by("number").values_list("act", flat=True)
    assert list(acts) == ["role.give", "role.confirm", "role.end"]
    assert verify().faults == []


# --- absences


def mine(user: User) -> list[int]:
    return list(queues.QUEUES["mine"].files(user).values_list("pk", flat=True))


@pytest.mark.both
def test_the_substitute_sees_the_absents_files_on_those_days_only(world: World) -> None:
    officer, officer2, admin = (world.staff[key] for key in ("officer", "officer2", "admin"))
    case = Case(world, "F01").fill(SITE).file_it()
    gate.record(officer, "application", case.pk, "take")
    today = clock.today()
    absence = administration.record_absence(admin, officer, officer2, world.region, today, today + timedelta(days=4))
    assert mine(officer) == mine(officer2) == [case.pk]
    with clock.at(clock.now() + timedelta(days=5)):
        assert mine(officer2) == []
    administration.cancel_absence(admin, absence)
    assert mine(officer2) == []
    with pytest.raises(Denied, match="déjà annulée"):
        administration.cancel_absence(admin, absence)


def test_a_substitution_gives_no_right(world: World, newcomer: User) -> None:
    officer, decider, admin = (world.staff[key] for key in ("officer", "decider", "admin"))
    today = clock.today()
    for other in (decider, newcomer, officer):
        with pytest.raises(Denied):
            administration.record_absence(admin, officer, other, world.region, today, today)
    with pytest.raises(Forbidden):
        administration.record_absence(officer, officer, world.staff["officer2"], world.region, today, today)


def test_two_absences_do_not_overlap(world: World) -> None:
    officer, officer2, admin = (world.staff[key] for key in ("officer", "officer2", "admin"))
    today = clock.today()
    administration.record_absence(admin, officer, officer2, world.region, today, today + timedelta(days=4))
    with pytest.raises(Denied, match="couvre déjà"):
        administration.record_absence(
            admin, officer, officer2, world.region, today + timedelta(days=4), date(2026, 1, 1)
        )
    with pytest.raises(Denied, match="précéder"):
        administration.record_absence(admin, officer2, officer, world.region, today, today - timedelta(days=1))
    assert Absence.objects.count() == 1


# --- money


VOTE = administration.Vote("CP 2025-31", date(2025, 2, 14))


@pytest.fixture
def envelopes(world: World) -> tuple[Envelope, Envelope]:
    """100,000 € in 2025, and 10,000 € in 2026."""
    admin = world.staff["admin"]
    later = administration.open_envelope(admin, world.scheme, 2026, Bucket.CEILING, Decimal("10000.00"))
    return Envelope.objects.get(scheme=world.scheme, year=2025), later


@pytest.mark.both
def test_a_transfer_is_made_by_a_second_person_row_by_row(world: World, envelopes: tuple[Envelope, Envelope]) -> None:
    source, target = envelopes
    admin, admin2 = world.staff["admin"], world.staff["admin2"]
    transfer = administration.propose_transfer(admin, source, target, Decimal("1000.01"), "Besoins de 2026")
    assert administration.totals(target)["ceiling"] == Decimal("10000.00")
    with pytest.raises(Forbidden, match="une autre personne"):
        administration.confirm_transfer(admin, transfer)
    administration.confirm_transfer(admin2, transfer)
    assert administration.totals(source)["ceiling"] == Decimal("98999.99")
    assert administration.totals(target)["ceiling"] == Decimal("11000.01")
    rows = LedgerEntry.objects.filter(act="envelope.transfer").order_by("pk").values_list("line__funder", "amount")
    assert list(rows) == [
        ("erdf", Decimal("-850.00")), ("region", Decimal("-150.01")),
        ("erdf", Decimal("850.00")), ("region", Decimal("150.01")),
    ]  # fmt: skip
    with pytest.raises(Denied, match="déjà reçu"):
        administration.confirm_transfer(admin2, transfer)
    assert check_ledger() == []
    assert verify().faults == []


@pytest.mark.both
def test_no_transfer_overdraws_even_after_its_proposal(world: World, envelopes: tuple[Envelope, Envelope]) -> None:
    source, target = envelopes
    admin, admin2 = world.staff["admin"], world.staff["admin2"]
    with pytest.raises(Denied, match="à découvert"):
        administration.propose_transfer(admin, source, target, Decimal("100000.01"), "Trop")
    transfer = administration.propose_transfer(admin, source, target, Decimal("99500.00"), "Presque tout")
    Case(world, "F01").fill(SITE).file_it().grant()
    with pytest.raises(Denied, match="à découvert"):
        administration.confirm_transfer(admin2, transfer)
    transfer.refresh_from_db()
    assert transfer.is_proposed
    assert not LedgerEntry.objects.filter(act="envelope.transfer").exists()
    administration.decline_transfer(admin2, transfer)
    transfer.refresh_from_db()
    assert not transfer.is_proposed


def test_a_transfer_stays_in_the_region_and_between_equal_funders(
    world: World, envelopes: tuple[Envelope, Envelope]
) -> None:
    source, target = envelopes
    admin = world.staff["admin"]
    for amount, to, reason, said in (
        (Decimal("0.00"), target, "x", "supérieur à zéro"),
        (Decimal("1.00"), source, "x", "différentes"),
        (Decimal("1.00"), target, " ", "motif"),
    ):
        with pytest.raises(Denied, match=said):
            administration.propose_transfer(admin, source, to, amount, reason)
    target.lines.filter(funder="erdf").update(funder="state")
    with pytest.raises(Denied, match="mêmes financeurs"):
        administration.propose_transfer(admin, source, target, Decimal("1.00"), "x")
    elsewhere = Scheme.objects.create(
        code="ailleurs", kind="voucher", region=Region.objects.get(code="11"), name_fr="A", name_en="A", prefix="AIL"
    )
    other = Envelope.objects.create(scheme=elsewhere, year=2025, name="Ailleurs")
    with pytest.raises(Denied, match="même région"):
        administration.propose_transfer(admin, source, other, Decimal("1.00"), "x")
    with pytest.raises(Forbidden):
        administration.propose_transfer(world.staff["decider"], source, target, Decimal("1.00"), "x")


def test_credits_may_be_taken_back_but_never_below_what_is_committed(world: World) -> None:
    admin = world.staff["admin"]
    Case(world, "F01").fill(SITE).file_it().grant()
    envelope = Envelope.objects.get()
    for amount, said in (
        (Decimal("-99000.01"), "à découvert"),
        (Decimal("-100000.01"), "dépasse"),
        (Decimal(0), "zéro"),
    ):
        with pytest.raises(Denied, match=said):
            administration.open_envelope(admin, world.scheme, 2025, Bucket.CEILING, amount)
    administration.open_envelope(admin, world.scheme, 2025, Bucket.CEILING, Decimal("-90000.00"))
    administration.open_envelope(admin, world.scheme, 2025, Bucket.OVERBOOKING, Decimal("500.00"), vote=VOTE)
    totals = administration.totals(envelope)
    assert (totals["ceiling"], totals["overbooking"]) == (Decimal("10000.00"), Decimal("500.00"))
    with pytest.raises(Denied, match="dépasse"):
        administration.open_envelope(admin, world.scheme, 2025, Bucket.OVERBOOKING, Decimal("-500.01"))


def test_no_envelope_without_rules_for_its_year(world: World) -> None:
    with pytest.raises(Denied, match="Aucun règlement publié"):
        administration.open_envelope(world.staff["admin"], world.scheme, 2024, Bucket.CEILING, Decimal("1.00"))


def test_the_database_itself_keeps_two_persons_for_money(world: World, envelopes: tuple[Envelope, Envelope]) -> None:
    transfer = administration.propose_transfer(world.staff["admin"], *envelopes, Decimal("1.00"), "x")
    with pytest.raises(IntegrityError, match="transfer_confirmed_by_another"), transaction.atomic():
        EnvelopeTransfer.objects.filter(pk=transfer.pk).update(confirmed_by=world.staff["admin"])


# --- rules


def test_a_version_is_published_by_another_person(world: World) -> None:
    definition = parse(shipped()["kap-numerik"].read_text(encoding="utf-8"), "kap-numerik.yaml")
    version = administration.propose_version(world.staff["admin"], definition, date(2026, 1, 1))
    with pytest.raises(Forbidden, match="autre personne"):
        administration.publish_version(world.staff["admin"], version)
    with pytest.raises(Forbidden, match="administrateur"):
        administration.publish_version(world.staff["officer"], version)
    assert world.scheme.version_on(date(2026, 1, 2)).number == 1
    administration.publish_version(world.staff["admin2"], version)
    assert world.scheme.version_on(date(2026, 1, 2)).number == version.number == 2
    with pytest.raises(Denied, match="déjà publiée"):
        administration.publish_version(world.staff["admin2"], version)


def test_a_definition_never_takes_anothers_code_prefix_or_region(world: World) -> None:
    definition = parse(shipped()["kap-numerik"].read_text(encoding="utf-8"), "kap-numerik.yaml")
    admin = world.staff["admin"]
    for change, said in (
        ({"kind": "consulting"}, "autre nature"),
        ({"code": "autre"}, "préfixe"),
        ({"region": "99"}, "n’existe pas"),
    ):
        with pytest.raises(Denied, match=said):
            administration.propose_version(admin, definition | change, date(2026, 1, 1))
    with pytest.raises(Forbidden):
        administration.propose_version(admin, definition | {"region": "11"}, date(2026, 1, 1))
    elsewhere = User.objects.create_user("admin.11@demo.example", "Admin d’ailleurs")
    hold(elsewhere, RoleKind.ADMINISTRATOR, Region.objects.get(code="11"))
    with pytest.raises(Denied, match="autre région"):
        administration.propose_version(elsewhere, definition | {"region": "11"}, date(2026, 1, 1))
    assert SchemeVersion.objects.count() == 1


# --- letters and requests


def test_a_failed_letter_is_tried_again_and_a_sent_one_copied_once(world: World) -> None:
    Case(world, "F01").fill(SITE).file_it()
    admin = world.staff["admin"]
    message = OutboxMessage.objects.get(template="acknowledgement")
    assert message.sent_at is not None
    copy = administration.send_again(admin, message, world.region)
    assert (copy.event, copy.sent_at) == (message.event, None)
    with pytest.raises(Denied, match="attend déjà"):
        administration.send_again(admin, message, world.region)
    OutboxMessage.objects.filter(pk=copy.pk).update(attempts=10, error="SMTPException: non")
    assert delivery.deliver() == 0
    administration.send_again(admin, copy, world.region)
    assert delivery.deliver() == 1
    first, second = [m for m in mail.outbox if "Accusé" in m.subject]
    assert first.extra_headers["Message-ID"] != second.extra_headers["Message-ID"]
    with pytest.raises(Forbidden):
        administration.send_again(world.staff["officer"], message, world.region)


def test_the_messages_of_a_region_are_its_own(world: World) -> None:
    Case(world, "F01").fill(SITE).file_it()
    assert administration.messages_of([world.region]).count() == OutboxMessage.objects.count()
    assert not administration.messages_of([Region.objects.get(code="11")]).exists()


def test_a_privacy_request_goes_to_who_knows_the_person(world: World) -> None:
    admin, other = world.staff["admin"], Region.objects.get(code="11")
    unknown = User.objects.create_user("inconnu@demo.example", "Inconnu")
    people = [world.managers["F01"], world.staff["officer"], world.provider_users["P01"], unknown]
    for user in people:
        PrivacyRequest.objects.create(user=user, kind=PrivacyKind.ACCESS, asked_at=clock.now())
    assert administration.privacy_requests([world.region]).count() == 4
    assert [r.user for r in administration.privacy_requests([other])] == [unknown]
    request = PrivacyRequest.objects.get(user=people[0])
    administration.answer_privacy(admin, [world.region], request, "Voici vos données.")
    with pytest.raises(Denied, match="déjà reçu"):
        administration.answer_privacy(admin, [world.region], request, "Encore.")


def test_a_contact_is_made_of_known_fields(world: World) -> None:
    with pytest.raises(ValueError, match="time_zone"):
        administration.set_contact(world.staff["admin"], world.region, time_zone="Europe/Paris")
    with pytest.raises(Forbidden):
        administration.set_contact(world.staff["officer"], world.region, service="X")
