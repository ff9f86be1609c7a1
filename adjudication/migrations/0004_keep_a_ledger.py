"""The ledger, the estimates behind some of its entries, and the batches for accounts payable."""

import comanage.money_field
import comanage.tenancy.scope
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

from comanage.tenancy.walls import Wall


class Migration(migrations.Migration):
    """Tables and their walls; payments follow in the next step."""

    dependencies = [
        ('adjudication', '0003_holds_and_conditions'),
        ('agreements', '0004_goals_ahead_and_baselines'),
        ('comanage', '0010_deliver_webhooks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Estimate',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(help_text='First day after the quarter.')),
                ('component', models.CharField(choices=[('fixed_fee', 'Fixed fee'), ('incentive', 'Incentive')], max_length=12)),
                ('amount', comanage.money_field.MoneyField()),
                ('status', models.CharField(choices=[('proposed', 'Proposed, to be approved'), ('approved', 'Approved'), ('declined', 'Declined'), ('taken_back', 'Taken back')], default='proposed', max_length=12)),
                ('reason', models.CharField(max_length=500)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision_note', models.CharField(blank=True, max_length=500)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('payee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.physiciangroup')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(default=comanage.tenancy.scope.active_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comanage.tenant')),
                ('year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='estimates', to='agreements.measurementyear')),
            ],
            options={
                'ordering': ['starts_on', 'component', 'proposed_at'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Handoff',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(help_text="Counts the hospital's batches from 1.")),
                ('total', comanage.money_field.MoneyField()),
                ('csv_sha256', models.CharField(max_length=64)),
                ('layout_sha256', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handoffs', to='agreements.program')),
                ('tenant', models.ForeignKey(default=comanage.tenancy.scope.active_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comanage.tenant')),
            ],
            options={
                'ordering': ['-number'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='HandoffLine',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('component', models.CharField(choices=[('fixed_fee', 'Fixed fee'), ('incentive', 'Incentive')], max_length=12)),
                ('payee_name', models.CharField(help_text='As it stood then.', max_length=160)),
                ('program_name', models.CharField(help_text='As it stood then.', max_length=120)),
                ('number', models.PositiveSmallIntegerField()),
                ('amount', comanage.money_field.MoneyField()),
                ('handoff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='adjudication.handoff')),
                ('payee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.physiciangroup')),
                ('tenant', models.ForeignKey(default=comanage.tenancy.scope.active_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comanage.tenant')),
                ('year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.measurementyear')),
            ],
            options={
                'ordering': ['position'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sequence', models.PositiveIntegerField(help_text="Counts the program's entries from 1.")),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(help_text='First day after the period that the amount is for.')),
                ('component', models.CharField(choices=[('fixed_fee', 'Fixed fee'), ('incentive', 'Incentive')], max_length=12)),
                ('kind', models.CharField(choices=[('due', 'Due'), ('estimated', 'Estimated'), ('true_up', 'True-up'), ('recoupment', 'Recoupment'), ('correction', 'Correction'), ('paid', 'Paid')], max_length=12)),
                ('side', models.CharField(choices=[('owed', 'Owed'), ('settled', 'Settled')], max_length=8)),
                ('amount', comanage.money_field.MoneyField()),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('reason', models.CharField(max_length=600)),
                ('clause', models.CharField(help_text='Where the agreement says so.', max_length=200)),
                ('paid_on', models.DateField(help_text='The day on which money moved.', null=True)),
                ('reference', models.CharField(blank=True, help_text="The hospital's own.", max_length=60)),
                ('recorded_at', models.DateTimeField()),
                ('about', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='adjudication.ledgerentry')),
                ('estimate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='adjudication.estimate')),
                ('payee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.physiciangroup')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='agreements.program')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('snapshot', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='adjudication.snapshot')),
                ('tenant', models.ForeignKey(default=comanage.tenancy.scope.active_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comanage.tenant')),
                ('year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='agreements.measurementyear')),
            ],
            options={
                'ordering': ['sequence'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='estimate',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['proposed', 'approved'])), fields=('tenant', 'year', 'starts_on', 'component', 'payee'), name='one_live_estimate_per_quarter'),
        ),
        migrations.AddConstraint(
            model_name='estimate',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='estimate_is_of_something'),
        ),
        migrations.AddConstraint(
            model_name='estimate',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='estimate_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='estimate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('status', 'proposed')), models.Q(models.Q(('status', 'proposed'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='estimate_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='estimate',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='nobody_decides_their_own_estimate'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='estimate',
            trigger=pgtrigger.compiler.Trigger(name='estimates_stay', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF TG_OP = 'DELETE' OR OLD.status IN ('declined', 'taken_back') OR (OLD.status = 'approved' AND NEW.status <> 'taken_back') OR OLD.year_id IS DISTINCT FROM NEW.year_id OR OLD.starts_on IS DISTINCT FROM NEW.starts_on OR OLD.ends_on IS DISTINCT FROM NEW.ends_on OR OLD.component IS DISTINCT FROM NEW.component OR OLD.payee_id IS DISTINCT FROM NEW.payee_id OR OLD.amount IS DISTINCT FROM NEW.amount OR OLD.proposed_by_id IS DISTINCT FROM NEW.proposed_by_id OR OLD.proposed_at IS DISTINCT FROM NEW.proposed_at THEN RAISE EXCEPTION 'an estimate is decided once and never edited'; END IF; RETURN NEW;", hash='30955da68ed7dc143cf9feb76e9cd6770e2b6aca', operation='UPDATE OR DELETE', pgid='pgtrigger_estimates_stay_09cd4', table='adjudication_estimate', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='handoff',
            constraint=models.UniqueConstraint(fields=('tenant', 'number'), name='handoff_number_once'),
        ),
        migrations.AddConstraint(
            model_name='handoff',
            constraint=models.CheckConstraint(condition=models.Q(('total__gt', 0)), name='handoff_is_of_something'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='handoff',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fb4e9a06d819403a2a8a0e5daaf71f49917a0b73', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_08aff', table='adjudication_handoff', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='handoffline',
            constraint=models.UniqueConstraint(fields=('tenant', 'handoff', 'position'), name='handoff_position_once'),
        ),
        migrations.AddConstraint(
            model_name='handoffline',
            constraint=models.UniqueConstraint(fields=('tenant', 'year', 'starts_on', 'ends_on', 'component', 'payee', 'number'), name='amount_handed_over_once'),
        ),
        migrations.AddConstraint(
            model_name='handoffline',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='handoff_line_is_of_something'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='handoffline',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='55374e4cb761a2b8c7e9981d48cd16c1f0ce5541', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_acb50', table='adjudication_handoffline', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(fields=('tenant', 'program', 'sequence'), name='entry_sequence_once_per_program'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'paid')), fields=('tenant', 'program', 'starts_on', 'ends_on', 'component', 'payee', 'number'), name='one_live_payment'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'estimated')), fields=('tenant', 'estimate'), name='estimate_booked_once'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['due', 'true_up'])), fields=('tenant', 'year', 'component', 'payee'), name='year_booked_once'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'correction')), fields=('tenant', 'about'), name='entry_corrected_once'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['due', 'estimated', 'true_up']), ('side', 'owed')), models.Q(('kind__in', ['recoupment', 'paid']), ('side', 'settled')), ('kind', 'correction'), _connector='OR'), name='entry_on_its_side'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='entry_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'paid'), _negated=True), models.Q(('amount__lte', 0), ('paid_on__isnull', False), models.Q(('reference', ''), _negated=True)), _connector='OR'), name='payment_has_its_day_and_reference'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['due', 'true_up']), _negated=True), ('snapshot__isnull', False), _connector='OR'), name='year_is_booked_from_a_snapshot'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'due'), _negated=True), ('amount__gte', 0), _connector='OR'), name='due_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'estimated'), _negated=True), models.Q(('amount__gt', 0), ('estimate__isnull', False)), _connector='OR'), name='estimate_is_booked_from_an_approval'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'correction'), _negated=True), ('about__isnull', False), _connector='OR'), name='correction_names_its_entry'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='entry_has_its_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ledgerentry',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='30537c64a655a4ed379af0b0e85abb3bb57afe88', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_32a32', table='adjudication_ledgerentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ledgerentry',
            trigger=pgtrigger.compiler.Trigger(name='ledger_holds', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF NOT EXISTS (SELECT 1 FROM agreements_measurementyear y WHERE y.id = NEW.year_id AND y.program_id = NEW.program_id) THEN RAISE EXCEPTION 'the year is of another program'; END IF; IF (SELECT coalesce(sum(p.amount), 0) + NEW.amount FROM adjudication_ledgerentry p WHERE p.year_id = NEW.year_id AND p.side = NEW.side) * (CASE NEW.side WHEN 'owed' THEN 1 ELSE -1 END) > (SELECT o.total FROM agreements_opinion o JOIN agreements_measurementyear y ON y.opinion_id = o.id WHERE y.id = NEW.year_id) THEN RAISE EXCEPTION 'the ledger is above the fair-market-value opinion'; END IF; IF NEW.kind = 'paid' THEN IF (SELECT coalesce(sum(p.amount), 0) + NEW.amount FROM adjudication_ledgerentry p WHERE p.tenant_id = NEW.tenant_id AND p.year_id = NEW.year_id AND p.component = NEW.component AND p.payee_id = NEW.payee_id AND p.starts_on = NEW.starts_on AND p.ends_on = NEW.ends_on) < 0 THEN RAISE EXCEPTION 'more would be paid than is owed'; END IF; IF NEW.number > 1 + (SELECT count(*) FROM adjudication_ledgerentry p WHERE p.tenant_id = NEW.tenant_id AND p.year_id = NEW.year_id AND p.component = NEW.component AND p.payee_id = NEW.payee_id AND p.starts_on = NEW.starts_on AND p.ends_on = NEW.ends_on AND p.kind = 'correction') THEN RAISE EXCEPTION 'paid already, and nothing was corrected since'; END IF; IF EXISTS (SELECT 1 FROM adjudication_signoff s WHERE s.snapshot_id = NEW.snapshot_id AND s.signed_by_id = NEW.recorded_by_id) OR EXISTS (SELECT 1 FROM adjudication_estimate e WHERE e.id = NEW.estimate_id AND e.decided_by_id = NEW.recorded_by_id) THEN RAISE EXCEPTION 'whoever authorized does not pay'; END IF; END IF; RETURN NEW;", hash='915d12d32cd88bfaf6806a378e8d3ce169750e28', operation='INSERT', pgid='pgtrigger_ledger_holds_7838d', table='adjudication_ledgerentry', when='BEFORE')),
        ),
        Wall('Estimate'),
        Wall('LedgerEntry', append_only=True),
        Wall('Handoff', append_only=True),
        Wall('HandoffLine', append_only=True),
    ]
