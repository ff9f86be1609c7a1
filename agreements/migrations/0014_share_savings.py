import comanage.money_field
import comanage.tenancy.scope
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models

from comanage.tenancy.walls import Wall


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0013_write_the_agreement'),
        ('comanage', '0011_sign_with_own_certificate'),
    ]

    operations = [
        migrations.CreateModel(
            name='SavingsCount',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('base_cost', comanage.money_field.MoneyField(help_text='Of the twelve months before the year.')),
                ('base_cases', models.PositiveIntegerField()),
                ('cost', comanage.money_field.MoneyField(help_text='Of the year.')),
                ('cases', models.PositiveIntegerField()),
                ('component', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='savings', to='agreements.paycomponent')),
                ('sheet', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='savings', to='agreements.worksheet')),
                ('tenant', models.ForeignKey(default=comanage.tenancy.scope.active_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comanage.tenant')),
            ],
            options={
                'ordering': ['sheet__number'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='measurementyear',
            name='within_the_opinion',
        ),
        migrations.RemoveConstraint(
            model_name='opinion',
            name='opinion_total_within_its_parts',
        ),
        migrations.RemoveConstraint(
            model_name='opinion',
            name='opinion_caps_not_negative',
        ),
        migrations.RemoveConstraint(
            model_name='paycomponent',
            name='component_has_the_figures_of_its_kind',
        ),
        migrations.AddField(
            model_name='opinion',
            name='savings',
            field=comanage.money_field.OptionalMoneyField(null=True),
        ),
        migrations.AddField(
            model_name='paycomponent',
            name='fee',
            field=comanage.money_field.OptionalMoneyField(null=True),
        ),
        migrations.AddField(
            model_name='paycomponent',
            name='least_points',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='paycomponent',
            name='limit_rate',
            field=models.DecimalField(decimal_places=8, max_digits=9, null=True),
        ),
        migrations.AddField(
            model_name='paycomponent',
            name='minimum_rate',
            field=models.DecimalField(decimal_places=8, max_digits=9, null=True),
        ),
        migrations.AddField(
            model_name='paycomponent',
            name='share_rate',
            field=models.DecimalField(decimal_places=8, max_digits=9, null=True),
        ),
        migrations.AlterField(
            model_name='paycomponent',
            name='kind',
            field=models.CharField(choices=[('hourly', 'Duties by the hour'), ('salary', 'Salary'), ('wrvu', 'Pay by wRVU'), ('savings', 'Shared savings')], max_length=12),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='measurementyear',
            trigger=pgtrigger.compiler.Trigger(name='within_the_opinion', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.status <> 'draft')", func="IF NOT EXISTS (SELECT 1 FROM agreements_opinion o WHERE o.id = NEW.opinion_id AND NEW.fixed_fee <= o.fixed AND NEW.incentive_pool <= o.incentive AND NEW.fixed_fee + NEW.incentive_pool <= o.total AND NOT EXISTS (SELECT 1 FROM agreements_paycomponent c WHERE c.year_id = NEW.id AND CASE c.kind WHEN 'hourly' THEN o.hourly WHEN 'salary' THEN o.salary WHEN 'savings' THEN o.savings ELSE o.wrvu END IS NULL)) THEN RAISE EXCEPTION 'pay is above the fair-market-value opinion'; END IF; RETURN NEW;", hash='f0c96c64a77fc7ff5ca879df78273b396dd99012', operation='INSERT OR UPDATE', pgid='pgtrigger_within_the_opinion_a48f7', table='agreements_measurementyear', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='opinion',
            constraint=models.CheckConstraint(condition=models.Q(('total__lte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('fixed'), '+', models.F('incentive')), '+', django.db.models.functions.comparison.Coalesce(models.F('salary'), models.Value(0, output_field=comanage.money_field.MoneyField()))), '+', django.db.models.functions.comparison.Coalesce(models.F('hourly'), models.Value(0, output_field=comanage.money_field.MoneyField()))), '+', django.db.models.functions.comparison.Coalesce(models.F('wrvu'), models.Value(0, output_field=comanage.money_field.MoneyField()))), '+', django.db.models.functions.comparison.Coalesce(models.F('savings'), models.Value(0, output_field=comanage.money_field.MoneyField()))))), name='opinion_total_within_its_parts'),
        ),
        migrations.AddConstraint(
            model_name='opinion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('salary', None), ('salary__gte', 0), _connector='OR'), models.Q(('hourly', None), ('hourly__gte', 0), _connector='OR'), models.Q(('wrvu', None), ('wrvu__gte', 0), _connector='OR'), models.Q(('savings', None), ('savings__gte', 0), _connector='OR'), models.Q(('all_agreements', None), ('all_agreements__gte', 0), _connector='OR')), name='opinion_caps_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='paycomponent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount', None), ('kind', 'hourly'), ('rate__gte', 0), ('rungs', []), ('table_year', None), models.Q(('month_cap', None), ('quarter_cap', None), ('year_cap', None), _negated=True), ('fee', None), ('least_points', None), ('limit_rate', None), ('minimum_rate', None), ('share_rate', None)), models.Q(('amount__gte', 0), ('kind', 'salary'), ('rate', None), ('rungs', []), ('table_year', None), ('physician__isnull', False), ('month_cap', None), ('quarter_cap', None), ('year_cap', None), ('fee', None), ('least_points', None), ('limit_rate', None), ('minimum_rate', None), ('share_rate', None)), models.Q(('amount', None), ('kind', 'wrvu'), ('rate', None), ('table_year__isnull', False), models.Q(('rungs', []), _negated=True), ('month_cap', None), ('quarter_cap', None), ('year_cap', None), ('fee', None), ('least_points', None), ('limit_rate', None), ('minimum_rate', None), ('share_rate', None)), models.Q(('amount', None), ('kind', 'savings'), ('rate', None), ('rungs', []), ('table_year', None), ('fee__gte', 0), ('physician', None), ('share_rate__gt', 0), ('share_rate__lte', 1), ('minimum_rate__gte', 0), ('minimum_rate__lt', 1), models.Q(('limit_rate', None), models.Q(('limit_rate__gt', 0), ('limit_rate__lte', 1)), _connector='OR'), ('least_points__gte', 1), ('least_points__lte', 100), ('month_cap', None), ('quarter_cap', None), ('year_cap', None)), _connector='OR'), name='component_has_the_figures_of_its_kind'),
        ),
        migrations.AddConstraint(
            model_name='savingscount',
            constraint=models.CheckConstraint(condition=models.Q(('base_cases__gt', 0), ('base_cost__gt', 0), ('cases__gt', 0), ('cost__gte', 0)), name='savings_are_counted_in_both_years'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='savingscount',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0d6ec4d5745da6a11a48008424e6f18ad55e95df', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6c620', table='agreements_savingscount', when='BEFORE')),
        ),
        Wall("SavingsCount", append_only=True),
    ]
