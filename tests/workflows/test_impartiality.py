"""Declarations of interests: what a declaration bars, what a missing one bars, and from which day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from regions.models import IntegrityTerms, InterestDeclaration, User
from tests.roles import hold
from workflows import emails, gate, impartiality, interest_reminders, offers, queues
from workflows.acts import Denied, Forbidden
from workflows.administration import set_integrity_terms
from workflows.models import Event, OutboxMessage
from workflows.verify import verify

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def filed(world: World, key: str = "F01") -> Case:
    return Case(world, key).fill(SITE).file_it()


def require(world: World, months: int = 12) -> IntegrityTerms:
    return set_integrity_terms(world.staff["admin"], world.region, clock.today(), True, months)


def test_an_interest_in_the_firm_bars_every_act_on_its_file_and_takes_it_from_the_queue(world: World) -> None:
    case, officer = filed(world), world.staff["officer"]
    assert case.file in queues.QUEUES["to-take"].files(officer)
    impartiality.declare(officer, [world.companies["F01"].siren])
    assert case.file not in queues.QUEUES["to-take"].files(officer)
    assert case.file in queues.QUEUES["all"].files(officer)
    assert case.file in queues.QUEUES["to-take"].files(world.staff["officer2"])
    with pytest.raises(Forbidden, match="vous avez déclaré un intérêt"):
        gate.move(officer, "application", case.pk, "accept_complete")
    with pytest.raises(Forbidden, match="vous avez déclaré un intérêt"):
        gate.record(officer, "application", case.pk, "take")
    own = [offer for offer in offers.moves(officer, case.file) + offers.records(officer, case.file) if offer.right]
    assert own
    assert all("intérêt" in offer.why for offer in own)
    assert "intérêt" in gate.available(officer, case.file)["accept_complete"]
    gate.move(world.staff["officer2"], "application", case.pk, "accept_complete")


def test_an_interest_in_the_provider_bars_too_and_another_account_of_the_person(world: World) -> None:
    case, officer = filed(world), world.staff["officer"]
    impartiality.declare(officer, [case.file.provider.siret[:9]])
    other = User.objects.create_user("camille.bis@demo.example", "Camille Instruit", person=officer.person)
    hold(other, RoleKind.OFFICER, world.region)
    for user in (officer, other):
        assert case.file not in queues.QUEUES["mine"].files(user)
        with pytest.raises(Forbidden, match="déclaré un intérêt"):
            gate.move(user, "application", case.pk, "accept_complete")


def test_a_person_of_the_region_still_files_for_her_own_firm(world: World) -> None:
    """Her interest bars her from acting for the region, never from acting as the firm."""
    manager = world.managers["F01"]
    hold(manager, RoleKind.OFFICER, world.region)
    impartiality.declare(manager, [world.companies["F01"].siren])
    case = filed(world)
    assert case.file.state == "submitted"
    with pytest.raises(Forbidden, match="déclaré un intérêt"):
        gate.move(manager, "application", case.pk, "accept_complete")


def test_the_last_declaration_is_the_one_that_counts_and_the_earlier_stay(world: World) -> None:
    case, officer = filed(world), world.staff["officer"]
    first = impartiality.declare(officer, [world.companies["F01"].siren])
    impartiality.declare(officer)
    gate.move(officer, "application", case.pk, "accept_complete")
    assert InterestDeclaration.objects.filter(user=officer).count() == 2
    assert [row.siren for row in first.interests.all()] == [world.companies["F01"].siren]


def test_without_a_declaration_that_holds_the_acts_of_decision_are_refused_from_the_day_required(world: World) -> None:
    """Declared on 3 March 2025 for twelve months: it holds on 2 March 2026, no longer on 3 March."""
    case, decider = filed(world), world.staff["decider"]
    gate.move(world.staff["officer"], "application", case.pk, "accept_complete")
    require(world)
    with pytest.raises(Forbidden, match="manque ou n’est plus valable") as refused:
        gate.move(decider, "application", case.pk, "close", reason="Sans suite.")
    assert f'href="{reverse("interests")}"' in str(refused.value.sentence)
    gate.record(world.staff["officer"], "application", case.pk, "note", reason="Un contrôle n’est pas une décision.")
    impartiality.declare(decider)
    region, person, day = world.region.pk, decider.person_id, clock.today()
    last = impartiality.last_day(InterestDeclaration.objects.get(), 12)
    assert last == day.replace(year=day.year + 1) - timedelta(days=1)
    assert impartiality.is_current(region, person, last)
    assert not impartiality.is_current(region, person, last + timedelta(days=1))
    assert impartiality.is_current(region, world.staff["certifier"].person_id, day - timedelta(days=1))


def test_terms_begin_today_or_later_and_only_an_administrator_sets_them(world: World) -> None:
    with pytest.raises(Denied, match="avant aujourd’hui"):
        set_integrity_terms(world.staff["admin"], world.region, clock.today() - timedelta(days=1), True, 12)
    with pytest.raises(Denied, match="1 et 60"):
        set_integrity_terms(world.staff["admin"], world.region, clock.today(), True, 61)
    with pytest.raises(Forbidden):
        set_integrity_terms(world.staff["officer"], world.region, clock.today(), True, 12)
    require(world)
    assert Event.objects.filter(act="role.integrity_terms").count() == 1


def test_a_declaration_is_proved_by_its_hash_and_cannot_be_altered(world: World) -> None:
    found = impartiality.declare(world.staff["officer"], ["732829320"])
    assert found.sha256 == impartiality.proof(found, ["732829320"]) != impartiality.proof(found, [])
    event = Event.objects.get(act="role.interests")
    assert "732829320" not in bytes(event.payload).decode()
    assert verify().faults == []
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE regions_interestdeclaration SET wording = 'x'")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM regions_declaredinterest")


def test_whose_declaration_ends_soon_is_told_once_and_again_for_the_next(world: World) -> None:
    """Declared on 3 March 2025 for twelve months, told thirty-five days before by the region's own term."""
    admin, decider = world.staff["admin"], world.staff["decider"]
    impartiality.declare(decider)
    impartiality.declare(world.staff["certifier"])
    last = clock.now() + (impartiality.last_day(InterestDeclaration.objects.earliest("pk"), 12) - clock.today())
    clock.simulate(last - timedelta(days=36))
    assert interest_reminders.remind() == 0, "the region requires nothing"
    set_integrity_terms(admin, world.region, clock.today(), True, 12, notice_days=35)
    assert interest_reminders.remind() == 0
    clock.simulate(last - timedelta(days=35))
    impartiality.declare(world.staff["certifier"])
    assert (interest_reminders.remind(), interest_reminders.remind()) == (1, 0)
    message = OutboxMessage.objects.get(template="interests_soon")
    mail = emails.compose(message)
    assert (message.recipient, mail.to) == (decider, [decider.email])
    assert all(words in mail.body for words in ("02/03/2026", reverse("interests")))
    client = Client()
    client.force_login(decider)
    assert "Elle se termine bientôt" in client.get(reverse("interests")).content.decode()
    assert "est valable jusqu’au 02/03/2026 : la refaire" in client.get(reverse("home")).content.decode()
    clock.simulate(last + timedelta(days=1))
    assert "n’est plus valable : elle l’était jusqu’au 02/03/2026" in client.get(reverse("home")).content.decode()
    clock.simulate(last - timedelta(days=35))
    impartiality.declare(decider)
    assert "éclaration d’intérêts" not in client.get(reverse("home")).content.decode().partition("<main")[2]
    assert "Elle se termine bientôt" not in client.get(reverse("interests")).content.decode()
    assert (interest_reminders.remind(), verify().faults) == (0, [])


