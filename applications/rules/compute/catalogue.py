"""The rules of this package for the command, in the order of a file's life."""

from applications.rules.base import Rule
from applications.rules.compute import (
    awards,
    budget,
    clocks,
    control,
    counting,
    declaring,
    equivalents,
    exemption,
    expenses,
    repaying,
    schemes,
    simplified,
    size,
)

RULES: tuple[Rule, ...] = (
    *size.RULES,
    *schemes.RULES,
    *budget.RULES,
    *awards.RULES,
    *equivalents.RULES,
    *exemption.RULES,
    *expenses.RULES,
    *simplified.RULES,
    *clocks.RULES,
    *repaying.RULES,
    *control.RULES,
    *declaring.RULES,
    *counting.RULES,
)
