"""Undue payments on screen: noted from the file, listed by step, heard, ordered by another."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Application, Recovery
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from tests.backoffice.officer.desk import at_desk, elsewhere, text
from tests.walks import undue

pytestmark = pytest.mark.django_db


def act(recovery: Recovery, name: str) -> str:
    return reverse("recovery-act", args=[recovery.number, name])


def page(recovery: Recovery) -> str:
    return reverse("recovery", args=[recovery.number])


def test_it_is_noted_from_the_file_within_what_was_paid(world: World) -> None:
    case, first = undue(world)
    client, address = at_desk(case.by("officer")), reverse("recovery-open", args=[case.file.reference])
    assert "700,00 €" in text(client.get(address))
    given = {"amount": "700,01", "reason_code": "not_done", "words": "Site hors ligne."}
    assert "dépasse ce qui a été payé" in text(client.post(address, given))
    answer = client.post(address, given | {"amount": "700,00"}, follow=True)
    made = Recovery.objects.exclude(pk=first.pk).get()
    assert answer.redirect_chain[0][0] == page(made)
    assert "Site hors ligne." in text(answer)


def test_from_the_finding_to_the_order_each_step_has_its_person(world: World) -> None:
    case, recovery = undue(world)
    officer, authorising = at_desk(case.by("officer")), at_desk(case.by("authorising"))
    assert "Ouvrir la procédure contradictoire" in text(officer.get(page(recovery)))
    assert "1 recouvrement attend un acte de votre rôle" in text(officer.get("/"))
    assert "recouvrement attend" not in text(authorising.get("/"))
    officer.post(act(recovery, "hear"))
    assert "Le délai laissé à l’entreprise" in text(authorising.get(page(recovery)))
    clock.advance(days=16)
    answer = authorising.post(
        act(recovery, "order"), {"order_number": "T-2025-17", "reason": "Sans réponse."}, follow=True
    )
    assert "T-2025-17" in text(answer)
    assert Recovery.objects.get(pk=recovery.pk).state == "ordered"
    assert "Constater un encaissement" in text(at_desk(case.by("accountant")).get(page(recovery)))


def test_what_a_form_lacks_is_told_with_what_was_typed(world: World) -> None:
    case, recovery = undue(world)
    answer = at_desk(case.by("authorising")).post(act(recovery, "drop"), {"reason": ""})
    assert answer.status_code == 200
    assert Recovery.objects.get(pk=recovery.pk).state == "opened"


def test_another_region_and_the_firm_find_nothing(world: World) -> None:
    case, recovery = undue(world)
    strangers = (elsewhere(RoleKind.AUTHORISING), case.manager, world.managers["F05"], case.provider)
    for stranger in strangers:
        client = at_desk(stranger)
        assert client.get(page(recovery)).status_code == 404
        assert client.post(act(recovery, "drop"), {"reason": "x"}).status_code == 404
        assert client.get(reverse("recovery-open", args=[case.file.reference])).status_code == 404


@pytest.mark.parametrize("count", [10, 1000])
def test_the_list_asks_as_much_of_the_database_at_any_size(world: World, count: int) -> None:
    case, _recovery = undue(world)
    file = Application.objects.get(pk=case.pk)
    Recovery.objects.bulk_create(
        Recovery(
            application=file, number=f"R-{rank:05d}", state="ordered", reason="overpaid", amount=Decimal("1.00"),
            found_on=clock.today(), order_number=f"T-{rank}", due_on=clock.today(),
        )
        for rank in range(count)
    )  # fmt: skip
    client = at_desk(case.by("officer"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        shown = client.get(reverse("recoveries"), {"etape": "titres"})
    assert len(asked) <= 15
    assert len(shown.context["page"].rows) == min(count, 50)
    assert ("Page suivante" in text(shown)) == (count > 50)
