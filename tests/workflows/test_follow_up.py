"""What became of the project: asked a year after its end, reminded, answered online or by a call, seen when late."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Application, CaseVersion, FollowUp
from backoffice.demo.actors import Case, days
from backoffice.demo.world import World
from regions import clock
from regions.calendars import add_months
from regions.enums import RoleKind
from regions.models import User
from tests.backoffice.officer.desk import at_desk, text
from tests.cases import paid_case
from tests.roles import hold
from tests.shelf import lay_out
from workflows import delivery, follow_up, gate
from workflows.acts import Denied, Forbidden
from workflows.models import Deadline, Event
from workflows.verify import verify

pytestmark = pytest.mark.django_db
ANSWERS: dict[str, Any] = {
    "headcount": Decimal("4.50"), "turnover": Decimal("210000.00"), "online_share": 20, "export_share": 0,
    "in_use": "yes", "new_offer": True, "new_methods": False, "digital_intensity": 9, "satisfaction": 4,
}  # fmt: skip
CALLED = "Mme Exemple, gérante, appelée au numéro du dossier."


def _year_later(world: World) -> Case:
    case = paid_case(world)
    days((add_months(case.file.completed_on, 12) - clock.today(world.region.time_zone)).days + 1)
    return case


@pytest.fixture
def asked(world: World) -> Case:
    """A voucher paid and completed, on the day after which the firm was asked."""
    return lay_out("a paid case, a year later", lambda: _year_later(world))


def colleague(case: Case) -> User:
    """A second officer of the region."""
    user = User.objects.create_user("seconde@demo.example", "Seconde Instructrice")
    hold(user, RoleKind.OFFICER, case.file.region)
    return user


def call(case: Case, by: User | None = None, **given: Any) -> None:
    gate.record(by or case.by("officer"), "application", case.pk, "follow_up_call", reason=CALLED, **given)


def last_version(case: Case) -> CaseVersion:
    return CaseVersion.objects.filter(application=case.pk).latest("pk")


def listed(world: World, step: str) -> list[int]:
    found = follow_up.watched([world.region]).filter(follow_up.steps(clock.today())[step])
    return list(found.values_list("pk", flat=True))


def mails(case: Case) -> list[str]:
    return list(case.file.outbox.filter(template__startswith="follow_up").values_list("template", flat=True))


def test_nothing_is_asked_before_its_day(world: World) -> None:
    case = paid_case(world)
    file = case.file
    assert (file.results_on, file.results_by) == (
        add_months(file.completed_on, 12), add_months(file.completed_on, 12) + timedelta(days=30),
    )  # fmt: skip
    assert file.due_on is None
    assert listed(world, "to_come") == [case.pk]
    with pytest.raises(Denied, match="pas encore ouvert"):
        gate.record(case.manager, "application", case.pk, "follow_up", **ANSWERS)
    assert at_desk(case.by("officer")).get(reverse("file", args=[file.reference])).status_code == 200


def test_the_firm_is_asked_reminded_twice_then_left_in_peace_and_is_late(world: World, asked: Case) -> None:
    assert mails(asked) == ["follow_up_asked"]
    assert listed(world, "asked") == [asked.pk]
    assert reverse("firm-follow-up", args=[asked.file.reference]) in at_desk(asked.manager).get("/").content.decode()
    days(31)
    assert mails(asked) == ["follow_up_asked", "follow_up_reminder"]
    assert listed(world, "late") == [asked.pk]
    days(80)
    assert mails(asked) == ["follow_up_asked", "follow_up_reminder", "follow_up_reminder"]
    assert not asked.file.deadlines.filter(kind=Deadline.Kind.FOLLOW_UP, closed_at__isnull=True).exists()
    delivery.deliver()
    sent = [message for message in mail.outbox if "réponses" in message.subject or "deux minutes" in message.subject]
    assert len(sent) == 3
    assert all(reverse("firm-follow-up", args=[asked.file.reference]) in message.body for message in sent)
    assert verify().faults == []


def test_the_firm_answers_once_and_again_and_the_last_answer_counts(world: World, asked: Case) -> None:
    gate.record(asked.manager, "application", asked.pk, "follow_up", **ANSWERS)
    assert asked.file.digital_intensity_after == 9
    assert listed(world, "answered") == [asked.pk]
    assert (
        reverse("firm-follow-up", args=[asked.file.reference]) not in at_desk(asked.manager).get("/").content.decode()
    )
    gate.record(asked.manager, "application", asked.pk, "follow_up", **ANSWERS | {"headcount": Decimal("5.00")})
    rows = FollowUp.objects.filter(application=asked.pk)
    assert [row.headcount for row in rows] == [Decimal("4.50"), Decimal("5.00")]
    version = last_version(asked)
    assert version.follow_up is not None
    assert version.follow_up.headcount == Decimal("5.00")
    assert version.results_on == asked.file.results_on
    days(100)
    assert mails(asked) == ["follow_up_asked"]
    event = Event.objects.filter(act="record.follow_up").latest("pk")
    assert b"210000.00" in bytes(event.payload)
    with pytest.raises(TypeError, match="append-only"):
        rows[0].save()


@pytest.mark.parametrize(
    "wrong",
    [{}, {"headcount": Decimal(-1)}, {"online_share": 101}, {"satisfaction": 0}, {"in_use": "maybe"}, {"other": 1},
     {"new_offer": "yes"}, {"turnover": 12}],
)  # fmt: skip
def test_an_answer_outside_the_questions_is_refused(asked: Case, wrong: dict[str, Any]) -> None:
    with pytest.raises(Denied, match="dans les limites"):
        gate.record(asked.manager, "application", asked.pk, "follow_up", **wrong)
    assert not FollowUp.objects.exists()


def test_a_call_counts_once_a_second_person_confirms_it(world: World, asked: Case) -> None:
    with pytest.raises(Denied, match="qui a répondu"):
        gate.record(asked.by("officer"), "application", asked.pk, "follow_up_call", headcount=Decimal(3))
    call(asked, headcount=Decimal("3.00"), satisfaction=2)
    assert last_version(asked).follow_up is None
    assert listed(world, "to_confirm") == [asked.pk]
    days(31)
    assert mails(asked) == ["follow_up_asked"], "a call that waits is an answer: no reminder"
    with pytest.raises(Forbidden, match="vous avez saisi"):
        gate.record(asked.by("officer"), "application", asked.pk, "follow_up_confirmed")
    gate.record(colleague(asked), "application", asked.pk, "follow_up_confirmed")
    row = follow_up.standing(asked.file)
    assert row is not None
    assert row.confirms is not None
    assert (row.headcount, row.satisfaction) == (Decimal("3.00"), 2)
    assert row.answered_on == row.confirms.answered_on < clock.today()
    assert (listed(world, "to_confirm"), listed(world, "answered")) == ([], [asked.pk])
    assert last_version(asked).follow_up == row
    assert verify().faults == []


def test_what_the_firm_says_herself_makes_a_call_moot(world: World, asked: Case) -> None:
    call(asked, headcount=Decimal("3.00"))
    gate.record(asked.manager, "application", asked.pk, "follow_up", **ANSWERS)
    assert listed(world, "to_confirm") == []
    with pytest.raises(Denied, match="n’attend de confirmation"):
        gate.record(colleague(asked), "application", asked.pk, "follow_up_confirmed")


def test_the_list_costs_the_same_whatever_its_length(world: World, asked: Case) -> None:
    client = at_desk(asked.by("officer"))
    days(31)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("follow-ups"))
    assert asked.file.reference in text(page)
    assert len(queries) <= 14
    assert "réponse sur un projet terminé est en retard" in text(client.get(reverse("home")))


def test_a_scheme_may_ask_less_and_sooner(world: World, asked: Case) -> None:
    file = Application.objects.get(pk=asked.pk)
    version = file.scheme_version
    version.rules["when"] |= {"results_months": 6, "results_questions": ["satisfaction"], "results_answer_days": 10}
    terms = follow_up.terms(file)
    assert (terms.asked_on(file.completed_on), terms.questions) == (add_months(file.completed_on, 6), ("satisfaction",))
