"""Who signs here: the certificate that was configured, or the installation's own."""

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from comanage.signing.certificates import Signatory, check_in_force, from_pkcs12, self_signed
from comanage.signing.models import InstallationCertificate
from comanage.vault.keys import open_for_installation, seal_for_installation

_PURPOSE = "signing key"


def signatory() -> Signatory:
    """Return who signs; the installation's own certificate is made when there is none.

    Raises:
        CertificateError: the configured one cannot be used today.
        LostKeyError: no key of the installation opens its own.
    """
    now = timezone.now()
    if settings.SIGNING_PKCS12:
        found = from_pkcs12(Path(settings.SIGNING_PKCS12), settings.SIGNING_PASSPHRASE)
    else:
        found = _own(now)
    check_in_force(found, at=now)
    return found


def reseal_own_key() -> int:
    """Seal the keys of the installation's certificates with its first key, and count them."""
    rows = list(InstallationCertificate.objects.select_for_update(no_key=True))
    for row in rows:
        key = open_for_installation(row.sealed_key, purpose=_PURPOSE)
        row.sealed_key = seal_for_installation(key, purpose=_PURPOSE)
    return InstallationCertificate.objects.bulk_update(rows, ["sealed_key"]) if rows else 0


def _own(now: datetime) -> Signatory:
    newest = InstallationCertificate.objects.first()
    if newest is None:
        made = self_signed(f"CoManage at {urlsplit(settings.BASE_URL).netloc}", at=now)
        # Of two workers that make one at the same time, the first one's counts for both.
        newest, _ = InstallationCertificate.objects.get_or_create(
            number=1,
            defaults={
                "certificate": made.certificate,
                "sealed_key": seal_for_installation(made.key, purpose=_PURPOSE),
            },
        )
    key = open_for_installation(newest.sealed_key, purpose=_PURPOSE)
    return Signatory(bytes(newest.certificate), key)
