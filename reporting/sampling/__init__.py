"""Audit sampling after EGESIF_16-0014-01 and art. 79 CPR: pure functions, the same draw for ever."""

from __future__ import annotations

from .conclusion import Conclusion, conclude, percentage
from .draw import Draw, Stratum, draw, planned_size
from .evaluation import Estimator, Evaluation, Result, evaluate
from .plan import Allocation, Method, Plan, plan_from_record
from .population import Population, Unit, by_operation, csv_rows, freeze, from_csv_rows, mirrored
from .rates import Residual, residual_error_rate, total_error_rate
from .two_stage import TwoStageDraw, draw_two_stages, operation_results

__all__ = [
    "Allocation",
    "Conclusion",
    "Draw",
    "Estimator",
    "Evaluation",
    "Method",
    "Plan",
    "Population",
    "Residual",
    "Result",
    "Stratum",
    "TwoStageDraw",
    "Unit",
    "by_operation",
    "conclude",
    "csv_rows",
    "draw",
    "draw_two_stages",
    "evaluate",
    "freeze",
    "from_csv_rows",
    "mirrored",
    "operation_results",
    "percentage",
    "plan_from_record",
    "planned_size",
    "residual_error_rate",
    "total_error_rate",
]
