"""Roles given before two persons were asked for stay in force: the system answers for them."""

from django.db import migrations
from django.utils import timezone


def confirm(apps, schema_editor):
    roles = apps.get_model("regions", "Role").objects.filter(confirmed_at__isnull=True)
    system = apps.get_model("regions", "User").objects.filter(is_system=True).first()
    if system is not None:
        roles.update(confirmed_by=system, confirmed_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("regions", "0002_two_persons")]
    operations = [migrations.RunPython(confirm, migrations.RunPython.noop)]
