from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("regions", "0006_paying_terms")]

    operations = [
        migrations.AddField("region", "siret", models.CharField("SIRET", max_length=14, blank=True, default=""), preserve_default=False),
    ]
