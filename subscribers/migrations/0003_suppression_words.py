"""What a mail server said of a mailbox is kept with its suppression."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('subscribers', '0002_ascii_folding'),
    ]

    operations = [
        migrations.AddField(
            model_name='suppression',
            name='code',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='suppression',
            name='reply',
            field=models.CharField(blank=True, default='', max_length=500),
        ),
    ]
