"""The number and the day of the Commission’s decision on a programme."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('regions', '0013_priority_rates'),
    ]

    operations = [
        migrations.AddField(
            model_name='programme',
            name='decision',
            field=models.CharField(blank=True, max_length=80),
        ),
    ]
