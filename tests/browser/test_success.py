"""An advance repaid by its success, in a browser: declared, sent back, declared again, checked, read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from applications.enums import ClaimKind
from applications.models import ExportTurnover
from backoffice.demo.world import World
from regions import clock
from regions.enums import Instrument
from tests.browser.conftest import Opener
from tests.browser.test_region_side import arrive
from tests.walks import COMMISSION, MIX, STUDY, Walk, offer
from workflows import success

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "lang"), [(390, "fr"), (1440, "en")])
def test_a_turnover_is_declared_returned_declared_again_and_kept(
    people: Callable[..., World], visitor: Opener, width: int, lang: str
) -> None:
    world, french = people("F01"), lang == "fr"
    walk = Walk(offer(world, MIX, success="0.10"), "F01").fill(STUDY, COMMISSION).file_it().running()
    walk.pay(walk.asks(ClaimKind.RELEASE, Instrument.ADVANCE))
    component = success.component_of(walk.file)
    assert component is not None
    clock.advance(days=(success.years(component)[0].last - clock.today()).days + 1)
    page = reverse("file", args=[walk.file.reference])
    send = "Déclarer ce chiffre d’affaires" if french else "Declare this turnover"
    mine = "Déclarer mon chiffre d’affaires à l’export" if french else "Declare my export turnover"
    firm = arrive(visitor("firm", width=width, lang=lang))
    firm.sign_in(walk.manager.email).go(page).follow(mine)
    firm.fill(amount="15 000").press(send)
    assert firm.page.locator("[name=amount]").input_value() == "15 000"
    firm.tick("[name=accurate]").press(send)
    assert ("En contrôle" if french else "Being checked") in firm.text()
    officer = arrive(visitor("officer", width=width, lang=lang))
    officer.sign_in(walk.by("officer").email).go(page)
    address = "/mention/turnover_checked/"
    officer.unfold(address).locator("[name=outcome][value=returned]").check()
    officer.answer(address, reason="Ventes en Belgique ?")
    firm.go(reverse("firm-turnover", args=[walk.file.reference]))
    assert "Ventes en Belgique ?" in firm.text()
    firm.fill(amount="60000").tick("[name=accurate]").press(send)
    officer.go(page).unfold(address).locator("[name=outcome][value=accepted]").check()
    officer.act(address)
    assert ExportTurnover.objects.get(outcome="accepted").owed == 6000
    firm.go(reverse("firm-schedule", args=[walk.file.reference]))
    assert ("4 200,00 €" if french else "€4,200.00") in firm.text()
