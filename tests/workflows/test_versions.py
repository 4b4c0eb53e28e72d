"""A file is under the version in force when it is filed, unless the scheme says otherwise."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications import versions
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.models import SchemeVersion
from tests.backoffice.test_pages import sound
from workflows import administration, gate
from workflows.acts import Refused

pytestmark = pytest.mark.django_db
Change = Callable[[dict[str, Any]], None]


def _rate(rules: dict[str, Any]) -> None:
    """Half the aid for everybody."""
    for band in rules["how"]["bands"]:
        band["rate"] = "0.40"


def _publish(world: World, change: Change = _rate, days: int = 0) -> SchemeVersion:
    """A version that is proposed by one administrator, published by the other, and in force after some days."""
    rules = copy.deepcopy(world.scheme.versions.latest("number").rules)
    change(rules)
    day = clock.today(world.region.time_zone) + timedelta(days=days)
    version = administration.propose_version(world.staff["admin"], rules, day)
    return administration.publish_version(world.staff["admin2"], version)


def _of(moment: str) -> Change:
    def change(rules: dict[str, Any]) -> None:
        rules["when"]["rules_of"] = moment

    return change


def test_a_draft_is_not_filed_under_rules_that_have_changed(world: World) -> None:
    case = Case(world, "F01").fill(SITE)
    new = _publish(world)
    with pytest.raises(Refused, match="règlement a changé"):
        gate.move(case.manager, "application", case.pk, "submit")
    assert versions.at_filing(case.file, clock.today(case.file.zone)) == new


def test_the_firm_reads_again_under_the_new_rules_then_files(world: World) -> None:
    case = Case(world, "F01").fill(SITE)
    new = _publish(world)
    client = Client()
    client.force_login(case.manager)
    url = reverse("review", args=[case.file.reference])
    declared = dict.fromkeys(client.get(url).context["form"].fields, "on")
    page = client.post(url, declared, follow=True)
    content = page.content.decode()
    assert sound(content)
    assert "votre demande suit désormais la version 2" in content
    assert (case.file.state, case.file.scheme_version) == ("draft", new)
    client.post(url, declared, follow=True)
    assert (case.file.state, case.file.scheme_version) == ("submitted", new)


def test_what_was_filed_keeps_its_version_to_the_end(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    first = case.file.scheme_version
    asked = case.file.amount_requested
    _publish(world)
    case.grant()
    assert (case.file.scheme_version, case.file.amount_granted) == (first, asked)


def test_a_version_of_tomorrow_changes_nothing_today(world: World) -> None:
    case = Case(world, "F01").fill(SITE)
    _publish(world, days=1)
    assert case.file_it().file.scheme_version.number == 1


def test_a_scheme_may_keep_the_version_of_the_opening(world: World) -> None:
    _publish(world, _of("opening"))
    case = Case(world, "F01").fill(SITE)
    opened = case.file.scheme_version
    _publish(world)
    assert case.file_it().file.scheme_version == opened


def test_a_scheme_may_take_the_version_of_the_award(world: World) -> None:
    _publish(world, _of("award"))
    case = Case(world, "F01").fill(SITE).file_it().examine()
    case.act("officer", "propose")
    asked = case.file.amount_requested

    def more(rules: dict[str, Any]) -> None:
        rules["how"]["bands"][0]["aid_ceiling"] = "3100.00"

    new = _publish(world, more)
    case.act("decider", "grant", amount=asked)
    assert (case.file.scheme_version, case.file.amount_granted) == (new, Decimal(asked))
    assert case.file.versions.latest("pk").scheme_version == new


def test_of_two_versions_of_one_day_the_later_number_is_in_force(world: World) -> None:
    _publish(world)
    last = _publish(world)
    assert world.scheme.version_on(clock.today()) == last
