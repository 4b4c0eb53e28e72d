"""What became of the project some months after its end: asked of the firm, reminded, answered, confirmed.

The scheme's version says when and what is asked (`applications.rules.follow_up`). The firm's own answer counts at
once; one that an officer takes down from a call says who answered and when, and counts once another person has
confirmed it. A late answer is still taken. Nothing follows from not answering: a reminder, and a place in a list.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from applications.enums import ApplicationState
from applications.models import Application, FollowUp
from applications.rules import follow_up as rules
from regions.models import Region
from workflows import permissions as may
from workflows.acts import Act, Denied, Due, Effects, Forbidden, predicate
from workflows.chain import key
from workflows.conditions import passed
from workflows.models import Deadline, Event
from workflows.record import Record, on

S = ApplicationState
Kind = Deadline.Kind
Channel = FollowUp.Channel
ASKED = "record.follow_up_asked"
COUNTS = Q(channel=Channel.ONLINE) | Q(confirms__isnull=False)
BOUNDS: dict[str, tuple[int, int]] = {
    "online_share": (0, 100), "export_share": (0, 100), "digital_intensity": (0, 12), "satisfaction": (1, 5),
}  # fmt: skip
AMOUNTS, CHOICES = ("headcount", "turnover"), ("new_offer", "new_methods")


def terms(file: Any) -> rules.Terms:
    """What the file's scheme version asks, and when."""
    return rules.terms(file.scheme_version.rules)


def plan(file: Any) -> Due:
    """Set between which days the firm answers, once its file is completed; the day on which she is asked."""
    asked = terms(file)
    file.results_on, file.results_by = asked.asked_on(file.completed_on), asked.answer_by(file.completed_on)
    return Due(Kind.FOLLOW_UP, file.results_on)


# --- what stands


def standing(file: Any) -> FollowUp | None:
    """The latest answer that counts; no question to the database for a file that nobody was asked about."""
    if file.results_on is None:
        return None
    row: FollowUp | None = FollowUp.objects.filter(COUNTS, application=file.pk).order_by("-pk").first()
    return row


def to_confirm(file: Any) -> FollowUp | None:
    """The call that waits for a second person; an answer given since then makes it moot."""
    row = FollowUp.objects.filter(application=file.pk).order_by("-pk").first()
    return row if row is not None and row.channel == Channel.PHONE and row.confirms_id is None else None


def answers(row: FollowUp) -> dict[str, Any]:
    """Question → answer, of those that were answered."""
    given = {name: getattr(row, name) for name in rules.QUESTIONS}
    return {name: value for name, value in given.items() if value not in (None, "")}


# --- the region's list


def watched(regions: Iterable[Region | int]) -> QuerySet[Application]:
    """The completed files, with the day of the answer that stands and whether a call waits. One query."""
    rows = FollowUp.objects.filter(application=OuterRef("pk")).order_by("-pk")
    files = Application.objects.filter(region__in=regions, state=S.COMPLETED, results_on__isnull=False)
    latest = files.annotate(
        answered_on=Subquery(rows.filter(COUNTS).values("answered_on")[:1]),
        last_channel=Subquery(rows.values("channel")[:1]), last_confirms=Subquery(rows.values("confirms")[:1]),
    )  # fmt: skip
    call = Q(last_channel=Channel.PHONE, last_confirms__isnull=True)
    return latest.annotate(waits=ExpressionWrapper(call, output_field=BooleanField()))


def awaited(files: Iterable[Application], day: date) -> set[int]:
    """Those of some files whose firm is asked what became of the project, and has not said. One query."""
    asked = {file.pk for file in files if file.results_on is not None and file.results_on <= day}
    told = FollowUp.objects.filter(COUNTS, application__in=asked).values_list("application", flat=True)
    return asked.difference(told)


LATE = "late"


def steps(day: date) -> dict[str, Q]:
    """The steps of the list: late, to confirm, asked, answered, not asked yet."""
    silent = Q(last_channel__isnull=True)  # no answer online, nor a call, confirmed or not
    return {
        LATE: silent & Q(results_by__lt=day), "to_confirm": Q(waits=True),
        "asked": silent & Q(results_on__lte=day, results_by__gte=day), "answered": Q(answered_on__isnull=False),
        "to_come": silent & Q(results_on__gt=day),
    }  # fmt: skip


# --- the acts


