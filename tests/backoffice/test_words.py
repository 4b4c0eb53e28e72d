"""Days, numbers and identifiers of the pages, as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.template import engines
from django.utils import timezone
from django.utils.translation import override


def shown(template: str, value: Any, language: str = "fr") -> str:
    with override(language), timezone.override("Indian/Reunion"):
        return engines["django"].from_string(template).render({"value": value})


@pytest.mark.parametrize(
    ("template", "value", "french", "english"),
    [
        ("{{ value|day }}", date(2025, 3, 1), "1er mars 2025", "1 March 2025"),
        ("{{ value|day }}", datetime(2025, 3, 1, 22, 0, tzinfo=UTC), "2 mars 2025", "2 March 2025"),
        ("{{ value|day }}", None, "", ""),
        ("{{ value|moment }}", datetime(2025, 3, 2, 6, 5, tzinfo=UTC), "2 mars 2025, 10:05", "2 March 2025, 10:05"),
        ("{{ value|grouped }}", "73282932000074", "732\xa0829\xa0320 00074", "732\xa0829\xa0320 00074"),
        ("{{ value|grouped }}", "732829320", "732\xa0829\xa0320", "732\xa0829\xa0320"),
        ("{{ value|grouped }}", "ailleurs", "ailleurs", "ailleurs"),
        ("{{ value|signed }}", "-2 380,00", "−2 380,00", "−2 380,00"),
        ("{{ value|signed }}", "€-2,380.00", "−€2,380.00", "−€2,380.00"),
        ("{{ value|signed }}", "€2,380.00", "€2,380.00", "€2,380.00"),
        ("{{ value|regulation }}", "EU 2023/2831", "règlement (UE) 2023/2831", "Regulation (EU) 2023/2831"),
        ("{{ value|regulation }}", "", "–", "–"),
    ],
)
def test_each_language_writes_it_in_its_manner(template: str, value: Any, french: str, english: str) -> None:
    assert shown(template, value) == french
    assert shown(template, value, "en") == english
