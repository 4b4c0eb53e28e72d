"""What became of a project, in a browser: asked of the firm, taken down from a call, confirmed, answered online."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from applications.models import FollowUp
from backoffice.demo import stories
from backoffice.demo.actors import days
from backoffice.demo.world import World
from regions import clock
from regions.calendars import add_months
from regions.enums import RoleKind
from regions.models import User
from tests.browser.conftest import Opener
from tests.browser.pages import PASSWORD
from tests.browser.test_region_side import arrive
from tests.roles import hold

pytestmark = pytest.mark.django_db(transaction=True)
ANSWERS = {"headcount": "4,5", "turnover": "210 000", "online_share": "20", "export_share": "0"}
CHOSEN = {"in_use": "yes", "new_offer": "yes", "new_methods": "no", "satisfaction": "4"}


def test_a_call_is_confirmed_then_the_firm_answers(people: Callable[..., World], visitor: Opener) -> None:
    world = people("F01")
    case = stories.paid(world)
    days((add_months(case.file.completed_on, 12) - clock.today()).days + 32)
    firm = arrive(visitor("firm", width=390, lang="fr")).sign_in(case.manager.email)
    firm.follow("Dire ce qu’est devenu le projet (deux minutes)")
    second = User.objects.create_user("seconde@demo.example", "Seconde Instructrice")
    second.set_password(PASSWORD)
    second.save()
    hold(second, RoleKind.OFFICER, world.region)
    officer = arrive(visitor("officer", width=1440, lang="en"))
    officer.sign_in(case.by("officer").email).go(reverse("follow-ups")).follow(case.file.reference)
    officer.fill(headcount="3", reason="The manager, called today.").press("Record the call")
    assert "Another person has to confirm" in officer.text()
    other = arrive(visitor("second", width=1440, lang="en"))
    other.sign_in(second.email).go(reverse("file", args=[case.file.reference])).follow("Answers, call, confirmation")
    other.press("Confirm this answer")
    assert "By telephone, entered by the region" in other.text()
    firm.go(reverse("file", args=[case.file.reference]))
    firm.follow("Mes réponses sur le projet terminé").fill(**ANSWERS).press("Envoyer mes réponses")
    assert firm.page.locator("[name=turnover]").input_value() == "210 000"
    for name, value in CHOSEN.items():
        firm.page.locator(f"[name={name}][value='{value}']").check()
    firm.press("Envoyer mes réponses")
    assert "Vos réponses sont enregistrées" in firm.text()
    row = FollowUp.objects.latest("pk")
    assert (row.channel, row.headcount, row.satisfaction, row.new_methods) == ("online", 4.5, 4, False)
