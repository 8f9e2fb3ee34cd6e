from django.db import migrations

import cms.users.models


class Migration(migrations.Migration):
    dependencies = [("users", "0001_initial")]

    operations = [
        migrations.AlterModelManagers(
            name="user", managers=[("objects", cms.users.models.UserManager())]
        ),
    ]
