"""The expenditure of firms that are beneficiaries, taken up from the page, then prepared and shown."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Operation, OperationClaim, PaymentApplication
from backoffice.demo.actors import Case
from backoffice.demo.world import World
from regions import clock
from regions.models import Programme
from tests.backoffice.declarations.test_pages import post, signed_in, text
from tests.kinds import notified
from tests.workflows.test_declaring_firms import MISSION, advised_and_paid, paid, sent

pytestmark = pytest.mark.django_db
BUTTON = "Reprendre les dépenses des entreprises"


def shown(world: World, role: str) -> str:
    return text(signed_in(world.staff[role]).get(reverse("declarations")))


def take_up(world: World, role: str, until: str, status: int = 200) -> str:
    programme = Programme.objects.get()
    return post(world.staff[role], "firms-declare", programme.pk, status=status, **{f"f{programme.pk}-until": until})


def test_the_certifier_takes_up_what_firms_spent_and_prepares_the_application(world: World) -> None:
    advised_and_paid(world)
    assert "Une entreprise bénéficiaire a une dépense vérifiée et payée à reprendre : 4 000,00 €" in shown(
        world, "auditor"
    )
    assert BUTTON not in shown(world, "auditor")
    assert BUTTON in shown(world, "certifier2")
    assert "La dépense d’une entreprise est reprise." in take_up(world, "certifier2", clock.today().isoformat())
    claim = OperationClaim.objects.get()
    assert "8 000,00 € de dépense éligible, 4 000,00 € de contribution publique" in shown(world, "certifier2")
    page = text(signed_in(world.staff["auditor"]).get(reverse("operation-claim", args=[claim.pk])))
    assert claim.operation.beneficiary_name in page
    sheet = text(signed_in(world.staff["certifier2"]).get(reverse("operation", args=[claim.operation_id])))
    assert "Faite quand l’aide a été notifiée à l’entreprise" in sheet
    assert "Proposer une modification" not in sheet
    post(world.staff["certifier2"], "payment-application-new", Programme.objects.get().pk, **_basis())
    found = PaymentApplication.objects.get()
    page = text(signed_in(world.staff["auditor"]).get(reverse("payment-application", args=[found.pk])))
    assert "8 000,00 €" in page
    assert "4 000,00 €" in page
    assert str(claim) in page


def _basis() -> dict[str, str]:
    return {f"p{Programme.objects.get().pk}-basis": "public"}


def test_a_wrong_day_stays_in_its_form_and_a_day_too_early_is_told(world: World) -> None:
    advised_and_paid(world)
    assert "date" in take_up(world, "certifier2", "hier", 422)
    assert "Rien n’attend jusqu’à ce jour" in take_up(world, "certifier2", "2025-01-02")
    assert "une autre personne doit les déclarer" in take_up(world, "certifier", clock.today().isoformat())
    assert not OperationClaim.objects.exists()


def test_a_day_that_has_not_come_is_refused_with_its_sentence(world: World) -> None:
    paid(notified(Case(advised_and_paid(world).world, "F02", "P01").fill(MISSION)))
    page = take_up(world, "certifier2", "2030-01-01")
    assert page.count("au plus tard aujourd’hui") == 1  # two firms, one sentence
    assert not OperationClaim.objects.exists()


def test_only_a_certifier_of_the_region_takes_up(world: World) -> None:
    advised_and_paid(world)
    url = reverse("firms-declare", args=[Programme.objects.get().pk])
    for role in ("liquidator", "auditor", "officer"):
        assert signed_in(world.staff[role]).post(url).status_code == 404
    assert signed_in(world.managers["F01"]).post(url).status_code == 404


def test_the_list_costs_the_same_however_many_operations_of_firms(world: World) -> None:
    sent(world)
    client, costs = signed_in(world.staff["certifier2"]), []
    first = Operation.objects.get(beneficiary_mode="single")
    for rank in (1, 2, 3):
        with CaptureQueriesContext(connection) as queries:
            text(client.get(reverse("declarations")))
        costs.append(len(queries))
        first.pk, first.code = None, f"OP-{rank}"
        first.save(force_insert=True)
    assert costs[0] == costs[1] == costs[2]


def test_the_auditor_is_told_where_operations_of_firms_are(world: World) -> None:
    sent(world)
    page = text(signed_in(world.staff["auditor"]).get(reverse("audit-operations")))
    assert "Et une opération dont une entreprise est bénéficiaire" in page
    assert Operation.objects.get(beneficiary_mode="single").code not in page
