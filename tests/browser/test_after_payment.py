"""After the payment, in a browser: irregularities, interest, durability, withdrawal; each button by its person."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from applications.models import Irregularity
from backoffice.demo.stories import paid
from regions import clock
from tests.browser.test_declarations import kept
from tests.browser.test_region_side import arrive
from tests.workflows.test_declaring import sent, verified
from tests.workflows.test_irregularity import found
from tests.workflows.test_recovery import ordered

WORDS = {
    "fr": {"found": "Constater une irrégularité", "record": "Enregistrer le contrôle"},
    "en": {"found": "Note an irregularity", "record": "Record the check"},
}
BOTH = pytest.mark.parametrize(("width", "lang"), [(390, "en"), (1440, "fr")])


@pytest.fixture
def enter(visitor: Any, width: int, lang: str) -> Any:
    """A member of the staff at a browser, signed in once."""
    readers: dict[str, Any] = {}

    def one(role: str) -> Any:
        if role not in readers:
            readers[role] = arrive(visitor(role, width=width, lang=lang))
            readers[role].sign_in(f"{role}@demo.example")
        return readers[role]

    return one


@BOTH
def test_an_irregularity_from_its_finding_to_its_correction(people: Any, enter: Any) -> None:
    case = paid(people("F01"))
    verified(case.world)
    sent(case.world)
    officer = enter("officer").go(reverse("file", args=[case.file.reference]))
    officer.follow(WORDS[officer.lang]["found"])
    kept(officer, "irregularity-open")
    officer.choose(nature="eligibility", detected_how="desk")
    officer.fill(
        provision="Règlement, article 4", detected_on=f"{clock.today():%Y-%m-%d}", expenditure="1000", aid="800",
        declared_on=f"{clock.today():%Y-%m-%d}", words="Facture d’un autre site.",
    )  # fmt: skip
    officer.press(WORDS[officer.lang]["found"])
    row = Irregularity.objects.get()
    page = reverse("irregularity", args=[row.number])
    enter("decider").go(page).answer("/exempt/", reason="Moins de 10 000 €.")
    authorising = enter("authorising").go(page)
    authorising.unfold("/correct/")
    kept(authorising, "irregularity-correct")
    authorising.answer("/correct/", amount="650,50", reason="Facture d’un autre site.")
    kept(authorising, "irregularity-corrected")
    authorising.answer("/waive/", reason="L’usage du second visuel est établi.")
    enter("decider").go(page).answer("/close/", reason="Corrigée pour partie.")
    assert case.file.corrections.get().irregularity == row
    assert Irregularity.objects.get().state == "closed"
    enter("auditor").go(reverse("irregularities")).go(page)


def _open(case: Any) -> str:
    return reverse("irregularity-open", args=[case.file.reference])


@BOTH
def test_one_that_is_reported_is_followed(people: Any, enter: Any) -> None:
    case = paid(people("F01"))
    row = found(case, expenditure=Decimal("20000.00"), aid=Decimal("20000.00"))
    page = reverse("irregularity", args=[row.number])
    enter("decider").go(page).answer("/confirm/", reason="Constat confirmé.")
    officer = enter("officer").go(page)
    officer.answer("/report/", reference="IMS-2026-1", reported_on=f"{clock.today():%Y-%m-%d}")
    officer.answer("/follow/", reason="Jugement attendu.")
    assert Irregularity.objects.get().report_reference == "IMS-2026-1"
    row = found(case)
    enter("decider").go(reverse("irregularity", args=[row.number])).answer("/drop/", reason="Facture correcte.")


@BOTH
def test_an_order_paid_late_bears_interest(people: Any, enter: Any, visitor: Any, width: int, lang: str) -> None:
    case, recovery = ordered(people("F01"))
    clock.advance(days=150)
    page = reverse("recovery", args=[recovery.number])
    kept(enter("officer").go(page), "interest-running")
    firm = arrive(visitor("firm", width=width, lang=lang)).sign_in(case.manager.email)
    kept(firm.go(reverse("firm-recovery", args=[case.file.reference, recovery.pk])), "interest-firm")
    accountant = enter("accountant").go(reverse("receipt-recovery", args=[recovery.number]))
    accountant.fill(amount="500,00", reference="ENC-1", value_date=f"{clock.today():%Y-%m-%d}")
    accountant.page.locator("main form button[type=submit]").first.click()
    kept(enter("officer").go(page), "interest-recorded")
    assert recovery.interest.exists()
    row = found(case)
    certifier = enter("certifier").go(reverse("irregularity", args=[row.number]))
    certifier.unfold("/link/").locator("select").select_option(str(recovery.pk))
    certifier.answer("/link/", reason="Le même indu.")
    kept(certifier, "irregularity-linked")
    assert Irregularity.objects.get().recovery == recovery


@BOTH
def test_durability_from_the_watch_to_the_withdrawal(
    people: Any, enter: Any, visitor: Any, width: int, lang: str
) -> None:
    """One check that finds it kept, a year later one that finds it broken, and the withdrawal that follows."""
    case = paid(people("F01"))
    clock.advance(days=366)
    officer = enter("officer").go(reverse("durability"))
    kept(officer, "durability-due")
    officer.follow(case.file.reference)
    officer.choose(outcome="kept").fill(reason="Site en ligne.")
    kept(officer, "durability-file")
    officer.press(WORDS[lang]["record"])
    clock.advance(days=366)
    officer.go(reverse("file-durability", args=[case.file.reference])).choose(outcome="cessation")
    officer.fill(happened_on=f"{clock.today():%Y-%m-%d}", reason="Radiée.").press(WORDS[lang]["record"])
    proposal = case.file.revocations.get()
    assert proposal.amount > 0
    kept(officer, "revocation-proposed")
    firm = arrive(visitor("firm", width=width, lang=lang)).sign_in(case.manager.email)
    firm.go(reverse("file", args=[case.file.reference]))
    officer.go(reverse("file", args=[case.file.reference])).answer("/mention/hearing/", reason="Entendue au téléphone.")
    decider = enter("decider").go(reverse("file", args=[case.file.reference]))
    decider.unfold("/acte/revoke/")
    kept(decider, "revocation-decide")
    decider.answer("/acte/revoke/", reason="Activité arrêtée.")
    recovery = case.file.recoveries.get()
    assert recovery.amount == proposal.amount
    kept(enter("officer").go(reverse("recovery", args=[recovery.number])), "revocation-recovery")


@BOTH
def test_a_withdrawal_is_proposed_then_dropped(people: Any, enter: Any) -> None:
    case = paid(people("F01"))
    page = reverse("file", args=[case.file.reference])
    officer = enter("officer").go(page)
    form = officer.unfold("/mention/revocation_proposed/")
    form.locator('select[name="ground"]').select_option("conditions_not_met")
    form.locator('input[name="effect"][value="withdrawal"]').check()
    kept(officer, "revocation-form")
    officer.answer("/mention/revocation_proposed/", reason="Site hors ligne.")
    decider = enter("decider").go(page)
    decider.answer("/mention/revocation_dropped/", reason="Site rétabli.")
    assert case.file.revocations.get().outcome == "dropped"
