"""Keyset pages: every row once, in order, whatever the mark in the address."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from regions.models import Region
from regions.territory import load_regions
from reporting.keyset import LATEST_FIRST, Key, moment, page, text

pytestmark = pytest.mark.django_db
BY_STATUS = (Key("status", text), Key("code", text, descending=True))


def _walk(keys: tuple[Key, ...], size: int) -> list[str]:
    seen: list[str] = []
    mark = ""
    while True:
        found = page(Region.objects.all(), keys, mark, size)
        seen += [region.code for region in found.rows]
        mark = found.following
        if not mark:
            return seen


@pytest.mark.parametrize("size", [1, 4, 18, 19])
def test_every_row_is_seen_once_in_the_order_asked(size: int) -> None:
    load_regions()
    expected = list(Region.objects.order_by("status", "-code").values_list("code", flat=True))
    assert _walk(BY_STATUS, size) == expected


def test_the_latest_first() -> None:
    load_regions()
    assert _walk(LATEST_FIRST, 5) == list(Region.objects.order_by("-id").values_list("code", flat=True))


@pytest.mark.parametrize("mark", ["x", "~", "1~2~3", "é", "9" * 40 + "x", "\0", "-"])
def test_a_mark_that_makes_no_sense_gives_the_first_page(mark: str) -> None:
    load_regions()
    found = page(Region.objects.all(), LATEST_FIRST, mark, 5)
    assert found.first
    assert len(found.rows) == 5


def test_a_full_last_page_has_no_following() -> None:
    load_regions()
    assert page(Region.objects.all(), LATEST_FIRST, "", 18).following == ""


def test_what_an_address_may_carry() -> None:
    assert moment("2026-03-02T08:00:00+00:00") == datetime(2026, 3, 2, 8, tzinfo=UTC)
    with pytest.raises(ValueError, match="zone"):
        moment("2026-03-02T08:00:00")
    with pytest.raises(ValueError, match="NUL"):
        text("a\0b")
    assert Key("day", date.fromisoformat).read("2026-03-02") == date(2026, 3, 2)