def test_who_decides_nothing_is_told_of_an_end_not_of_a_want(world: World) -> None:
    """The notifying agent need not declare; once she did, she reads that it is over. The decider reads both."""
    set_integrity_terms(world.staff["admin"], world.region, clock.today(), True, 12, notice_days=35)
    users = [world.staff[name] for name in ("notifier", "decider")]

    def told() -> list[Any]:
        return [interest_reminders.notice(user, list(user.roles.select_related("region"))) for user in users]

    assert told() == [None, interest_reminders.Notice(None, over=True)]
    for user in users:
        impartiality.declare(user)
    assert told() == [None, None]
    until = impartiality.last_day(InterestDeclaration.objects.latest("pk"), 12)
    clock.simulate(clock.now() + (until - clock.today()) + timedelta(days=1))
    assert told() == [interest_reminders.Notice(until, over=True)] * 2


def test_only_people_of_a_region_declare(world: World) -> None:
    with pytest.raises(Forbidden):
        impartiality.declare(world.managers["F01"])
    with pytest.raises(Denied, match="neuf chiffres"):
        impartiality.declare(world.staff["officer"], ["12"])


def test_the_wording_that_was_signed_does_not_change() -> None:
    """A new text is a new version: the hash of each one that was signed stays what it was, in any language."""
    with translation.override("en"):
        assert impartiality.wording_hash("2026-1") == "c13438e14ee6033feb6f89e5dbe62be9d72e187728332bb5e74d3457081f6442"
