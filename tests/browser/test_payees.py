"""One claim, two payees, in a browser: each part ticked, signed, and read by whom it pays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from applications.models import PaymentOrder
from backoffice.demo.world import World
from tests.browser.conftest import Opener
from tests.browser.test_region_side import arrive
from tests.walks import ANALYSIS, ASSIGNED, Walk, offer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "lang"), [(390, "fr"), (1440, "en")])
def test_both_parts_are_prepared_signed_and_read(
    people: Callable[..., World], visitor: Opener, width: int, lang: str
) -> None:
    world, french = people("F01"), lang == "fr"
    walk = Walk(offer(world, ASSIGNED, provider_share="0.60"), "F01").fill(ANALYSIS).file_it().running().report()
    claim = walk.claim(paid=False)
    walk.control(claim).certify(claim)
    liquidator = arrive(visitor("liquidator", width=width, lang=lang))
    liquidator.sign_in(walk.by("liquidator").email).go(reverse("payments"))
    assert ("Total : 3 000,00 €" if french else "Total: €3,000.00") in liquidator.text()
    liquidator.tick(f'[name=claim][value="{claim.pk}:provider"]').tick(f'[name=claim][value="{claim.pk}:firm"]')
    liquidator.press("Préparer les mandats choisis" if french else "Prepare the payment orders chosen")
    assert set(PaymentOrder.objects.values_list("payee", flat=True)) == {"provider", "firm"}
    firm = arrive(visitor("firm", width=width, lang=lang))
    firm.sign_in(walk.manager.email).go(reverse("file", args=[walk.file.reference]))
    whole, parts = ("3 000,00 €", ("1 800,00 €", "1 200,00 €")) if french else ("€3,000.00", ("€1,800.00", "€1,200.00"))
    assert all(part in firm.text() for part in (whole, *parts))
    firm.go(reverse("firm-claim", args=[walk.file.reference, claim.number]))
    assert all(part in firm.text() for part in parts)
    provider = arrive(visitor("provider", width=width, lang=lang))
    provider.sign_in(walk.provider.email).go(reverse("file", args=[walk.file.reference]))
    assert parts[0] in provider.text()
    assert parts[1] not in provider.text()
