"""The amount of aid: a closed list of aid functions, and the order in which a quote becomes an aid."""

from applications.rules.amounts.base import Line, Share
from applications.rules.amounts.engine import at_payment, compute

__all__ = ["Line", "Share", "at_payment", "compute"]
