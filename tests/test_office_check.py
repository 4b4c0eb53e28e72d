"""What the LibreOffice check names: a sheet lost, a cent moved, a text that became a formula; without LibreOffice."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tools import office_check

NOON = datetime(2026, 3, 2, 12, 0)
SHEETS: dict[str, list[list[Any]]] = {
    "Lignes": [["Dossier", "Payé", "Fini", "Quand"], ["=1+1", 12.34, True, NOON], ["b", 0.1, None, None]]
}


def _with(**cells: Any) -> dict[str, Any]:
    row = [cells.get("text", "=1+1"), cells.get("paid", 12.34), cells.get("done", True), cells.get("at", NOON)]
    return {"Lignes": [SHEETS["Lignes"][0], row, SHEETS["Lignes"][2]]}


def test_the_same_cells_hold_whatever_way_they_are_said() -> None:
    assert list(office_check.differences(SHEETS, SHEETS)) == []
    assert list(office_check.differences(SHEETS, _with(done="=TRUE()", at=NOON + timedelta(milliseconds=1)))) == []


@pytest.mark.parametrize(
    ("cells", "fault"),
    [({"paid": 12.35}, "totals"), ({"text": 2}, "totals"), ({"text": "autre"}, "row 2, column 1"),
     ({"done": False}, "column 3"), ({"at": NOON + timedelta(seconds=5)}, "column 4")],
)  # fmt: skip
def test_what_moved_is_named(cells: dict[str, Any], fault: str) -> None:
    assert fault in " ".join(office_check.differences(SHEETS, _with(**cells)))


def test_a_lost_sheet_is_named(tmp_path: Path) -> None:
    (found,) = office_check.differences(SHEETS | {"Paiements": [["a"]]}, SHEETS)
    assert "Paiements" in found
    assert list(office_check.lost_in_csv(tmp_path / "x.xlsx", SHEETS, tmp_path)) == [
        "x.xlsx: sheet « Lignes » is lost as CSV"
    ]


def test_a_missing_program_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(office_check, "find", lambda: "")
    assert office_check.main() == 1
    assert capsys.readouterr().out.count("\n") == 1