@predicate(_("Le questionnaire n’est pas encore ouvert : il l’est quelques mois après la fin du projet."))
def opened(target: Any, act: Act) -> bool:
    """The file is completed and the day of the questionnaire has come."""
    return target.results_on is not None and target.results_on <= act.day


@predicate(_("Aucune réponse prise par téléphone n’attend de confirmation."))
def call_to_confirm(target: Any, act: Act) -> bool:
    """A call was taken down and nobody confirmed it."""
    return to_confirm(target) is not None


def _asked(file: Any, act: Act) -> Effects:
    """Ask, then remind as often as the scheme says; a call that waits for its confirmation is an answer."""
    before = Event.objects.filter(object=key(file), act=ASKED).count()
    silent = standing(file) is None and to_confirm(file) is None
    mails = ["follow_up_reminder" if before else "follow_up_asked"] if silent else []
    again = silent and before < terms(file).reminders
    due = [Due(Kind.FOLLOW_UP, act.day + timedelta(days=terms(file).answer_days))] if again else []
    return Effects(facts={"asked": before + 1}, closes=(Kind.FOLLOW_UP,), emails=mails, due=due)


def _answer(file: Any, act: Act) -> Effects:
    """The firm's own answer."""
    return _keep(file, act, Channel.ONLINE, _given(file, act))


def _call(file: Any, act: Act) -> Effects:
    """What the firm said on the telephone: who answered, and when, is the note of the act."""
    if not act.reason:
        raise Denied(now_("Écrire qui a répondu au téléphone, et quand."))
    row = _row(file, act, Channel.PHONE, _given(file, act))
    row.save()
    return Effects(facts={"follow_up": row.pk, "channel": row.channel} | answers(row))


def _confirm(file: Any, act: Act) -> Effects:
    """The same answers, by another natural person than the one who took the call."""
    call = to_confirm(file)
    if call is None:
        raise Denied(now_("Aucune réponse prise par téléphone n’attend de confirmation."))
    if call.entered_by.person_id == act.actor.person_id:
        raise Forbidden(_("Une autre personne doit confirmer : vous avez saisi cette réponse."))
    return _keep(file, act, Channel.PHONE, answers(call), call)


def _keep(file: Any, act: Act, channel: str, given: dict[str, Any], call: FollowUp | None = None) -> Effects:
    """An answer that counts: its row, and the digital intensity that the file holds (RCR13)."""
    row = _row(file, act, channel, given)
    row.confirms = call
    row.answered_on = call.answered_on if call else act.day
    row.save()
    if row.digital_intensity is not None:
        file.digital_intensity_after = row.digital_intensity
    told = {"follow_up": row.pk, "channel": channel, "confirms": call.pk if call else None}
    return Effects(facts=told | answers(row), closes=(Kind.FOLLOW_UP,))


def _row(file: Any, act: Act, channel: str, given: dict[str, Any]) -> FollowUp:
    return FollowUp(
        application_id=file.pk, channel=channel, answered_on=act.day, entered_by=act.actor, recorded_at=act.at, **given
    )


def _given(file: Any, act: Act) -> dict[str, Any]:
    """The answers to what the scheme asks: at least one, each within its bounds."""
    asked = terms(file).questions
    given = {name: value for name, value in act.facts.items() if value not in (None, "")}
    if not given or not set(given) <= set(asked) or not all(_sound(name, value) for name, value in given.items()):
        raise Denied(now_("Répondre aux questions posées, chacune dans les limites indiquées."))
    return given


def _sound(name: str, value: Any) -> bool:
    if name in AMOUNTS:
        return isinstance(value, Decimal) and value >= 0
    if name in CHOICES:
        return isinstance(value, bool)
    if name in BOUNDS:
        least, most = BOUNDS[name]
        return isinstance(value, int) and least <= value <= most
    return value in FollowUp.InUse.values


COMPLETED = (S.COMPLETED,)
RECORDS: dict[str, Record] = {
    "follow_up_asked": on(
        may.system, _asked, _("Résultats demandés à l’entreprise"), COMPLETED, passed(Kind.FOLLOW_UP)
    ),
    "follow_up": on(may.representative, _answer, _("Dire ce qu’est devenu le projet"), COMPLETED, opened),
    "follow_up_call": on(may.officer, _call, _("Saisir une réponse prise par téléphone"), COMPLETED, opened),
    "follow_up_confirmed": on(
        may.officer, _confirm, _("Confirmer la réponse prise par téléphone"), COMPLETED, call_to_confirm
    ),
}  # fmt: skip
