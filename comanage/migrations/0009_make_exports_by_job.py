from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comanage', '0008_destroy_by_night'),
    ]

    operations = [
        migrations.AlterField(
            model_name='job',
            name='kind',
            field=models.CharField(choices=[('join_parts', 'Join the parts of an uploaded file'), ('check_upload', 'Check an uploaded file'), ('remind', 'Tell whom a late file or an ending agreement concerns'), ('weigh_upload', 'Compare a file that waits with what counts'), ('recompute_scorecard', 'Recompute a scorecard'), ('mail_notice', 'Mail a notice'), ('destroy_due_files', 'Destroy the files whose time is over'), ('make_export', 'Make an export'), ('render_report', 'Render an adjudication report')], max_length=40),
        ),
    ]
