"""The money of a region in a browser: credits opened, a list that is served, a difference followed, a register kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from applications.models import Application, DeMinimisAward, EnvelopePosition
from backoffice.demo.actors import Case
from backoffice.demo.firms import FIRMS
from backoffice.demo.stories import SITE
from backoffice.demo.world import World, build
from regions import clock
from tests.browser.test_region_side import arrive
from tests.conftest import OPENING
from tests.walks import exempted, published
from workflows import gate, jobs
from workflows.acts import Denied

pytestmark = pytest.mark.django_db(transaction=True)


def _waiting(world: World) -> Case:
    """Two files proposed, and credits for one."""
    first, second = (Case(world, firm).fill(SITE).file_it().examine() for firm in ("F01", "F02"))
    for case in (first, second):
        case.act("officer", "propose", amount=Decimal("700.00"))
    gate.move(first.by("decider"), "application", first.pk, "grant", delegation="D")
    with pytest.raises(Denied):
        gate.move(second.by("decider"), "application", second.pk, "grant", delegation="D")
    return second


@pytest.mark.parametrize(("width", "lang"), [(390, "fr"), (1440, "en")])
def test_credits_come_back_and_the_list_is_served(visitor: Any, width: int, lang: str) -> None:
    clock.simulate(OPENING)
    world = build(Decimal("1000.00"), [FIRMS["F01"], FIRMS["F02"]])
    case, french = _waiting(world), lang == "fr"
    firm = arrive(visitor("firm", width=width, lang=lang))
    firm.sign_in(case.manager.email)
    firm.go(reverse("file", args=[case.file.reference]))
    assert ("Rang 1 sur 1" if french else "Rank 1 of 1") in firm.text()
    admin = arrive(visitor("admin", width=width, lang=lang))
    admin.sign_in("admin@demo.example")
    admin.go(reverse("manage-budget"))
    admin.choose(scheme=str(world.scheme.pk), bucket="overbooking", instrument="grant")
    admin.fill(year="2025", amount="500", vote_reference="CP 2025-31", voted_on="2025-02-14")
    admin.press("Inscrire le mouvement" if french else "Enter the movement")
    assert "CP 2025-31" in admin.text()
    jobs.drain()
    assert Application.objects.get(pk=case.pk).room_since is not None
    firm.go(reverse("file", args=[case.file.reference]))
    assert ("la région peut décider" if french else "the region may decide") in firm.text()
    admin.page.locator("summary").first.click()
    admin.look()
    decider = arrive(visitor("decider", width=width, lang=lang))
    decider.sign_in("decider@demo.example")
    decider.go(f"{reverse('home')}?queue=room-again")
    assert case.file.reference in decider.text()


@pytest.mark.parametrize(("width", "lang"), [(390, "en"), (1440, "fr")])
def test_a_difference_and_a_register_are_followed(visitor: Any, width: int, lang: str) -> None:
    clock.simulate(OPENING)
    world, french = build(Decimal("9000.00"), [FIRMS["F01"]]), lang == "fr"
    case = Case(world, "F01").fill(SITE).file_it().grant()
    EnvelopePosition.objects.filter(line__is_lead=True).update(reserved=Decimal("12.34"))
    admin = arrive(visitor("admin", width=width, lang=lang))
    admin.sign_in("admin@demo.example")
    admin.go(reverse("manage-differences"))
    admin.press("Vérifier maintenant" if french else "Check now")
    admin.page.locator("textarea[name=text]").first.fill("Kap 2025-7")
    admin.press("Noter" if french else "Write down")
    assert "Kap 2025-7" in admin.text()
    walk = published(exempted(world))
    walk.act("decider", "amend", amount=Decimal("90000.00"), reason="Projet réduit.")
    clock.advance(days=400)
    DeMinimisAward(
        siren=case.file.company.siren, amount=Decimal("1200.00"), granted_on=date(2026, 3, 2), authority="La Réunion",
        nace="47.91", source="own", aid_number="D-1", application=case.file, register_by=date(2026, 3, 30),
        recorded_at=clock.now(),
    ).save()  # fmt: skip
    officer = arrive(visitor("officer", width=width, lang=lang))
    officer.sign_in("officer@demo.example")
    officer.go(reverse("registers"))
    officer.page.locator("input[name$=reference]").first.fill("PAE-77")
    officer.act("/registres/inscrire/")
    officer.go(reverse("register", args=["registre-de-minimis"]) + "?etat=faites")
    assert "PAE-77" in officer.text()
    officer.go(reverse("register", args=["publications-rgec"]))
    officer.look()
    officer.go(reverse("register", args=["corrections-rgec"]))
    assert ("Aide réduite par avenant" if french else "Grant reduced by amendment") in officer.text()
    officer.look()
    officer.page.locator("input[name$=reference]").first.fill("TAM-78")
    officer.act("/registres/corriger/")
    officer.go(reverse("register", args=["corrections-rgec"]) + "?etat=faites")
    assert "TAM-78" in officer.text()
