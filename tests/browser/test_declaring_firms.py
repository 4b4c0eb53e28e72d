"""What firms spent, taken up with one button by who acted on none of their files; then sent by another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from applications.models import OperationClaim, PaymentApplication
from regions.models import Programme
from tests.browser.test_declarations import kept
from tests.browser.test_region_side import arrive
from tests.workflows.test_declaring_firms import advised_and_paid


@pytest.mark.parametrize(("width", "lang"), [(390, "fr"), (1440, "en")])
def test_the_expenditure_of_firms_is_taken_up_and_sent(people: Any, visitor: Any, width: int, lang: str) -> None:
    advised_and_paid(people("F01", "F02"))
    programme = Programme.objects.get()
    taker = arrive(visitor("certifier2", width=width, lang=lang))
    taker.sign_in("certifier2@demo.example")
    taker.go(reverse("declarations"))
    kept(taker, "firms-wait")
    taker.act(f"programmes/{programme.pk}/reprendre/")
    kept(taker, "firms-taken")
    claim = OperationClaim.objects.get()
    assert (claim.expenditure, claim.declared) == (Decimal("8000.00"), Decimal("4000.00"))
    taker.go(reverse("operation-claim", args=[claim.pk])).look()
    kept(taker, "firm-claim")
    taker.go(reverse("declarations")).act(f"programmes/{programme.pk}/preparer/")
    found = PaymentApplication.objects.get()
    sender = arrive(visitor("authorising", width=width, lang=lang))
    sender.sign_in("authorising@demo.example")
    sender.go(reverse("payment-application", args=[found.pk])).fill(**{"send-reference": "SFC-2025-2"}).act("/send/")
    kept(sender, "firms-application")
    assert (PaymentApplication.objects.get().state, claim.operation.beneficiary_mode) == ("sent", "single")
