"""Two bands set by two administrators, then an order that three persons sign before it leaves, in a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from applications.models import PaymentRun
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import PASSWORD, World
from regions import clock
from regions.models import User
from tests.backoffice.payments.people import signatory
from tests.browser.conftest import Opener
from tests.browser.pages import Visitor
from tests.browser.test_region_side import arrive
from workflows import signatures

pytestmark = pytest.mark.django_db(transaction=True)


def _certified(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it().grant().notify()
    claim = case.claim()
    case.control(claim).certify(claim).order(claim)


def _another(world: World, name: str) -> User:
    user = signatory(world, name)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def test_three_persons_sign_what_passes_the_second_band(people: Callable[..., World], visitor: Opener) -> None:
    world = people("F01")
    _certified(world)
    others = [_another(world, name) for name in ("Dominique Ordonne", "Robin Ordonne")]

    def come(email: str, width: int, lang: str) -> Visitor:
        return arrive(visitor(email, width=width, lang=lang)).sign_in(email)

    _set_bands(come)
    waiting = reverse("payment-orders", args=["a-transmettre"])
    first = come(world.staff["authorising"].email, 1440, "fr").go(waiting)
    assert "3 personnes signent chaque mandat" in first.text()
    first.press("Transmettre au comptable – La Réunion")
    assert "3 signatures de personnes différentes : il en manque 2" in first.text()
    _countersign(come(others[0].email, 1440, "en").go(waiting), "Countersign the payment orders chosen", "2 signatures")
    _countersign(come(others[1].email, 390, "fr").go(waiting), "Contresigner les mandats choisis", "une signature")
    first.go(waiting).press("Transmettre au comptable – La Réunion")
    run = PaymentRun.objects.get()
    first.go(reverse("payment-batch", args=[run.number]))
    assert all(name in first.text() for name in ("Maxime Ordonne", "Dominique Ordonne", "Robin Ordonne"))
    assert run.signatures == len(signatures.signers(run.orders.all())) == 3


def _set_bands(come: Callable[..., Visitor]) -> None:
    admin = come("admin@demo.example", 390, "en").go(reverse("manage-paying-propose"))
    admin.fill(valid_from=f"{clock.today():%Y-%m-%d}", above_2="1 000", above_3="500").press("Propose")
    assert "The bands do not grow: 2 persons sign above €1,000.00" in admin.text()
    admin.fill(above_2="500", above_3="1000").press("Propose")
    assert "3 above\n€1,000.00" in admin.text() or "3 above €1,000.00" in admin.text()
    second = come("admin2@demo.example", 1440, "fr").go(reverse("manage-paying")).press("Confirmer")
    assert "Les conditions sont confirmées" in second.text()


def _countersign(person: Visitor, button: str, missing: str) -> None:
    assert missing in person.text()
    person.tick("[name=order]").press(button)
