"""Files that many tests begin with: carried once by each process, then laid out again."""

from __future__ import annotations

from backoffice.demo import stories
from backoffice.demo.actors import Case
from backoffice.demo.world import World
from tests.shelf import kept


@kept
def paid_case(world: World) -> Case:
    """A voucher paid and completed."""
    return stories.paid(world)
