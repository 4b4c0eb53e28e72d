"""The control that a claim's scheme asks for: scored and drawn at filing, then read by the screens and the gate."""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import Any

from applications.enums import ClaimKind, Finding
from applications.models import Claim, ClaimLine, ClaimRisk
from applications.rules.control_risk import Item, Risk, chosen, score
from regions.money import ZERO
from workflows.acts import Act
from workflows.aid_due import COUNTED


def assess(claim: Any, act: Act) -> ClaimRisk | None:
    """Score a claim that is filed and draw its lines; the row stays, whatever the method becomes."""
    method = claim.application.scheme_version.rules.get("control")
    if method is None or claim.kind != ClaimKind.EXPENSES:
        return None
    facts, seed = facts_of(claim), secrets.token_hex(8)
    risk, drawn = score(method, facts), _drawn(method, claim, seed)
    row = ClaimRisk(
        claim=claim, method=method["version"], facts={name: str(value) for name, value in facts.items()},
        points=risk.points, met=_met(risk), on_the_spot=risk.on_the_spot, seed=seed, chosen=drawn, scored_at=act.at,
    )  # fmt: skip
    row.save()
    return row


def told(row: ClaimRisk | None) -> dict[str, Any]:
    """What the event says of the score."""
    if row is None:
        return {}
    names = ("method", "points", "on_the_spot", "seed", "chosen")
    return {"risk": {name: getattr(row, name) for name in names}}


def _drawn(method: dict[str, Any], claim: Any, seed: str) -> list[int]:
    rows = {_key(line): line for line in claim.lines.order_by("line__number", "pk")}
    return [rows[key].pk for key in chosen(method, [Item(key, row.amount) for key, row in rows.items()], seed)]


def _key(line: ClaimLine) -> str:
    """What names a line for the draw, the same on any database: supplier, invoice, line of the quote."""
    return f"{line.supplier_siret}/{line.invoice_number}/{line.line.number}"


def _met(risk: Risk) -> list[dict[str, Any]]:
    return [{"fact": one.fact, "points": one.points, "fr": one.fr, "en": one.en} for one in risk.met]


def facts_of(claim: Any) -> dict[str, Any]:
    """The facts that a method may weigh, as they stand; amounts in euro, percentages out of 100."""
    lines = list(claim.lines.all())
    declared = sum((line.amount for line in lines), ZERO)
    past = Claim.objects.filter(application__company=claim.application.company_id, state__in=COUNTED)
    before = list(past.filter(kind=ClaimKind.EXPENSES).values_list("amount_declared", "amount_accepted"))
    asked = sum((d or ZERO for d, _a in before), ZERO)
    kept = sum((a or ZERO for _d, a in before), ZERO)
    return {
        "declared": declared, "lines": len(lines), "suppliers": len({line.supplier_siret for line in lines}),
        "largest_line_percent": _percent(max((line.amount for line in lines), default=ZERO), declared),
        "certified_before": len(before), "rejected_percent_before": _percent(asked - kept, asked),
        "requests": claim.item_requests.count(), "granted": claim.application.amount_granted or ZERO,
    }  # fmt: skip


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return (part * 100 / whole).quantize(Decimal("0.01")) if whole else ZERO


# --- what it asks


def latest(claim: Any) -> ClaimRisk | None:
    """The score that holds: the last one, since an answer of the firm may have changed its lines."""
    return claim.risks.order_by("-id").first() if claim.pk else None


def lines_to_control(claim: Any) -> list[ClaimLine]:
    """The lines to control one by one: those drawn, and every line as soon as one of them is not accepted whole."""
    lines = list(claim.lines.select_related("line").order_by("line__number", "pk"))
    row = latest(claim)
    if row is None or any(line.reason for line in lines):
        return lines
    return [line for line in lines if line.pk in row.chosen]


def waiting(claim: Any) -> list[ClaimLine]:
    """The lines to control that have no answer yet."""
    return [line for line in lines_to_control(claim) if line.accepted is None and not line.parked]


def accept_undrawn(claim: Any) -> list[int]:
    """Accept as declared the lines that the draw left out, none of those drawn being wrong; returns them."""
    row = latest(claim)
    if row is None:
        return []
    undrawn = [line for line in claim.lines.filter(accepted__isnull=True, parked=False) if line.pk not in row.chosen]
    for line in undrawn:
        line.accepted = line.amount
        line.save(update_fields=["accepted"])
    return [line.pk for line in undrawn]


def visit_awaited(claim: Any) -> bool:
    """A check on the spot is asked and none was made, or the last one found the work not in order."""
    row = latest(claim)
    if row is None or not row.on_the_spot:
        return False
    last = claim.visits.order_by("-id").first()
    return last is None or last.finding == Finding.RED
