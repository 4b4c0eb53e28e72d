"""Files that many tests begin with: carried once by each process, then laid out again."""

from __future__ import annotations

from backoffice.demo import stories
from backoffice.demo.actors import Case
from backoffice.demo.world import World
from tests.shelf import lay_out


def paid_case(world: World) -> Case:
    """A voucher paid and completed, in the opening's world; nothing done before it in a test is kept."""
    return lay_out("a paid case", lambda: stories.paid(world))
