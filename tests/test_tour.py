"""The tour shows every role's main page, on both screens, with pictures that exist and stay small."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from django.urls import resolve

from backoffice.demo.stories import STORIES
from backoffice.demo.world import ACCOUNTS, STAFF
from regions.enums import RoleKind
from tools import tour

TEXT = (tour.DOCS / "tour.md").read_text(encoding="utf-8")


def test_the_tour_is_what_the_command_writes() -> None:
    assert "\n".join(tour.chapter()) + "\n" == TEXT


def test_every_role_has_its_page() -> None:
    kinds = {STAFF[stop.email][1] for stop in tour.STOPS if stop.email in STAFF}
    assert kinds == set(RoleKind)
    readers = {stop.reader for stop in tour.STOPS}
    assert {"Anybody", "Firm", "Provider"} <= readers
    offered = {address.partition("@")[0] for address, _role in ACCOUNTS}
    assert {stop.email for stop in tour.STOPS if stop.email} <= offered


@pytest.mark.parametrize("stop", tour.STOPS, ids=lambda stop: stop.key)
def test_the_page_and_its_pictures_exist(stop: tour.Stop) -> None:
    outcomes = {story.outcome: "KAP-2025-00001" for story in STORIES}
    resolve(stop.address.format_map(outcomes).partition("?")[0])
    for width in tour.SIZES:
        content = (tour.DOCS / stop.picture(width)).read_bytes()
        assert content.startswith(b"\x89PNG")
        assert struct.unpack(">I", content[16:20]) == (width,)
        assert len(content) <= tour.LARGEST


def test_no_picture_is_left_over() -> None:
    named = set(re.findall(r'src="tour/([^"]+)"', TEXT))
    assert {path.name for path in Path(tour.DOCS / "tour").iterdir()} == named
