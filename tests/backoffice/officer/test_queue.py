"""The queues on screen: what each holds, what is late, filters, pages, and a cost that does not grow."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.enums import Actor, ApplicationState
from applications.models import Application
from backoffice.demo.actors import days
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from tests.backoffice.officer.desk import at_desk, elsewhere, filed, page_of, text
from workflows import queues

pytestmark = pytest.mark.django_db


def many(world: World, count: int, **facts: Any) -> None:
    """Files of a region by the hundred, alike but for their number and date."""
    first = filed(world).file
    rows = []
    for number in range(count):
        row = Application.objects.get(pk=first.pk)
        row.pk, row.reference = None, f"KAP-2025-9{number:04d}"
        row.due_on = date(2025, 5, 1) + timedelta(days=number % 40) if number % 7 else None
        for name, value in facts.items():
            setattr(row, name, value)
        rows.append(row)
    Application.objects.bulk_create(rows)


@pytest.mark.parametrize(
    ("who", "queue"),
    [("officer", "À prendre"), ("decider", "À décider"), ("notifier", "À notifier"), ("certifier", "À certifier"),
     ("liquidator", "À mandater"), ("authorising", "À signer"), ("auditor", "Tous")],
)  # fmt: skip
def test_the_first_queue_is_the_readers_own(world: World, who: str, queue: str) -> None:
    assert f"<title>{queue} – Guichet</title>" in at_desk(world.staff[who]).get("/").content.decode()


def test_each_queue_counts_what_it_holds(world: World) -> None:
    filed(world)
    counted = queues.counts(world.staff["officer"])
    assert (counted["to-take"], counted["all"], counted["to-decide"]) == (1, 1, 0)
    assert counted == {key: queue.files(world.staff["officer"]).count() for key, queue in queues.QUEUES.items()}
    filed(world, "F05")
    assert queues.counts(world.staff["officer"], limit=1)["all"] == 1


def test_nothing_of_another_region_shows(world: World) -> None:
    case = filed(world)
    page = at_desk(elsewhere()).get("/?queue=all")
    assert case.file.reference not in text(page)
    assert queues.counts(elsewhere(RoleKind.DECIDER))["all"] == 0


def test_an_alert_that_passed_is_not_lateness(world: World) -> None:
    case, officer = filed(world), world.staff["officer"]
    clock.advance(days=44)
    assert case.file.due_on is not None
    assert case.file.due_on < clock.today() < case.file.decision_due_on  # type: ignore[operator]
    page = text(at_desk(officer).get("/?queue=all"))
    assert "alerte 17 avril 2025" in page
    assert "décision au plus tard 3 mai 2025" in page
    assert queues.counts(officer)["late"] == 0
    assert page.count("En retard") == 1


def test_past_the_legal_date_the_file_is_late_everywhere(world: World) -> None:
    case, officer = filed(world), world.staff["officer"]
    days(62)
    assert case.file.due_on == case.file.decision_due_on
    page = text(at_desk(officer).get("/?queue=late"))
    assert case.file.reference in page
    assert page.count("En retard") >= 2
    assert "Le silence vaut rejet depuis la fin du 3 mai 2025" in text(at_desk(officer).get(page_of(case)))


def test_the_week_before_silence_has_its_queue(world: World) -> None:
    case, officer = filed(world), world.staff["officer"]
    clock.advance(days=50)
    assert queues.counts(officer)["silence"] == 0
    clock.advance(days=5)
    assert case.file in queues.QUEUES["silence"].files(officer)


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=KAP-2025-00001", True), ("q=Th%C3%A9%C3%A2tre", True), ("q=000+000+018", True), ("q=Rien", False),
     ("state=submitted", True), ("state=granted", False), ("assigned=none", True), ("due_before=2025-05-01", True),
     ("due_before=2025-04-01", False), ("due_before=jamais", True), ("scheme=999", True), ("assigned=abc", True)],
)  # fmt: skip
def test_filters_narrow_a_queue(world: World, query: str, found: bool) -> None:
    case = filed(world)
    page = text(at_desk(world.staff["officer"]).get(f"/?queue=all&{query}"))
    assert (case.file.reference in page) is found
    assert ("ne correspond" in page) is not found


def test_filters_by_officer_and_scheme(world: World) -> None:
    case, officer = filed(world), world.staff["officer"]
    case.examine()
    own = at_desk(officer)
    for query in (f"assigned={officer.pk}", f"scheme={world.scheme.pk}"):
        assert case.file.reference in text(own.get(f"/?queue=all&{query}"))
    assert "ne correspond" in text(own.get(f"/?queue=all&assigned={world.staff['officer2'].pk}"))


@pytest.mark.parametrize("count", [10, 1000])
def test_a_page_of_a_queue_costs_the_same_at_any_size(world: World, count: int) -> None:
    many(world, count)
    client = at_desk(world.staff["officer"])
    client.get("/")
    for address in ("/", "/?queue=all&q=KAP", "/?queue=all&after=2025-05-10.1"):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(address).status_code == 200
        assert len(captured) <= 18, [query["sql"][:90] for query in captured]


def test_pages_go_forward_and_back_over_every_file_once(world: World) -> None:
    many(world, 120)
    files = queues.QUEUES["all"].files(world.staff["officer"])
    seen, page = [], queues.page(files)
    assert page.before is None
    while True:
        seen.append([file.pk for file in page.files])
        if page.after is None:
            break
        page = queues.page(files, after=page.after)
    assert [pk for part in seen for pk in part] == [file.pk for file in files]
    for part in reversed(seen[:-1]):
        page = queues.page(files, before=page.before)
        assert [file.pk for file in page.files] == part
    assert page.before is None


def test_the_links_of_a_page_lead_to_the_next_and_back(world: World) -> None:
    many(world, 60)
    client = at_desk(world.staff["officer"])
    first = client.get("/?queue=all&state=submitted")
    later = first.context["later"]
    assert "state=submitted" in later
    second = client.get(f"/{later}")
    assert "Page précédente" in text(second)
    again = client.get(f"/{second.context['earlier']}")
    assert [f.pk for f in again.context["files"]] == [f.pk for f in first.context["files"]]


def test_no_page_of_a_queue_counts_rows_to_skip(world: World) -> None:
    many(world, 60)
    client = at_desk(world.staff["officer"])
    with CaptureQueriesContext(connection) as captured:
        client.get("/?queue=all&after=2025-05-10.1")
    assert not any(" OFFSET " in query["sql"] for query in captured)


def test_next_and_previous_stay_in_the_queue(world: World) -> None:
    cases = [filed(world, firm) for firm in ("F01", "F05", "F15")]
    files = queues.QUEUES["to-take"].files(world.staff["officer"])
    first, second, third = files
    before, after = queues.neighbours(files, queues.cursor(second))
    assert (before, after) == (first, third)
    assert queues.neighbours(files, queues.cursor(first))[0] is None
    assert {case.pk for case in cases} == {first.pk, second.pk, third.pk}


def test_an_empty_queue_says_so(world: World) -> None:
    assert "Aucun dossier ici pour le moment" in text(at_desk(world.staff["officer"]).get("/"))


def test_a_file_waiting_for_items_is_late_by_its_own_date(world: World) -> None:
    case = filed(world).act("officer", "request_items", kinds=["quote"])
    file = case.file
    assert (file.state, file.next_actor) == (ApplicationState.TO_COMPLETE, Actor.FIRM)
    assert file.binding_on == file.due_on
