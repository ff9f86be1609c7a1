"""Everything a hospital owns leaves in open forms: complete, its own alone, and without secrets."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pyarrow.parquet as pq
import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.utils import timezone

from comanage.api.models import Webhook
from comanage.audit.models import Event
from comanage.clients.actions import create_extract_client
from comanage.demo.build import AGREEMENT, member
from comanage.exports.actions import ask_for_export
from comanage.exports.catalogue import DOCUMENTS, TABLES_LEFT_OUT, left_out, sources
from comanage.exports.models import ExportStatus, TenantExport
from comanage.exports.progress import progress_of
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind
from comanage.tenancy.models import TenantModel
from comanage.tenancy.scope import tenant_scope
from comanage.vault.files import opened
from comanage.vault.keys import seal_text
from comanage.vault.models import SealedFile
from comanage.web.errors import PolicyError
from scorecards.feeds.queries import READ_SCORECARDS
from scorecards.intake.models import Slice, Upload
from scorecards.retention.actions import plan_retention
from tests.ground import run_jobs, small_data_agreement, small_hospital
from tests.rows import fill_other_tables
from tests.signing import freeze

STEWARD, ADMINISTRATOR = Role.SERVICE_LINE_ADMINISTRATOR, Role.TENANT_ADMINISTRATOR
SECRET = "whsec_never_leaves"


def made(tenant, role) -> TenantExport:
    export = ask_for_export(by=member(role))
    run_jobs(tenant.pk, JobKind.MAKE_EXPORT)
    return TenantExport.objects.select_related("file").get(pk=export.pk)


def archive_of(export: TenantExport) -> zipfile.ZipFile:
    with opened(export.file.name) as clear:
        return zipfile.ZipFile(io.BytesIO(clear.read()))


def index_of(archive):
    return json.loads(archive.read("index.json"))


def lines(archive, table):
    return [json.loads(line) for line in archive.read(f"tables/{table}.ndjson").splitlines()]


@pytest.fixture
def browser(computed):
    def sign_in(role):
        client = Client()
        client.force_login(Membership.objects.select_related("user").get(role=role).user)
        return client

    return sign_in


def test_an_export_holds_every_table_twice_and_all_that_is_stored(computed):
    archive = archive_of(made(computed.tenant, STEWARD))
    names = set(archive.namelist())

    owned = {m._meta.label for m in apps.get_models() if issubclass(m, TenantModel)}
    wanted = (owned - TABLES_LEFT_OUT.keys()) | {"comanage.Tenant", "comanage.User"}
    for label in wanted:
        path = f"tables/{label.replace('.', '-').lower()}"
        assert {f"{path}.ndjson", f"{path}.csv"} <= names, label
    for stored in (Slice.objects.get(), Upload.objects.get()):
        ending = ".csv" if isinstance(stored, Upload) else ""
        path = f"files/{stored.storage_name.partition('/')[2]}{ending}"
        assert hashlib.sha256(archive.read(path)).hexdigest() == stored.sha256
    cases = pq.read_table(
        io.BytesIO(archive.read(f"files/slices/{Slice.objects.get().sha256}.parquet"))
    )
    assert cases.num_rows == Slice.objects.get().rows


def test_a_table_that_is_added_is_in_the_export_by_itself(computed):
    """The catalogue of models is asked each time; nothing lists the tables."""

    class Added(TenantModel):
        class Meta(TenantModel.Meta):
            app_label = "comanage"

    found = {source.label for source in sources(holds_cases=False)}
    del apps.all_models["comanage"]["added"]
    apps.clear_cache()

    assert "comanage.Added" in found


def test_the_index_names_every_member_with_its_hash_and_every_column(computed):
    archive = archive_of(made(computed.tenant, STEWARD))
    index = index_of(archive)

    named = {each["path"]: each for each in index["members"]}
    assert named.keys() == set(archive.namelist()) - {"index.json"}
    for path, each in named.items():
        content = archive.read(path)
        assert (len(content), hashlib.sha256(content).hexdigest()) == (each["size"], each["sha256"])
    for table in index["tables"]:
        rows = lines(archive, table["table"])
        columns = [column["name"] for column in table["columns"]]
        header, *cells = csv.reader(
            io.StringIO(archive.read(f"tables/{table['table']}.csv").decode(), newline="")
        )
        assert header == columns
        assert len(rows) == len(cells) == table["rows"]
        assert all(list(row) == columns for row in rows)
    uploads = next(t for t in index["tables"] if t["table"] == "scorecards-upload")
    feed = next(c for c in uploads["columns"] if c["name"] == "feed_id")
    assert feed == {
        "name": "feed_id",
        "about": "Names a row of scorecards-feed.",
        "type": "UUID",
        "may_be_empty": False,
        "points_to": "scorecards-feed",
    }
    named_tables = {table["table"] for table in index["tables"]}
    for table in index["tables"]:
        assert set(table["files"]) <= named.keys()
        for column in table["columns"]:
            assert column["about"].endswith((".", "`")), (table["table"], column)
            assert column["points_to"] in named_tables | {""}
    status = next(c for c in uploads["columns"] if c["name"] == "status")
    assert "accepted (Accepted)" in status["about"]


def test_amounts_and_moments_are_exact_texts(computed):
    archive = archive_of(made(computed.tenant, ADMINISTRATOR))

    (card,) = lines(archive, "scorecards-scorecard")
    assert card["pool"] == "60000.01"
    assert card["computed_at"].endswith("Z")


def test_documents_are_files_of_their_own_and_a_snapshot_keeps_its_hash(computed):
    snapshot = freeze(computed)
    archive = archive_of(made(computed.tenant, ADMINISTRATOR))

    kept = archive.read(f"documents-in-tables/snapshots/{snapshot.pk}.json")
    assert hashlib.sha256(kept).hexdigest() == snapshot.sha256
    folders = {name.split("/")[1] for name in archive.namelist() if name.startswith("documents-")}
    assert folders == set(DOCUMENTS.values()) - {"agreements", "baselines"}  # there are none


def test_whoever_does_not_see_cases_gets_none(computed):
    with AGREEMENT.open("rb") as signed:
        agreement = small_data_agreement(document=signed)
    export = made(computed.tenant, ADMINISTRATOR)
    archive = archive_of(export)

    assert not export.holds_cases
    name = agreement.document.name.partition("/")[2]
    assert archive.read(f"files/{name}") == AGREEMENT.read_bytes()
    assert not [n for n in archive.namelist() if n.startswith(("files/slices", "files/uploads"))]
    assert "changes" not in lines(archive, "scorecards-upload")[0]
    assert "scorecards.UploadFinding.value" in index_of(archive)["left_out"]
    assert index_of(archive)["left_out"]["files of cases"]


def test_no_secret_leaves_and_each_is_named_with_a_reason(computed):
    create_extract_client(name="EHR", scopes=[READ_SCORECARDS], by=member(ADMINISTRATOR))
    fill_other_tables(Membership.objects.get(role=ADMINISTRATOR).user)
    SealedFile.objects.get(name="other").delete()  # its key is made up
    Webhook.objects.update(secret=seal_text(SECRET, purpose="webhook"), signing_key=b"-key-")
    archive = archive_of(made(computed.tenant, STEWARD))

    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert SECRET.encode() not in everything
    omitted = left_out(holds_cases=True)
    for model in (m for m in apps.get_models() if issubclass(m, TenantModel)):
        for field in model._meta.concrete_fields:
            is_secret = isinstance(field, models.BinaryField) or "secret" in field.name
            if is_secret:
                label = model._meta.label
                assert omitted.get(f"{label}.{field.attname}") or omitted.get(label), field
    assert b"password" not in archive.read("tables/comanage-user.ndjson")
    assert index_of(archive)["left_out"] == omitted
    assert all(name in archive.read("README.txt").decode() for name in omitted)


@pytest.mark.usefixtures("_computed", "db")
def test_nothing_of_another_hospital_is_in_an_export(ground):
    other = small_hospital("elsewhere")
    with tenant_scope(other.pk):
        strangers = set(map(str, Membership.objects.values_list("user_id", flat=True)))
    with tenant_scope(ground.pk):
        archive = archive_of(made(ground, STEWARD))
        mine = set(map(str, Membership.objects.values_list("user_id", flat=True)))

    everything = b"".join(archive.read(name) for name in archive.namelist()).decode(
        errors="replace"
    )
    assert str(other.pk) not in everything
    assert "elsewhere.example" not in everything
    assert {row["id"] for row in lines(archive, "comanage-user")} == mine
    assert not mine & strangers


def test_the_way_of_an_export_in_the_browser(computed, browser):
    client, address = browser(ADMINISTRATOR), "/t/smallville/exports/"

    assert client.post(f"{address}new/").status_code == 302
    waiting = client.get(address).content.decode()
    run_jobs(computed.tenant_id, JobKind.MAKE_EXPORT)
    export = TenantExport.objects.get()
    ready = client.get(address).content.decode()
    answer = client.get(f"{address}{export.pk}/")

    assert "every 2s" in waiting
    assert "every 2s" not in ready
    assert progress_of(export.pk) == 100
    content = answer.getvalue()
    assert hashlib.sha256(content).hexdigest() == export.file.sha256
    assert int(answer.headers["Content-Length"]) == len(content)
    assert "smallville-export-" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    kinds = Event.objects.filter(kind__startswith="exports.").values_list("kind", flat=True)
    assert set(kinds) == {"exports.asked", "exports.finished", "exports.downloaded"}


def test_only_who_asked_can_download_and_only_while_it_is_there(computed, browser):
    export = made(computed.tenant, STEWARD)
    address = f"/t/smallville/exports/{export.pk}/"

    assert browser(ADMINISTRATOR).get(address).status_code == 302
    assert browser(STEWARD).get(address).status_code == 200
    TenantExport.objects.update(expires_at=timezone.now())
    assert browser(STEWARD).get(address).status_code == 302


def test_one_export_at_a_time(computed):
    ask_for_export(by=member(STEWARD))

    with pytest.raises(PolicyError, match="being made already"):
        ask_for_export(by=member(STEWARD))
    ask_for_export(by=member(ADMINISTRATOR))


def test_an_export_is_destroyed_after_its_days(computed):
    export = made(computed.tenant, STEWARD)
    assert export.expires_at - export.finished_at == timedelta(days=7)
    TenantExport.objects.update(expires_at=timezone.now())

    plan_retention("tonight")
    run_jobs(computed.tenant_id, JobKind.DESTROY_DUE_FILES)

    export.refresh_from_db()
    assert export.status == ExportStatus.EXPIRED
    assert export.file.sealed_key is None
    assert Event.objects.get(kind="exports.destroyed").details["sha256"] == export.file.sha256
