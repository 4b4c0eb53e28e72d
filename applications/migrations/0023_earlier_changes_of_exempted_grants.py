"""Exempted grants that were lowered before corrections were kept: one correction to what their file holds today."""

from decimal import Decimal

from django.db import migrations
from django.db.models import Sum
from django.utils import timezone

from applications.rules.transparency import EXEMPTED, correct_by

ZERO = Decimal(0)


def take_up(apps, schema_editor):
    grants = apps.get_model("applications", "Grant").objects.select_related("application__scheme_version")
    now = timezone.now()
    for grant in grants.order_by("pk").iterator():
        if str(grant.application.scheme_version.rules.get("legal_basis", "")) in EXEMPTED:
            _correct(apps, grant, now)


def _correct(apps, grant, now):
    equivalent = _held(apps, grant)
    if equivalent == grant.gross_grant_equivalent:
        return
    day = timezone.localdate(now)
    apps.get_model("applications", "GrantCorrection").objects.create(
        grant=grant, number=1, previous=grant.gross_grant_equivalent, equivalent=equivalent, corrected_on=day,
        cause="earlier", publish_by=correct_by(day), recorded_at=now,
    )


def _held(apps, grant):
    """Committed and not given back, less what is still to cut, and what is not a grant: euro."""
    positions = apps.get_model("applications", "CasePosition").objects.filter(
        application=grant.application, line__envelope__instrument="grant"
    )
    sums = positions.aggregate(held=Sum("committed"), back=Sum("recovered"))
    others = grant.components.aggregate(total=Sum("gross_grant_equivalent"))["total"] or ZERO
    return (sums["held"] or ZERO) - (sums["back"] or ZERO) - grant.application.amount_to_cut + others


class Migration(migrations.Migration):

    dependencies = [
        ("applications", "0022_corrections_of_exempted_grants"),
        ("regions", "0010_complaint_terms"),
    ]

    operations = [migrations.RunPython(take_up, migrations.RunPython.noop)]
