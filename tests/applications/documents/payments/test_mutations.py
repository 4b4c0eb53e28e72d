"""Damaged files: whatever byte is wrong, the readers answer in a sentence or with lines, never by breaking."""

from __future__ import annotations

import contextlib
import io
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications.documents.payments import credit_transfers
from applications.documents.payments.package import write
from applications.documents.payments.package_check import verify
from applications.documents.payments.reader import read
from applications.documents.payments.report import Result, Unreadable
from tests.applications.documents.payments.samples import Entry, camt, entry, pain002, status, transfers
from tests.applications.documents.payments.test_package import batch, members

ENTRIES = [
    entry("MD-1", "10.00"),
    entry("MD-2", "5.00", side="CRDT", code="AC04"),
    Entry(amount="15.00", details=(("MD-3", "7.00"), ("MD-4", "8.00"))),
    Entry(amount="3.00", batch="B-1"),
]
FILES = (
    camt(ENTRIES),
    camt(ENTRIES, "camt.054.001.02"),
    pain002([status("MD-1", "ACSC", amount="1.00"), status("MD-2", "RJCT", "AC01")], group="PART"),
)


def _package() -> bytes:
    out = io.BytesIO()
    write(batch(), out)
    return out.getvalue()


PACKAGE = _package()
damage = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=4)), min_size=1, max_size=4)
calm: Any = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def damaged(content: bytes, changes: list[tuple[float, bytes]]) -> bytes:
    """The content with a few bytes written over, anywhere."""
    for where, piece in changes:
        at = int(where * len(content))
        content = content[:at] + piece + content[at + max(len(piece), 1) :]
    return content


@calm
@given(st.sampled_from(FILES), damage)
def test_a_damaged_answer_is_told_or_read(content: bytes, changes: list[tuple[float, bytes]]) -> None:
    with contextlib.suppress(Unreadable):
        report = read(damaged(content, changes))
        assert all(1 <= len(line.end_to_end_id) <= 35 and line.reference for line in report.lines)
        assert all(line.result in Result and (line.amount is None or line.amount >= 0) for line in report.lines)
        assert all(each.reason.fr and each.reason.en for each in (*report.apart, *report.foreign))


@calm
@given(damage)
def test_a_damaged_order_is_refused_or_means_something(changes: list[tuple[float, bytes]]) -> None:
    content = credit_transfers.write(transfers(), "pain.001.001.09")
    with contextlib.suppress(Unreadable):
        found = credit_transfers.read(damaged(content, changes))
        assert found.total == transfers().total


@calm
@given(damage)
def test_a_damaged_package_is_never_taken_for_another(changes: list[tuple[float, bytes]]) -> None:
    content = damaged(PACKAGE, changes)
    if verify(content).intact:
        assert members(content) == members(PACKAGE)


@given(st.binary(max_size=300))
def test_any_bytes_are_answered(content: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert read(content).lines == ()
    assert not verify(content).intact
