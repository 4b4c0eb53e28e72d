"""Where a financial correction lands, day by day."""

from __future__ import annotations

from datetime import date

import pytest

from applications.rules.correction_landing import landing

DECLARED = date(2026, 5, 10)


@pytest.mark.parametrize(
    ("declared_on", "decided_on", "sent_on", "kind", "label"),
    [
        (None, date(2026, 7, 15), None, "before", ""),
        (DECLARED, date(2026, 5, 9), None, "before", ""),
        (DECLARED, DECLARED, None, "application", "2025-26"),
        (DECLARED, date(2026, 7, 15), None, "application", "2025-26"),
        (DECLARED, date(2026, 7, 31), None, "application", "2025-26"),
        (DECLARED, date(2026, 8, 1), None, "accounts", "2025-26"),
        (DECLARED, date(2026, 10, 1), None, "accounts", "2025-26"),
        (DECLARED, date(2027, 2, 15), None, "accounts", "2025-26"),
        (DECLARED, date(2027, 2, 16), None, "later", "2026-27"),
        (DECLARED, date(2027, 1, 20), date(2027, 1, 15), "later", "2026-27"),
        (DECLARED, date(2029, 7, 1), None, "later", "2029-30"),
        (date(2026, 7, 1), date(2026, 7, 20), None, "application", "2026-27"),
    ],
)
def test_each_day_has_its_place(
    declared_on: date | None, decided_on: date, sent_on: date | None, kind: str, label: str
) -> None:
    found = landing(declared_on, decided_on, sent_on)
    assert (found.kind, found.label) == (kind, label)
