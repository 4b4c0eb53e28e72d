"""The declarations in a browser: each button pressed by its person, on a telephone and on a desk, in both languages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from applications.models import Operation, OperationClaim, PaymentApplication, PaymentOrder
from backoffice.demo.stories import paid
from regions.models import Programme
from tests.browser.test_region_side import arrive


def kept(reader: Any, name: str) -> None:
    """A picture of the page, where somebody asked for pictures."""
    folder = os.environ.get("GUICHET_PICTURES")
    if folder:
        reader.page.screenshot(path=str(Path(folder) / f"{name}-{reader.width}-{reader.lang}.png"), full_page=True)


def followed(reader: Any, claim: str) -> None:
    """From a payment application to the accountant's payment date and back: two clicks there, one home."""
    start = reader.page.url
    for place in (f'a[href="{claim}"]', 'main a[href^="/audit/mandats/"]'):
        with reader.page.expect_navigation(wait_until="load"):
            reader.page.locator(place).first.click()
        reader.look()
    order = PaymentOrder.objects.get()
    line = order.returns.get()
    row = reader.page.locator("tr", has=reader.page.locator("th", has_text=line.reference))
    assert row.locator(f'time[datetime="{line.value_date}"]').count() == 1
    with reader.page.expect_navigation(wait_until="load"):
        reader.page.locator('main a[href^="/declarations/paiements/"]').click()
    assert reader.page.url == start


@pytest.mark.parametrize(("width", "lang"), [(390, "en"), (1440, "fr")])
def test_from_the_regions_claim_to_the_commission(people: Any, visitor: Any, width: int, lang: str) -> None:
    case = paid(people("F01"))
    operation, programme, readers = Operation.objects.get(), Programme.objects.get(), {}

    def enter(role: str) -> Any:
        if role not in readers:
            readers[role] = arrive(visitor(role, width=width, lang=lang))
            readers[role].sign_in(f"{role}@demo.example")
        return readers[role]

    enter("liquidator").go(reverse("declarations")).act(f"operations/{operation.pk}/")
    kept(enter("liquidator"), "list")
    claim = OperationClaim.objects.get()
    page = reverse("operation-claim", args=[claim.pk])
    line = claim.lines.order_by("-booked")[0]
    verifier = enter("certifier2").go(f"{page}?ligne={line.pk}")
    kept(verifier, "aside")
    verifier.fill(**{"withhold-declared": "1000,00", "withhold-reason": "Logo absent"}).act(f"lignes/{line.pk}/")
    verifier.go(page).fill(**{"verify-reason": "Conforme pour le reste."}).act("/verify/")
    kept(verifier, "claim")
    verifier.go(reverse("declarations")).act(f"programmes/{programme.pk}/")
    found = PaymentApplication.objects.get()
    sender = enter("authorising").go(reverse("payment-application", args=[found.pk]))
    sender.fill(**{"send-reference": "SFC-2025-1"}).act("/send/")
    kept(sender, "application")
    sender.go(f"{page}?ligne={line.pk}")
    kept(sender, "correction")
    sender.fill(**{"correction-amount": "100", "correction-reason": "Livrable absent."}).act(f"lignes/{line.pk}/")
    assert case.file.corrections.get().amount == 100
    followed(enter("auditor").go(reverse("payment-application", args=[found.pk])), page)
    kept(enter("officer").go(reverse("file", args=[case.file.reference])), "file")
