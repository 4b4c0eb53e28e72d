"""The amount of aid: a closed list of aid functions, and the order in which a quote becomes an aid."""

from applications.rules.amounts.base import Line, Share
from applications.rules.amounts.engine import at_payment, compute
from applications.rules.amounts.window import Allocation, allocate

__all__ = ["Allocation", "Line", "Share", "allocate", "at_payment", "compute"]
