"""The clients that hospitals copy, and an OAuth library, against a server that listens."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pytest
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import ECKey

from comanage.api.periods import read_period
from comanage.demo.build import SET_UP
from comanage.embedded.home import PROJECT
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import tenant_scope
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import spec_of, write_scope
from scorecards.intake.models import PartialUpload, Upload, UploadStatus
from scorecards.sandbox.generator import as_csv, sample_rows
from scorecards.sandbox.opening import open_sandbox
from tests.ground import small_hospital, storage_in
from tests.signers import KeyPair, Signer, key_pair, register
from tests.worlds import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLES = PROJECT / "scorecards" / "samples"
ROWS = 30
PART = 300  # bytes, instead of 8 MiB


@dataclass(frozen=True)
class Place:
    """A hospital that listens, its sandbox, and a folder of the machine that sends."""

    url: str
    tenant: Tenant
    feed: Feed
    signer: Signer
    folder: Path

    def file(self, period: str, *faults: str) -> Path:
        """Write a file as an extract would."""
        with tenant_scope(self.tenant.pk):
            spec = spec_of(self.feed)
        rows = sample_rows(spec, read_period(period), rows=ROWS, seed=1, faults=faults)
        path = self.folder / f"stays of {period}.csv"
        path.write_text(as_csv(spec, rows), "utf-8")
        return path

    def key(self, pair: KeyPair) -> Path:
        """Write a private key as openssl does."""
        path = self.folder / f"{pair.kid}.pem"
        form = (Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        path.write_bytes(pair.private.private_bytes(*form))
        return path

    def python(self, period: str, file: Path, *options: str, pair: KeyPair | None = None):
        """Start the Python client."""
        pair = pair or self.signer.pair
        command = [
            *(sys.executable, str(SAMPLES / "extract_client.py")),
            *("--hospital", self.url, "--client", self.signer.client_id),
            *("--key", str(self.key(pair)), "--kid", pair.kid),
            *("--feed", str(self.feed.pk), "--period", period, *options, str(file)),
        ]
        return start(command)

    def bash(self, period: str, file: Path, *, pair: KeyPair | None = None):
        """Start the bash client."""
        pair = pair or self.signer.pair
        given = {
            "COMANAGE_HOSPITAL": self.url,
            "COMANAGE_CLIENT": self.signer.client_id,
            "COMANAGE_KEY": str(self.key(pair)),
            "COMANAGE_KID": pair.kid,
            "COMANAGE_FEED": str(self.feed.pk),
        }
        return start(["bash", str(SAMPLES / "extract_client.sh"), period, str(file)], **given)

    def ended(self, *clients):
        """Do the hospital's jobs until the clients have ended; return what each one said."""
        while any(client.poll() is None for client in clients):
            run_all_jobs(self.tenant)
            try:
                clients[0].wait(0.05)
            except subprocess.TimeoutExpired:
                continue
        return [
            (client.returncode, *(text.decode() for text in client.communicate()))
            for client in clients
        ]

    def statuses(self):
        """List what became of the files, by period and mode."""
        with tenant_scope(self.tenant.pk):
            return {
                (str(upload.starts_on)[:7], upload.is_dry_run): (upload.status, upload.rows)
                for upload in Upload.objects.all()
            }


