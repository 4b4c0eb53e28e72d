"""The picture of a flow, drawn from its code: BPMN as SVG, French labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import translation
from viewflow.workflow import chart

from workflows.flows import FLOWS


def draw(flow: Any) -> str:
    """The flow as SVG; the same code gives the same picture."""
    with translation.override("fr"):
        return str(chart.grid_to_svg(chart.calc_layout_data(flow)))


def draw_all(folder: Path) -> list[Path]:
    """Write the picture of every flow; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for kind, flow in FLOWS.items():
        path = folder / f"{kind}.svg"
        path.write_text(draw(flow), encoding="utf-8")
        paths.append(path)
    return paths
