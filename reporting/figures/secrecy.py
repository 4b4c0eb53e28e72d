"""Statistical secrecy: no cell lets a reader learn what one firm has.

A cell of fewer than three firms, or of which one firm has more than 85 %, is not shown: it is added to the others
that are not, and these together hold enough firms, so that no difference gives one back. The two thresholds are
those of official business statistics in France, to be confirmed by the region for its own figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from regions.money import ZERO

FEWEST_FIRMS = 3
LARGEST_SHARE = Decimal("0.85")
OTHERS = ("Autres, regroupés (secret statistique)", "Others, put together (statistical secrecy)")


@dataclass(frozen=True, slots=True)
class Cell:
    """A group of firms: how many, what they have together, and what the one that has most has. Euro."""

    label: tuple[str, str]
    firms: int
    amount: Decimal
    largest: Decimal

    @property
    def safe(self) -> bool:
        """Whether the cell may be shown: firms enough, and none that it is nearly all about."""
        return self.firms >= FEWEST_FIRMS and self.largest <= LARGEST_SHARE * self.amount

    def with_(self, other: Cell) -> Cell:
        """Both together, under the name of what is not shown."""
        largest = max(self.largest, other.largest)
        return Cell(OTHERS, self.firms + other.firms, self.amount + other.amount, largest)


def shown(cells: Iterable[Cell]) -> list[Cell]:
    """What may be published, the greatest amount first; nothing when all firms together are too few."""
    ordered = sorted(cells, key=lambda cell: (-cell.amount, cell.label))
    kept, hidden = [c for c in ordered if c.safe], [c for c in ordered if not c.safe]
    if not hidden:
        return kept
    others = Cell(OTHERS, 0, ZERO, ZERO)
    for cell in hidden:
        others = others.with_(cell)
    while kept and not others.safe:
        others = others.with_(kept.pop())
    return [*kept, others] if others.safe else []
