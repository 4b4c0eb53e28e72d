"""The eligible expenditure beside the public contribution: until now every operation was grouped, and they are equal."""

from django.db import migrations, models
from django.db.models import F

import regions.fields

TABLES = ("OperationClaim", "OperationClaimLine", "Correction")
GUARD = "guard_applications_correction_update"


def take_up(apps, schema_editor):
    on = " ON applications_correction" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {GUARD}{on}")  # installed again at the end of the migration
    for name in TABLES:
        told = "amount" if name == "Correction" else "declared"
        apps.get_model("applications", name).objects.update(expenditure=F(told))


def column(model):
    return migrations.AddField(model, "expenditure", regions.fields.CentsField(default=0))


class Migration(migrations.Migration):

    dependencies = [("applications", "0024_complaint_of_a_provider")]

    operations = [
        *[column(name.lower()) for name in TABLES],
        migrations.RunPython(take_up, migrations.RunPython.noop),
        migrations.RemoveConstraint("correction", "correction_positive"),
        migrations.AddConstraint(
            "correction",
            models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("expenditure__gte", 0)), name="correction_positive"
            ),
        ),
        migrations.RemoveConstraint("operationclaimline", "declared_within_booked"),
        migrations.AddConstraint(
            "operationclaimline",
            models.CheckConstraint(
                condition=models.Q(
                    ("booked__gt", 0), ("declared__gte", 0), ("declared__lte", models.F("booked")),
                    ("expenditure__gte", 0),
                )
                | models.Q(
                    ("booked__lt", 0), ("declared__gte", models.F("booked")), ("declared__lte", 0),
                    ("expenditure__lte", 0),
                ),
                name="declared_within_booked",
            ),
        ),
    ]
