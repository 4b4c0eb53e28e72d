"""How long a document is kept: the latest of every period that binds it, and never under a hold.

ERDF: five years from 31 December of the year of the last payment to the beneficiary (CPR art. 82);
in grouped mode the beneficiary is the region, and the last payment is that of the Operation above
the vouchers. De minimis: ten years from the grant (Reg. 2023/2831 art. 6); State aid: ten years from
the last aid granted under the scheme (GBER art. 12, to be confirmed), from the grant if unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from applications.rules.base import Reason
from applications.rules.deadlines import Suspension, suspended_until
from regions.calendars import add_months

ERDF_YEARS = 5
AID_YEARS = 10
AID_REGIMES = ("de_minimis", "state_aid")
ERDF_ARTICLE = "Règlement (UE) 2021/1060, art. 82"
AID_ARTICLES = {
    "de_minimis": "Règlement (UE) 2023/2831, art. 6",
    "state_aid": "Règlement (UE) 651/2014, art. 12",
}


@dataclass(frozen=True, slots=True)
class Proceedings:
    """Legal proceedings or a request of the Commission; `ended_on` None while they last."""

    began_on: date
    ended_on: date | None = None

    def as_suspension(self) -> Suspension:
        """The same period, for the arithmetic of clocks."""
        return Suspension(self.began_on, self.ended_on)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What retention needs to know of a file. Dates are local; a date not known yet is None.

    `grouped`: the voucher stands under an Operation, whose last payment counts instead of its own.
    `erdf` False for a scheme with national money alone. `aid_regime`: de_minimis, state_aid, none.
    `identity_copy`: a copy of an identity paper, which proves nothing more once checked and goes then.
    """

    last_payment_on: date | None = None
    grouped: bool = False
    operation_last_payment_on: date | None = None
    erdf: bool = True
    aid_regime: str = "none"
    granted_on: date | None = None
    scheme_last_aid_on: date | None = None
    proceedings: tuple[Proceedings, ...] = ()
    legal_hold: bool = False
    interruption_restarts: bool = False
    identity_copy: bool = False
    checked_on: date | None = None

    @property
    def payment_that_counts(self) -> date | None:
        """The last payment to the beneficiary: the Operation's in grouped mode."""
        return self.operation_last_payment_on if self.grouped else self.last_payment_on


@dataclass(frozen=True, slots=True)
class Retention:
    """The outcome: keep until a day included, or for as long as `until` is None; and why."""

    until: date | None
    periods: Mapping[str, date]
    reasons: tuple[Reason, ...]

    def may_delete(self, as_of: date) -> bool:
        """Whether every period is over: the day after the last one at the earliest."""
        return self.until is not None and as_of > self.until


def five_years(last_payment_on: date) -> date:
    """31 December of the fifth year after that of the last payment (CPR art. 82(1)).

    Last payment on 30 November 2026: kept until 31 December 2031, that day included.
    """
    return date(last_payment_on.year + ERDF_YEARS, 12, 31)


def interrupted(until: date, start: date, proceedings: Sequence[Proceedings], restarts: bool) -> date:
    """The five years after proceedings that have ended (CPR art. 82(2)).

    The text says "interrupted" without saying whether time is added or starts again: by default the
    days of the proceedings are added, as for a payment; `restarts` counts five full years from the
    end of the last ones (to be confirmed). Proceedings begun after the period change nothing.
    """
    if not restarts:
        return suspended_until(start, until, [each.as_suspension() for each in proceedings], date.max)
    for each in sorted(proceedings, key=lambda one: one.began_on):
        if each.ended_on is not None and each.began_on <= until and each.ended_on >= start:
            until = max(until, add_months(each.ended_on, 12 * ERDF_YEARS))
    return until


def erdf_until(file: KeptFile) -> date | None:
    """The end of the ERDF period, or None while the last payment is not known."""
    paid_on = file.payment_that_counts
    if paid_on is None:
        return None
    ended = [each for each in file.proceedings if each.ended_on is not None]
    start = date(paid_on.year, 12, 31)
    return interrupted(five_years(paid_on), start, ended, file.interruption_restarts)


def aid_until(file: KeptFile) -> date | None:
    """Ten years from the grant, or from the last aid of a State aid scheme when it is later."""
    starts = [file.granted_on]
    if file.aid_regime == "state_aid":
        starts.append(file.scheme_last_aid_on)
    known = [day for day in starts if day is not None]
    return add_months(max(known), 12 * AID_YEARS) if known else None


def retention(file: KeptFile) -> Retention:
    """The longest period wins; a hold, open proceedings or an unknown start keep the file without end."""
    periods: dict[str, date] = {}
    reasons = _holds(file)
    if file.identity_copy:
        _add(periods, reasons, "identity_copy", file.checked_on, "Règlement (UE) 2016/679, art. 5(1)(e)")
    if file.erdf and not file.identity_copy:
        _add(periods, reasons, "erdf", erdf_until(file), ERDF_ARTICLE)
    if file.aid_regime in AID_REGIMES and not file.identity_copy:
        _add(periods, reasons, file.aid_regime, aid_until(file), AID_ARTICLES[file.aid_regime])
    endless = any(reason.blocking for reason in reasons)
    return Retention(None if endless or not periods else max(periods.values()), periods, tuple(reasons))


def _holds(file: KeptFile) -> list[Reason]:
    reasons = []
    if file.legal_hold:
        reasons.append(
            Reason("legal_hold", "Le dossier est gelé : il doit être conservé.", "The file is under legal hold.")
        )
    if any(each.ended_on is None for each in file.proceedings):
        reasons.append(
            Reason(
                "proceedings",
                "Une procédure est en cours : le délai de conservation est interrompu.",
                "Proceedings are under way: the retention period is interrupted.",
                f"{ERDF_ARTICLE}, paragraphe 2",
            )
        )
    return reasons


PERIOD_NAMES = {
    "erdf": ("le FEDER", "the ERDF"),
    "de_minimis": ("l’aide de minimis", "de minimis aid"),
    "state_aid": ("l’aide d’État", "State aid"),
    "identity_copy": (
        "la copie de pièce d’identité (jusqu’au contrôle)",
        "the identity copy (until checked)",
    ),
}


def _add(periods: dict[str, date], reasons: list[Reason], name: str, until: date | None, article: str) -> None:
    """Record one period, or why it has no end yet."""
    fr, en = PERIOD_NAMES[name]
    if until is None:
        text = (
            f"Le délai de conservation pour {fr} n’a pas commencé.",
            f"The retention period for {en} has not begun.",
        )
        reasons.append(Reason(f"{name}_not_begun", *text, article))
        return
    periods[name] = until
    text = (f"Conserver jusqu’au {until:%d/%m/%Y} pour {fr}.", f"Keep until {until.isoformat()} for {en}.")
    reasons.append(Reason(f"{name}_period", *text, article, blocking=False, params={"until": until}))
