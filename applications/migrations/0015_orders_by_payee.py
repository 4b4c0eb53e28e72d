from django.db import migrations, models
from django.db.models import Q

LIVE = ~Q(state__in=["rejected", "cancelled"])


def name_payees(apps, schema_editor):
    """The orders made so far pay the provider where they name it, the firm otherwise."""
    orders = apps.get_model("applications", "PaymentOrder").objects.using(schema_editor.connection.alias)
    orders.filter(payee_provider__isnull=False).update(payee="provider")


class Migration(migrations.Migration):

    dependencies = [
        ("applications", "0014_correction_of_an_irregularity"),
    ]

    operations = [
        migrations.AddField(
            model_name="paymentorder",
            name="payee",
            field=models.CharField(
                choices=[("firm", "Entreprise"), ("provider", "Prestataire")], default="firm", max_length=10
            ),
        ),
        migrations.RunPython(name_payees, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="paymentorder", name="one_live_order_per_claim"),
        migrations.AddConstraint(
            model_name="paymentorder",
            constraint=models.UniqueConstraint(
                condition=LIVE, fields=("claim", "payee"), name="one_live_order_per_claim_and_payee"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentorder",
            constraint=models.CheckConstraint(
                condition=Q(payee="provider", payee_provider__isnull=False)
                | Q(payee="firm", payee_provider__isnull=True),
                name="order_names_its_provider",
            ),
        ),
    ]
