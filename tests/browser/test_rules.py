"""The life of a scheme's rules in a browser: read, tried, compared, taken over by another region, completed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from backoffice.demo.world import PASSWORD, World, build
from regions.enums import RoleKind
from regions.models import Region, SchemeVersion, User
from regions.schemes import exchange
from regions.schemes.loader import parse, shipped
from tests.browser.test_region_side import arrive
from tests.roles import hold
from workflows import administration

pytestmark = pytest.mark.django_db(transaction=True)


def _draft(world: World, ceiling: str) -> SchemeVersion:
    text = shipped()["kap-numerik"].read_text(encoding="utf-8").replace('"3200.00"', f'"{ceiling}"', 1)
    rules = parse(text, "") | {"sources": ["Kap 2025"]}  # sources keep the language of their author
    return administration.propose_version(world.staff["admin"], rules, date(2026, 1, 1))


def _elsewhere(password: str) -> User:
    region = Region.objects.get(code="11")
    Region.objects.filter(pk=region.pk).update(service="Aides numériques", email="aides@idf.example")
    user = User.objects.create_user("admin.11@demo.example", "Admin d’ailleurs", password=password)
    hold(user, RoleKind.ADMINISTRATOR, region)
    return user


@pytest.mark.parametrize(("width", "lang"), [(390, "fr"), (1440, "en")])
def test_a_draft_is_read_compared_taken_over_and_completed(visitor: Any, tmp_path: Any, width: int, lang: str) -> None:
    world = build()
    first, draft = _draft(world, "3000.00"), _draft(world, "1800.00")
    admin = arrive(visitor("admin", width=width, lang=lang))
    admin.sign_in("admin@demo.example")
    admin.go(reverse("manage-version", args=[draft.pk]))
    admin.go(reverse("manage-compare", args=[draft.pk]) + f"?avec={first.pk}")
    file = tmp_path / "kap.yaml"
    file.write_text(exchange.write(draft.rules, "Kap").replace("kind: voucher", "kind: bon"), encoding="utf-8")
    other = arrive(visitor("other", width=width, lang=lang))
    other.sign_in(_elsewhere(PASSWORD).email)
    other.go(reverse("manage-versions"))
    other.follow(re.compile("Reprendre un dispositif|Take over a scheme"))
    other.page.locator("input[name=file]").set_input_files(file)
    other.page.locator("input[name=letters]").fill("IDN")
    other.page.locator("input[name=valid_from]").fill("2026-02-01")
    other.press("Reprendre comme projet" if lang == "fr" else "Take over as a draft")
    written = other.page.locator("textarea[name=text]").input_value()
    other.page.locator("textarea[name=text]").fill(written.replace("kind: bon", "kind: voucher"))
    other.press("Reprendre comme projet" if lang == "fr" else "Take over as a draft")
    other.follow(re.compile("Compléter ce projet|Complete this draft"))
    for name, value in (("share_erdf", "40"), ("share_region", "60"), ("specific_objective", "RSO1.2")):
        other.page.locator(f"input[name={name}]").fill(value)
    for name, value in (("intervention_field", "013"), ("form_of_support", "01"), ("territorial_delivery", "33")):
        other.page.locator(f"input[name={name}]").fill(value)
    for name, value in (("gender", "03"), ("indicators", "RCO01")):
        other.page.locator(f"input[name={name}]").fill(value)
    for name in ("operation", "contact"):
        other.page.locator(f"input[name={name}]").check()
    other.press("Proposer le projet complété" if lang == "fr" else "Propose the completed draft")
    filled = SchemeVersion.objects.latest("pk")
    assert (filled.number, exchange.open_parts(filled.rules)) == (2, [])