def start(command, **environment):
    """Start a client with pipes that hold all it says."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | environment,
    )


@pytest.fixture
def place(live_server, settings, tmp_path):
    settings.BASE_URL = live_server.url
    settings.UPLOAD_PART_BYTES = PART
    with storage_in(tmp_path / "stored"):
        tenant = small_hospital()
        with tenant_scope(tenant.pk):
            sandbox = open_sandbox(today=tenant.today(), by=SET_UP)
        signer = register(tenant, scopes=[write_scope(sandbox)])
        url = f"{live_server.url}/t/{tenant.slug}"
        yield Place(url, tenant, sandbox, signer, tmp_path)


def test_python_and_bash_take_a_file_from_signing_in_to_accepted(place):
    clients = (
        place.python("2031-02", place.file("2031-02")),
        place.bash("2031-03", place.file("2031-03")),
    )

    for code, findings, said in place.ended(*clients):
        assert (code, findings) == (0, ""), said
        assert "dry-run: checked, 30 rows, 0 findings" in said
        assert "commit: accepted, 30 rows, 0 findings" in said
    assert place.statuses() == {
        (month, is_dry_run): (status, ROWS)
        for month in ("2031-02", "2031-03")
        for is_dry_run, status in ((True, UploadStatus.CHECKED), (False, UploadStatus.ACCEPTED))
    }


def test_a_faulty_file_ends_at_its_rehearsal_and_says_what_was_found(place):
    clients = (
        place.python("2031-02", place.file("2031-02", "unknown-code")),
        place.bash("2031-03", place.file("2031-03", "unknown-code")),
    )

    for code, findings, said in place.ended(*clients):
        assert code == 1, said
        found = [json.loads(line) for line in findings.splitlines()]
        assert [each["row"] for each in found] == list(range(3, ROWS + 2, 2))
        assert {each["code"] for each in found} == {"unknown-code"}
        assert f"dry-run: rejected, {ROWS} rows, {ROWS // 2} findings" in said
        assert "commit" not in said
    assert {is_dry_run for _, is_dry_run in place.statuses()} == {True}


def test_a_large_file_is_resumed_where_its_sending_broke_off(place):
    file = place.file("2031-02")
    parts = -(-file.stat().st_size // PART)
    first = place.python("2031-02", file, "--one-body", str(PART))
    while not first.stderr.readline().startswith(b"part 3"):  # two are there
        assert first.poll() is None
    first.kill()
    first.communicate()

    [(code, _, said)] = place.ended(place.python("2031-02", file, "--one-body", str(PART)))

    assert code == 0, said
    again = [int(line.split()[1].rstrip(":")) for line in said.splitlines() if "part " in line]
    assert again in (list(range(3, parts + 1)), list(range(4, parts + 1)))
    assert parts > 4
    assert place.statuses() == {("2031-02", False): (UploadStatus.ACCEPTED, ROWS)}
    with tenant_scope(place.tenant.pk):
        assert PartialUpload.objects.count() == 1


def test_a_key_that_is_not_registered_gets_no_further_than_the_door(place):
    stranger = key_pair("stranger")
    clients = (
        place.python("2031-02", place.file("2031-02"), pair=stranger),
        place.bash("2031-02", place.file("2031-02"), pair=stranger),
    )

    for code, findings, said in place.ended(*clients):
        assert (code, findings) == (2, "")
        assert said.startswith("401: ")
        assert "No client signs in by this assertion here." in said
    assert place.statuses() == {}


def test_an_oauth_library_signs_in_and_sends_by_its_own_means(place):
    """None of the code that signs, asks for the token or carries it is ours."""
    api, pair = f"{place.url}/api/v1", place.signer.pair
    session = OAuth2Session(place.signer.client_id, ECKey.import_key(place.key(pair).read_bytes()))
    door = session.get(f"{api}/.well-known/smart-configuration", withhold_token=True).json()
    fresh = {"exp": int(time.time()) + 240}  # the library's own hour is refused
    session.token_endpoint_auth_method = PrivateKeyJWT(
        door["token_endpoint"], claims=fresh, headers={"kid": pair.kid}, alg=pair.algorithm
    )
    session.fetch_token(door["token_endpoint"], grant_type="client_credentials")

    sent = session.post(
        f"{api}/feeds/{place.feed.pk}/submissions",
        params={"period": "2031-02", "mode": "dry-run"},
        data=place.file("2031-02").read_bytes(),
        headers={"Content-Type": "text/csv", "Idempotency-Key": "by-a-library"},
    )
    address = urljoin(place.url, sent.headers["Location"])
    waiting = session.get(address)
    run_all_jobs(place.tenant)
    done = session.get(address)

    assert [answer.status_code for answer in (sent, waiting, done)] == [202, 202, 200]
    assert (done.json()["status"], done.json()["rows"]) == ("checked", ROWS)
