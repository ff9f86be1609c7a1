"""Who signs reports: made once, kept sealed, or configured; and what people are told of it."""

import os
from datetime import timedelta
from itertools import count

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from adjudication.package.guide import verification_guide
from adjudication.package.models import Report
from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Job, JobState
from comanage.signing.certificates import read_certificates, self_signed
from comanage.signing.identity import reseal_own_key, signatory
from comanage.signing.models import InstallationCertificate
from comanage.vault.keys import LostKeyError
from tests.ground import run_jobs
from tests.grounds import _computed, computed, ground
from tests.signing import freeze

__all__ = ["_computed", "computed", "ground"]
pytestmark = pytest.mark.django_db


def test_the_certificate_is_made_once_and_its_key_lies_sealed():
    first, second = signatory(), signatory()

    row = InstallationCertificate.objects.get()
    assert first == second
    assert first.name.startswith("CoManage at ")
    assert first.key not in bytes(row.sealed_key)


def test_a_certificate_holds_from_the_moment_it_was_asked_for(monkeypatch):
    """However long the making takes: a certificate counts whole seconds."""
    begun, seconds = timezone.now(), count()
    monkeypatch.setattr(timezone, "now", lambda: begun + timedelta(seconds=next(seconds)))

    assert signatory().certificate


def test_a_new_master_key_takes_the_signing_key_over():
    signs, (old,) = signatory(), settings.MASTER_KEYS
    new = os.urandom(32)

    with override_settings(MASTER_KEYS=(new, old)):
        assert reseal_own_key() == 1
    with override_settings(MASTER_KEYS=(new,)):
        assert signatory() == signs
    with pytest.raises(LostKeyError, match="opens the signing key"):
        signatory()


def test_a_configured_certificate_that_cannot_sign_stops_the_report_with_the_reason(computed):
    freeze(computed)

    with override_settings(SIGNING_PKCS12="/nowhere/signs.p12"):
        run_jobs(computed.tenant_id, JobKind.RENDER_REPORT)
        with pytest.raises(CommandError, match="Reports could not be signed"):
            call_command(
                *("create_hospital", "--slug=a", "--name=A", "--time-zone=America/Chicago"),
                *("--admin-email=a@a.example", "--admin-name=A"),
            )

    job = Job.objects.get(kind=JobKind.RENDER_REPORT)
    assert job.state == JobState.FAILED
    assert job.problem.startswith("The report cannot be signed. /nowhere/signs.p12 cannot be read")
    assert not Report.objects.exists()


def test_the_guide_is_at_the_same_time_the_certificate_to_trust():
    signs = self_signed("CoManage at hospital.example", at=timezone.now() - timedelta(days=1))

    guide = verification_guide("Riverside & Sons", signs)

    assert read_certificates(guide.encode()) == [signs.certificate]
    assert "Riverside & Sons" in guide
    assert signs.fingerprint in guide
    assert max(map(len, guide.splitlines())) <= 96
    assert "cannot be given now" in verification_guide("Riverside", None)
