import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import regions.fields


def keep_thresholds(apps, schema_editor):
    """The amount above which two persons signed becomes a band of two signatures of the same terms."""
    alias = schema_editor.connection.alias
    terms = apps.get_model("regions", "PayingTerms").objects.using(alias)
    band = apps.get_model("regions", "SignatureBand")
    rows = terms.filter(two_signatures_above__isnull=False)
    band.objects.using(alias).bulk_create(
        band(terms=row, above=row.two_signatures_above, signatures=2) for row in rows
    )


def back_to_one_threshold(apps, schema_editor):
    """Two persons sign from the lowest band on; the column knows no more of them."""
    alias = schema_editor.connection.alias
    terms = apps.get_model("regions", "PayingTerms").objects.using(alias)
    for band in apps.get_model("regions", "SignatureBand").objects.using(alias).order_by("-above"):
        terms.filter(pk=band.terms_id).update(two_signatures_above=band.above)


class Migration(migrations.Migration):

    dependencies = [
        ("regions", "0010_complaint_terms"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="payingterms", name="signature_band_positive"),
        migrations.CreateModel(
            name="SignatureBand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("above", regions.fields.CentsField(verbose_name="au-delà de")),
                ("signatures", models.PositiveSmallIntegerField(verbose_name="signatures")),
                (
                    "terms",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bands", to="regions.payingterms"
                    ),
                ),
            ],
            options={
                "ordering": ["above"],
                "constraints": [
                    models.CheckConstraint(condition=Q(above__gte=0), name="signature_band_positive"),
                    models.CheckConstraint(
                        condition=Q(signatures__gte=2, signatures__lte=5), name="signature_band_of_two_to_five"
                    ),
                    models.UniqueConstraint(fields=("terms", "above"), name="one_signature_band_per_amount"),
                ],
            },
        ),
        migrations.RunPython(keep_thresholds, back_to_one_threshold),
        migrations.RemoveField(model_name="payingterms", name="two_signatures_above"),
    ]
