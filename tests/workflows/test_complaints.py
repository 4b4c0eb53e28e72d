"""Complaints: received, answered by another than the person complained about, closed; the words stand apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from applications.models import Complaint
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.calendars import add_months
from workflows import complaints, gate, impartiality
from workflows.acts import Denied, Forbidden, NotFound
from workflows.administration import set_integrity_terms
from workflows.chain import key
from workflows.models import Event
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
    set_integrity_terms(world.staff["admin"], world.region, clock.today(), False, 12, 1)
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
