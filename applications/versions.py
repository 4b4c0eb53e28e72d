"""Which version of a scheme's rules a file is under: the one in force when it is filed, unless the rules say otherwise.

`when.rules_of`: `submission` (when it is not given), `opening` (of the draft), or `award` (the day of the grant).
A version that is not in force any more, with none after it, keeps the file that was opened under it.
"""

from __future__ import annotations

from datetime import date

from applications.models import Application
from regions.models import SchemeVersion

SUBMISSION, OPENING, AWARD = "submission", "opening", "award"


def at_filing(file: Application, day: date) -> SchemeVersion:
    """The version that a draft filed on a day is under."""
    return file.scheme_version if _moment(file) == OPENING else _in_force(file, day)


def at_award(file: Application, day: date) -> SchemeVersion:
    """The version that a grant of a day is made under: that of the filing, unless the rules say the award."""
    return _in_force(file, day) if _moment(file) == AWARD else file.scheme_version


def _moment(file: Application) -> str:
    return str(file.scheme_version.rule("when", "rules_of", default=SUBMISSION))


def _in_force(file: Application, day: date) -> SchemeVersion:
    held = file.scheme_version
    try:
        found = held.scheme.version_on(day)
    except SchemeVersion.DoesNotExist:
        return held
    return held if found.pk == held.pk else found
