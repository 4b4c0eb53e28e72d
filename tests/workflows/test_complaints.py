"""Complaints: received, answered by another than the person complained about, closed; the words stand apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from applications.models import Complaint
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.calendars import add_months
from regions.models import Provider, ProviderMember
from workflows import backlog, complaints, delivery, gate, impartiality
from workflows.acts import Denied, Forbidden, NotFound
from workflows.administration import messages_of, set_integrity_terms
from workflows.chain import key
from workflows.models import Deadline, Event, OutboxMessage
from workflows.sweeper import sweep
from workflows.verify import verify

pytestmark = [pytest.mark.django_db, pytest.mark.both]
GIVEN = {
    "source": "other",
    "channel": "mail",
    "from_whom": "Dominique Voisin",
    "title": "Bruit",
    "reason": "Trop lent.",
}


def received(world: World, **more: Any) -> Complaint:
    gate.open_complaint(world.staff["officer"], world.region, **(GIVEN | more))
    return Complaint.objects.latest("pk")


def act(world: World, role: str, name: str, **given: Any) -> Complaint:
    found = Complaint.objects.latest("pk")
    gate.move(world.staff[role], "complaint", found.pk, name, **given)
    return Complaint.objects.get(pk=found.pk)


def test_received_answered_and_closed_and_no_free_text_stands_in_the_events(world: World) -> None:
    """Received on 3 March 2025, answered within two months: by 3 May."""
    found = received(world)
    assert (found.state, found.answer_by) == ("received", add_months(clock.today(), 2))
    assert list(complaints.to_answer([world.region])) == [found]
    with pytest.raises(Denied, match="fondée"):
        act(world, "officer2", "answer", reason="Vu.")
    found = act(world, "officer2", "answer", reason="Nous avons accéléré.", outcome="partly")
    assert (found.state, found.outcome, found.answered_on) == ("answered", "partly", clock.today())
    assert act(world, "officer", "close").closed_on == clock.today()
    told = b"".join(bytes(event.payload) for event in Event.objects.filter(subject=key(found))).decode()
    assert all(text not in told for text in ("Voisin", "Bruit", "Trop lent", "accéléré"))
    assert verify().faults == []


def test_whoever_is_complained_about_neither_answers_nor_withdraws_her_name(world: World) -> None:
    received(world)
    act(world, "officer2", "attribute", about_person=world.staff["officer"])
    for name, given in (
        ("answer", {"reason": "Rien.", "outcome": "rejected"}),
        ("attribute", {"about_person": world.staff["officer2"]}),
    ):  # fmt: skip
        with pytest.raises(Denied, match="vous met en cause"):
            act(world, "officer", name, **given)
    act(world, "decider", "answer", reason="Entendu.", outcome="upheld")
    with pytest.raises(Denied, match="vous met en cause"):
        act(world, "officer", "close")
    received(world)
    with pytest.raises(Denied, match="personne de la région"):
        act(world, "officer", "attribute", about_person=world.managers["F01"])


def test_a_firm_complains_of_her_own_file_and_of_no_other(world: World) -> None:
    case, about = Case(world, "F01").fill(SITE).file_it(), {"source": "firm", "channel": "online", "title": "Délai"}
    file = case.file
    for user in (world.managers["F02"], world.staff["officer"]):
        with pytest.raises(Forbidden):
            gate.open_complaint(user, world.region, name="complain", about_file=file, reason="x", **about)
    gate.open_complaint(case.manager, world.region, name="complain", about_file=file, reason="Long.", **about)
    found = Complaint.objects.get()
    assert found in Complaint.objects.for_user(case.manager)
    with pytest.raises(NotFound):
        gate.move(world.managers["F02"], "complaint", found.pk, "close")
    impartiality.declare(world.staff["officer"], [world.companies["F01"].siren])
    with pytest.raises(Forbidden, match="déclaré un intérêt"):
        act(world, "officer", "answer", reason="Vu.", outcome="rejected")


def test_the_days_follow_the_regions_terms_of_the_day_received(world: World) -> None:
    set_integrity_terms(world.staff["admin"], world.region, clock.today(), False, 12, complaint_months=1)
    assert received(world).answer_by == add_months(clock.today(), 1)
    before = clock.today() - timedelta(days=1)
    assert received(world, received_on=before).answer_by == add_months(before, 2)
    for wrong in ({"received_on": clock.today() + timedelta(days=1)}, {"title": " "}, {"reason": ""}):
        with pytest.raises(Denied):
            received(world, **wrong)
    assert sorted(Complaint.objects.values_list("number", flat=True)) == ["R-04-2025-1", "R-04-2025-2"]


def test_only_the_firm_registers_what_it_reads_on_its_page(world: World) -> None:
    """The channel says who wrote: neither an officer's complaint as the firm's, nor the firm's as another's."""
    file = Case(world, "F01").fill(SITE).file_it().file
    with pytest.raises(Denied, match="par quelle voie"):
        received(world, about_file=file, channel="online")
    about = {"about_file": file, "source": "firm", "channel": "mail", "title": "Délai"}
    with pytest.raises(Denied, match="par quelle voie"):
        gate.open_complaint(world.managers["F01"], world.region, name="complain", reason="Long.", **about)
    assert not Complaint.objects.exists()


def provider_of(world: World) -> tuple[Any, Any, Any]:
    """A filed case, its provider and an account of it."""
    file = Case(world, "F01").fill(SITE).file_it().file
    return file, file.provider, file.provider.members.get().user


OWN = {"name": "complain_provider", "source": "provider", "channel": "provider", "title": "Délai", "reason": "Long."}


def test_a_provider_complains_on_its_own_account_and_neither_for_another_nor_elsewhere(world: World) -> None:
    file, own, user = provider_of(world)
    for actor in (world.managers["F01"], world.staff["officer"]):
        with pytest.raises(Forbidden, match="pour son compte"):
            gate.open_complaint(actor, world.region, from_provider=own, **OWN)
    other = Provider.objects.create(siret="73282932000074", name="Autre", email="autre@demo.example")
    for about in ({"from_provider": other}, {}, {"from_provider": own, "about_file": unnamed(file)}):
        with pytest.raises(Forbidden, match="pour son compte"):
            gate.open_complaint(user, world.region, **OWN, **about)
    ProviderMember.objects.create(provider=other, user=user, valid_from=clock.today())
    with pytest.raises(Denied, match="ne connaît pas"):
        gate.open_complaint(user, world.region, from_provider=other, **OWN)
    for wrong in ({"channel": "mail"}, {"channel": "online"}):
        with pytest.raises(Denied, match="par quelle voie"):
            gate.open_complaint(user, world.region, from_provider=own, **(OWN | wrong))
    with pytest.raises(Denied, match="par quelle voie"):
        received(world, channel="provider")
    gate.open_complaint(user, world.region, from_provider=own, about_file=file, **OWN)
    assert Complaint.objects.get().from_provider == own
    impartiality.declare(world.staff["officer"], [own.siret[:9]])
    with pytest.raises(Forbidden, match="déclaré un intérêt"):
        act(world, "officer", "answer", reason="Vu.", outcome="rejected")
    assert verify().faults == []


def unnamed(file: Any) -> Any:
    """The same file as if it named no provider."""
    return type(file)(pk=file.pk, region_id=file.region_id, company_id=file.company_id)


def sent(template: str) -> Any:
    delivery.deliver()
    return next((one for one in reversed(mail.outbox) if f".{template}." in one.extra_headers["Message-ID"]), None)


def test_who_complained_is_written_to_on_receipt_and_with_the_answer(world: World) -> None:
    """A third party, who has no page, reads the words in the mail; whoever has one is sent to it."""
    found = received(world, email="voisin@demo.example")
    told = sent("complaint_received")
    assert told.to == ["voisin@demo.example"]
    assert all(words in told.body for words in (found.number, f"{found.answer_by:%d/%m/%Y}"))
    act(world, "officer2", "answer", reason="Nous avons accéléré.", outcome="partly")
    assert all(words in sent("complaint_answered").body for words in ("Fondée en partie", "Nous avons accéléré."))
    file, own, user = provider_of(world)
    user.language = "en"
    user.save()
    gate.open_complaint(user, world.region, from_provider=own, about_file=file, **OWN)
    act(world, "decider", "answer", reason="Vu.", outcome="rejected")
    told = sent("complaint_answered")
    assert told.to == [user.email]
    assert "has answered" in told.body
    assert "/prestataire/reclamations/" in told.body
    assert "Vu." not in told.body
    received(world)
    assert not OutboxMessage.objects.filter(sent_at__isnull=True).exists(), "no address, no mail"
    assert messages_of([world.region]).filter(template="complaint_answered").count() == 2


def test_a_complaint_older_than_the_timers_gets_its_last_day_by_night_once(world: World) -> None:
    """One still in time gets both days; one whose last day has passed is told late at the next waking."""
    old, new = received(world), received(world)
    Deadline.objects.filter(complaint__in=[old, new]).delete()
    assert (backlog.fill()["complaint_planned"], backlog.fill()["complaint_planned"]) == (2, 0)
    kinds = Deadline.objects.filter(complaint=old, closed_at__isnull=True).values_list("kind", flat=True)
    assert set(kinds) == {"complaint", "complaint_soon"}
    Deadline.objects.filter(complaint=new).delete()
    clock.simulate(clock.now() + timedelta(days=(new.answer_by - clock.today()).days + 3))
    sweep()
    assert backlog.fill()["complaint_planned"] == 1
    assert Deadline.objects.get(complaint=new).kind == "complaint"
    assert sweep() == 1
    late = Event.objects.filter(object__in=[key(old), key(new)], act="record.complaint_late")
    assert sorted(late.values_list("object", flat=True)) == sorted([key(old), key(new)])
    assert backlog.fill()["complaint_planned"] == 0
    assert verify().faults == []


def test_an_answered_complaint_needs_no_last_day(world: World) -> None:
    found = received(world)
    act(world, "officer2", "answer", reason="Vu.", outcome="upheld")
    Deadline.objects.filter(complaint=found).delete()
    assert backlog.fill()["complaint_planned"] == 0


def test_those_who_answer_are_reminded_before_the_last_day_and_once_it_has_passed(world: World) -> None:
    """Received on a day, answered by two months later: told ten days before, and the day after."""
    found = received(world)
    act(world, "decider", "attribute", about_person=world.staff["officer"])
    open_ = Deadline.objects.filter(complaint=found, closed_at__isnull=True)
    assert set(open_.values_list("kind", flat=True)) == {"complaint", "complaint_soon"}
    clock.simulate(clock.now() + timedelta(days=(found.answer_by - clock.today()).days - 9))
    assert (sweep(), sweep()) == (1, 0)
    told = sent("complaint_soon")
    assert world.staff["officer2"].email in told.to
    assert world.staff["officer"].email not in told.to, "he is complained about"
    clock.simulate(clock.now() + timedelta(days=10))
    assert (sweep(), sent("complaint_late") is not None, open_.count()) == (1, True, 0)
    act(world, "officer2", "answer", reason="Enfin.", outcome="upheld")
    received(world)
    act(world, "officer2", "answer", reason="Vu.", outcome="upheld")
    assert not Deadline.objects.filter(closed_at__isnull=True, complaint__isnull=False).exists()
    assert verify().faults == []
