"""A programme, a priority, an operation, a rate and an amendment, made by two administrators in a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from applications.models import Operation
from backoffice.demo.world import PASSWORD, World
from regions import clock
from regions.enums import RoleKind
from regions.models import Priority, Programme, Region, User
from tests.browser.conftest import Opener
from tests.browser.pages import Visitor
from tests.browser.test_region_side import arrive
from tests.roles import hold

pytestmark = pytest.mark.django_db(transaction=True)


def _administrators(code: str) -> list[str]:
    """Two administrators of a region that begins."""
    region = Region.objects.get(code=code)
    for rank in range(2):
        user = User.objects.create_user(f"debut{rank}@demo.example", ("Robin Commence", "Jo Confirme")[rank])
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        hold(user, RoleKind.ADMINISTRATOR, region)
    return ["debut0@demo.example", "debut1@demo.example"]


def _refused(reader: Visitor, button: str, said: str) -> Visitor:
    """Press a button whose form is not accepted: the page says why, and its status is no fault of the page."""
    reader.press(button)
    assert said in reader.text()
    reader.wrong = [found for found in reader.wrong if "422" not in str(found[2])]
    return reader


def test_a_region_begins_with_two_administrators(people: Callable[..., World], visitor: Opener) -> None:
    """French on a telephone proposes, English on a desk confirms; what is wrong is told, what was typed stays."""
    people("F01")
    one, other = _administrators("28")
    first = arrive(visitor("first", width=390, lang="fr")).sign_in(one).go(reverse("manage-programmes"))
    second = arrive(visitor("second", width=1440, lang="en")).sign_in(other)
    first.follow("Proposer un programme").fill(cci="2021FR", name="Programme FEDER Normandie", starts_on="2021-01-01")
    first.choose(category_of_region="transition", expenditure_end="2029-12-31")
    _refused(first, "Proposer", "quinze signes").fill(cci="2021FR16RFPR028").press("Proposer")
    first.follow("Relire")
    assert first.page.locator("main button", has_text="Confirmer").is_disabled()
    _confirm(second, "It is confirmed")
    first.go(reverse("manage-programmes")).follow("Proposer une priorité")
    first.fill(code="1", name="Une Europe plus intelligente", cofinancing_percent="61", objective_code="RSO1.2",
               objective_name="Numérique")  # fmt: skip
    _refused(first, "Proposer", "Ce taux dépasse 60 %").fill(cofinancing_percent="60").press("Proposer")
    second.go(reverse("manage-programmes")).follow("Read and answer").press("Refuse")
    first.go(reverse("manage-priority-propose", args=[Programme.objects.get(region__code="28").pk]))
    first.tick("[name=raised]").fill(code="1", name="Priorité", cofinancing_percent="70", objective_code="RSO1.2",
               objective_name="Numérique").press("Proposer")  # fmt: skip
    _confirm(second, "It is confirmed")
    second.follow("Answered proposals")
    assert "Refused" in second.text()


def _confirm(reader: Visitor, said: str) -> None:
    reader.go(reverse("manage-programmes")).follow("Read and answer" if reader.lang == "en" else "Lire et répondre")
    reader.press("Confirm" if reader.lang == "en" else "Confirmer")
    assert said in reader.text()


def test_an_operation_a_rate_an_objective_and_an_amendment(people: Callable[..., World], visitor: Opener) -> None:
    """English on a telephone proposes, French on a desk confirms; the certifier reads the sheet."""
    world = people("F01")
    clock.simulate(clock.now().replace(year=2027))
    first = arrive(visitor("admin", width=390, lang="en")).sign_in("admin@demo.example")
    second = arrive(visitor("admin2", width=1440, lang="fr")).sign_in("admin2@demo.example")
    first.go(reverse("manage-programmes")).follow("Propose the operation of Kap Numérik")
    days = {
        "submitted_on": "2026-11-02",
        "decided_on": "2026-12-01",
        "starts_on": "2027-01-01",
        "ends_on": "2028-12-31",
    }
    first.fill(code="re kap 2027", description="Vouchers", decided_by="Managing authority", economic_activity="26",
               location="FRY40", total_cost="50 000", eligible_cost="40000", erdf_support="34000.01",
               **days)  # fmt: skip
    first.choose(indicator_1="RCO01").fill(target_1="20", target_2="9000", target_3="5", target_4="5", target_5="5")
    _refused(first, "Propose", "85% of the eligible cost").fill(erdf_support="34000").press("Propose")
    _confirm(second, "C’est confirmé")
    assert Operation.objects.get(code="REKAP2027").erdf_support == 34000
    priority = Priority.objects.get()
    first.go(reverse("manage-programmes")).follow("Another rate")
    first.fill(percent="80", valid_from="2027-07-01").press("Propose")
    _confirm(second, "C’est confirmé")
    first.go(reverse("manage-objective-propose", args=[priority.pk])).fill(code="RSO1.3", name="SMEs").press("Propose")
    _confirm(second, "C’est confirmé")
    first.go(reverse("manage-objective-propose", args=[priority.pk])).fill(code="RSO1.4", name="Skills").press(
        "Propose"
    )
    first.follow("Read again").press("Withdraw my proposal")
    assert "Your proposal is withdrawn" in first.text()
    first.follow("Propose an operation")
    first.go(reverse("manage-programmes")).follow("An amendment")
    first.fill(total_cost="60000", decided_on="2027-01-15", reason="More requests").press("Propose")
    second.go(reverse("manage-programmes")).follow("Lire et répondre")
    assert "aujourd’hui :" in second.text()
    second.press("Confirmer")
    reader = arrive(visitor("certifier", width=390, lang="fr")).sign_in(world.staff["certifier"].email)
    reader.go(reverse("declarations")).follow("REKAP2027")
    assert "Plus" in reader.text() or "More requests" in reader.text()
