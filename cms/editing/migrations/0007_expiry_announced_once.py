from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q

EXPIRES_SOON = "editing.expires_soon"


def keep_the_first(apps, schema_editor):
    """Two schedulers may have announced one expiry each."""
    announced = apps.get_model("editing", "Notification").objects.filter(step=EXPIRES_SOON)
    same = ["recipient", "content_type", "object_id", "moment"]
    earlier = announced.filter(pk__lt=OuterRef("pk"), **{name: OuterRef(name) for name in same})
    repeated = announced.filter(Exists(earlier)).values_list("pk", flat=True)
    announced.filter(pk__in=list(repeated)).delete()


class Migration(migrations.Migration):
    dependencies = [("editing", "0006_one_form_state")]

    operations = [
        migrations.RunPython(keep_the_first, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                condition=Q(step=EXPIRES_SOON),
                fields=("recipient", "content_type", "object_id", "moment"),
                name="editing_notification_expiry_once",
            ),
        ),
    ]
