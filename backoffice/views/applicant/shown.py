"""What the firm's page of a file is made of: buttons, stages, and the sentence about the money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Action:
    """A button: its words, its page, whether it is the expected one, and the sentence when it is not possible."""

    label: Any
    href: str
    why: str = ""
    main: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the file's way: done on a day, or still expected by one."""

    label: Any
    done_on: date | None = None
    expected_by: date | None = None

    @property
    def is_done(self) -> bool:
        return self.done_on is not None


@dataclass(frozen=True, slots=True)
class Money:
    """When the money comes: which sentence tells it, with its day and its amount in euro."""

    sentence: str
    day: date | None = None
    amount: Decimal | None = None
