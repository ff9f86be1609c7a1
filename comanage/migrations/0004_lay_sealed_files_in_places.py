from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comanage', '0003_sealed_files_signatures_and_webhooks'),
    ]

    operations = [
        migrations.AddField(
            model_name='sealedfile',
            name='place',
            field=models.CharField(default='', help_text='Where the sealed bytes lie in storage.', max_length=240),
            preserve_default=False,
        ),
    ]
