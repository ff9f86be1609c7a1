"""A machine signs in by what it signs, once for each assertion, and gets no more than its own."""

import hmac
import json
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from django.utils import timezone

from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.clients.actions import (
    add_client_keys,
    create_extract_client,
    forbid_api_keys,
    retire_client_key,
    revoke_extract_client,
)
from comanage.clients.doors import token_address
from comanage.clients.keysets import read_keys
from comanage.demo.build import member
from comanage.identity.models import AccessToken, ExtractClient, SpentAssertion
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from comanage.web.errors import PolicyError
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import READ_SCORECARDS, write_scope
from tests.clock import stand_at
from tests.ground import small_hospital
from tests.mutations import ALPHABET, encoded
from tests.signers import call, key_pair, knock, register

FEEDS = "/t/smallville/api/v1/feeds"
RSA = key_pair("rsa", "RS384")
RSA_SIGNER = jwt.get_algorithm_by_name("RS384")


@pytest.fixture(scope="module")
def _registered(ground):
    with tenant_scope(ground.pk):
        scopes = [write_scope(Feed.objects.get()), READ_SCORECARDS]
    return register(ground, scopes=scopes)


@pytest.fixture
def machine(_registered, hospital):
    """A machine of the small hospital with two scopes."""
    return _registered


def administrator():
    return member(Role.TENANT_ADMINISTRATOR)


def newest(tenant, kind):
    with tenant_scope(tenant.pk):
        return Event.objects.filter(kind=kind).order_by("-sequence").first()


def assert_refused(answer, reason="", tenant=None):
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"
    assert answer.headers["Cache-Control"] == "no-store"
    if tenant:
        assert reason in newest(tenant, EventKind.CLIENT_REFUSED).details["reason"]


# --- The good way -----------------------------------------------------------------------------


def test_an_assertion_gives_five_minutes_of_access(machine):
    answer = machine.knock()

    given = answer.json()
    assert answer.status_code == 200
    assert (given["token_type"], given["expires_in"]) == ("Bearer", 300)
    assert set(given["scope"].split()) == set(machine.client.scopes)
    assert "refresh_token" not in given
    assert answer.headers["Cache-Control"] == "no-store"
    assert call(given["access_token"], FEEDS).status_code == 200


def test_the_token_ends_after_five_minutes(machine, monkeypatch):
    token, now = machine.token(), timezone.now()

    stand_at(monkeypatch, now + timedelta(seconds=298))
    assert call(token, FEEDS).status_code == 200
    stand_at(monkeypatch, now + timedelta(seconds=301))
    assert call(token, FEEDS).status_code == 401


def test_an_rsa_key_of_2048_bits_signs_by_rs384(hospital):
    machine = register(hospital, name="RSA job", scopes=[READ_SCORECARDS], pair=RSA)

    assert call(machine.token(), FEEDS).status_code == 200


def test_an_assertion_has_one_spelling(hospital):
    """The last letter of an RSA signature has four bits that no decoder reads."""
    machine = register(hospital, name="RSA job", scopes=[READ_SCORECARDS], pair=RSA)
    good = machine.assertion()
    same = [good[:-1] + letter for letter in ALPHABET if letter != good[-1]]

    assert {machine.knock(each).status_code for each in same} == {401}
    assert machine.knock(good).status_code == 200


def test_the_secret_of_a_token_is_stored_nowhere(machine):
    token = machine.token()

    with tenant_scope(machine.tenant.pk):
        kept = AccessToken.objects.get()
    assert token.split("_")[3] not in str(kept.__dict__)
    assert (kept.expires_at - timezone.now()) <= timedelta(seconds=300)


def test_a_sign_in_is_in_the_trail_with_its_key(machine):
    machine.token(scope=READ_SCORECARDS)

    event = newest(machine.tenant, EventKind.CLIENT_SIGNED_IN)
    assert (event.actor_name, event.actor_kind) == ("EHR job", "client")
    assert event.details == {"kid": "first", "scopes": [READ_SCORECARDS]}


def test_the_last_use_of_a_machine_is_kept(machine):
    machine.token()

    with tenant_scope(machine.tenant.pk):
        assert ExtractClient.objects.get(pk=machine.client.pk).last_used_at is not None


# --- Scopes -----------------------------------------------------------------------------------


def test_a_token_may_hold_fewer_scopes_than_its_client(machine):
    token = machine.token(scope=READ_SCORECARDS)

    assert call(machine.token(), FEEDS).json() != []
    assert call(token, FEEDS).json() == []


def test_nobody_gets_a_scope_that_the_client_does_not_have(machine):
    answer = machine.knock(scope=f"{READ_SCORECARDS} feed:all:write")

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    with tenant_scope(machine.tenant.pk):
        assert not AccessToken.objects.exists()


# --- What is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": None}, None),
        ({"iss": "x"}, None),
        ({"iss": "cmc_" + "0" * 32 + "_" + "0" * 32}, None),
        ({"sub": "someone"}, "iss and sub"),
        ({"sub": None}, "iss and sub"),
        ({"aud": None}, "aud is not exactly"),
        ({"aud": "https://comanage.example/t/smallville/api/v1/auth/token/"}, "aud"),
        ({"aud": "http://comanage.example/t/smallville/api/v1/auth/token"}, "aud"),
        ({"aud": "https://comanage.example/t/other/api/v1/auth/token"}, "aud"),
        ({"aud": ["https://comanage.example/t/smallville/api/v1/auth/token"]}, "aud"),
        ({"jti": None}, "jti"),
        ({"jti": ""}, "jti"),
        ({"jti": 5}, "jti"),
        ({"jti": "x" * 201}, "jti"),
        ({"exp": None}, "no exp"),
        ({"exp": "soon"}, "not a number"),
        ({"exp": True}, "not a number"),
        ({"exp": 1e300}, "beyond the calendar"),
    ],
)
def test_an_assertion_with_wrong_claims_is_refused(machine, claims, reason):
    answer = machine.knock(machine.assertion(**claims))

    assert_refused(answer, reason or "", machine.tenant if reason else None)


@pytest.mark.parametrize(
    ("claim", "seconds", "is_taken"),
    [
        ("exp", -59, True),
        ("exp", -60, False),
        ("exp", 359, True),
        ("exp", 362, False),
        ("iat", 59, True),
        ("iat", 62, False),
        ("nbf", 59, True),
        ("nbf", 62, False),
    ],
)
def test_times_are_read_with_a_minutes_leeway(machine, monkeypatch, claim, seconds, is_taken):
    now = timezone.now().replace(microsecond=0)
    stand_at(monkeypatch, now)
    moments = {"iat": None, "exp": int(now.timestamp()) + 240}
    moments[claim] = int(now.timestamp()) + seconds

    answer = machine.knock(machine.assertion(**moments))

    assert answer.status_code == (200 if is_taken else 401)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"kid": "second"}, "kid is not the name"),
        ({"kid": None}, "kid is not the name"),
        ({"jku": "https://evil.example/jwks"}, "jku is not"),
        ({"typ": "at+jwt"}, "more than a signed JWT"),
        ({"crit": ["exp"]}, "more than a signed JWT"),
    ],
)
def test_an_assertion_with_a_wrong_header_is_refused(machine, header, reason):
    assert_refused(machine.knock(machine.assertion(header=header)), reason, machine.tenant)


@pytest.mark.parametrize(
    ("algorithm", "sign"),
    [
        ("none", lambda _key, _signed: b""),
        ("HS256", lambda key, signed: hmac.digest(key, signed, "sha256")),
        ("HS384", lambda key, signed: hmac.digest(key, signed, "sha384")),
        ("RS384", lambda _key, signed: RSA_SIGNER.sign(signed, RSA.private)),
    ],
)
def test_an_assertion_by_another_algorithm_than_its_keys_is_refused(machine, algorithm, sign):
    """Of HS256 and HS384 the public key is the secret: everybody has it."""
    public = machine.pair.private.public_key()
    key = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header = {"kid": machine.pair.kid, "alg": algorithm}
    signed = b".".join(encoded(json.dumps(part).encode()) for part in (header, machine.claims()))
    forged = b".".join([signed, encoded(sign(key, signed))]).decode()

    assert_refused(machine.knock(forged), "alg is not ES384", machine.tenant)


def test_another_key_under_the_same_name_is_refused(machine):
    other = register(machine.tenant, name="Other", scopes=[], pair=key_pair("other"))
    forged = other.assertion(header={"kid": "first"}, iss=machine.client_id, sub=machine.client_id)

    assert_refused(machine.knock(forged), "signature", machine.tenant)


def test_an_assertion_is_good_once(machine):
    assertion = machine.assertion()

    first, second = machine.knock(assertion), machine.knock(assertion)

    assert first.status_code == 200
    assert_refused(second, "jti was used before", machine.tenant)


def test_a_spent_assertion_is_remembered_until_it_is_too_old_to_be_taken(machine, monkeypatch):
    """Forgotten a second too soon, it would be good twice."""
    now = timezone.now().replace(microsecond=0)
    stand_at(monkeypatch, now)
    assertion = machine.assertion(exp=int(now.timestamp()) + 300)
    assert machine.knock(assertion).status_code == 200

    for later in (299, 300, 358, 359, 360, 361):
        stand_at(monkeypatch, now + timedelta(seconds=later))
        machine.token()  # sweeps what is too old
        assert_refused(machine.knock(assertion))
    with tenant_scope(machine.tenant.pk):
        assert SpentAssertion.objects.count() < 7


def test_a_refusal_over_scopes_spends_nothing(machine):
    assertion = machine.assertion()

    assert machine.knock(assertion, scope="other").status_code == 400
    assert machine.knock(assertion).status_code == 200


def test_a_revoked_machine_is_refused_and_its_tokens_end_at_once(machine):
    token = machine.token()
    with tenant_scope(machine.tenant.pk):
        revoke_extract_client(client=machine.client, by=administrator())

    assert_refused(machine.knock(), "was revoked", machine.tenant)
    assert call(token, FEEDS).status_code == 401


@pytest.mark.parametrize(
    "form",
    [
        {"grant_type": "password"},
        {"grant_type": ""},
        {"client_assertion_type": "x"},
        {"client_assertion": "a.b.c"},
        {"client_assertion": ""},
        {"client_id": "cmc_x"},
    ],
)
def test_a_form_that_asks_wrongly_gets_one_of_oauths_errors(machine, form):
    answer = machine.knock(**form)

    expected = "invalid_client"
    expected = "unsupported_grant_type" if "grant_type" in form else expected
    expected = "invalid_request" if "client_assertion_type" in form else expected
    assert answer.json()["error"] == expected
    assert answer.status_code == (401 if expected == "invalid_client" else 400)


def test_the_client_id_may_stand_beside_the_assertion_when_it_is_the_same(machine):
    assert machine.knock(client_id=machine.client_id).status_code == 200


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("grant_type=client_credentials&grant_type=password", "application/x-www-form-urlencoded"),
        ("a=1&" * 2000, "application/x-www-form-urlencoded"),
        ("x=" + "a" * 20_000, "application/x-www-form-urlencoded"),
        ("", "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_is_no_good_form_is_an_error_of_oauth_too(machine, content, kind):
    answer = Client().post("/t/smallville/api/v1/auth/token", content, content_type=kind)

    assert answer.status_code == 400
    assert answer.json()["error"] in {"invalid_request", "unsupported_grant_type"}


# --- Foreign, absent and wrong are one answer ---------------------------------------------------


def test_foreign_absent_and_wrong_are_answered_alike(machine):
    other = register(small_hospital("elsewhere"), scopes=[], pair=key_pair("other"))

    answers = [
        machine.knock(slug="elsewhere"),
        machine.knock(machine.assertion(aud=token_address("elsewhere")), slug="elsewhere"),
        machine.knock(slug="nowhere"),
        other.knock(slug="smallville"),
        machine.knock(machine.assertion(header={"kid": "x"})),
        machine.knock(machine.assertion(iss=other.client_id, sub=other.client_id)),
        knock(
            "nowhere",
            {"grant_type": "client_credentials"}
            | {
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": "x",
            },
        ),
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1


def test_a_token_of_one_hospital_opens_nothing_at_another(machine):
    small_hospital("elsewhere")
    token = machine.token()

    assert call(token, "/t/elsewhere/api/v1/feeds").status_code == 404
    assert call(token, "/t/nowhere/api/v1/feeds").status_code == 404


@pytest.mark.parametrize("part", [0, 1, 2, 3])
def test_a_token_with_one_part_changed_is_nobodys(machine, part):
    parts = machine.token().split("_")
    parts[part] = parts[part][:-1] + ("0" if parts[part][-1] != "0" else "1")

    assert call("_".join(parts), FEEDS).status_code == 401


def test_a_token_called_an_api_key_is_nobodys(machine):
    token = machine.token()

    assert call(token.replace("cmt_", "cmk_"), FEEDS).status_code == 401
    assert call(token.upper().replace("CMT", "cmt"), FEEDS).status_code == 401


# --- Keys change without a pause ----------------------------------------------------------------


def test_keys_are_changed_without_a_run_being_refused(machine):
    new = key_pair("second")
    successor = type(machine)(machine.tenant, machine.client, new)
    assert_refused(successor.knock())

    with tenant_scope(machine.tenant.pk):
        add_client_keys(client=machine.client, keys=read_keys(new.jwks), by=administrator())
    assert machine.knock().status_code == successor.knock().status_code == 200

    with tenant_scope(machine.tenant.pk):
        retire_client_key(client=machine.client, kid="first", by=administrator())
    assert_refused(machine.knock(), "not the name of a key in force", machine.tenant)
    assert successor.knock().status_code == 200


def test_the_last_key_in_force_is_not_retired(machine):
    with tenant_scope(machine.tenant.pk), pytest.raises(PolicyError, match="Add the new key first"):
        retire_client_key(client=machine.client, kid="first", by=administrator())


def test_a_retired_name_stays_taken(machine):
    with tenant_scope(machine.tenant.pk):
        for pair in (key_pair("second"), key_pair("third")):
            add_client_keys(client=machine.client, keys=read_keys(pair.jwks), by=administrator())
        retire_client_key(client=machine.client, kid="first", by=administrator())
        again = read_keys(key_pair("other").jwks.replace('"other"', '"first"'))

        with pytest.raises(PolicyError, match="Two keys are called “first”"):
            add_client_keys(client=machine.client, keys=again, by=administrator())
        with pytest.raises(PolicyError, match="has this key already"):
            add_client_keys(
                client=machine.client, keys=read_keys(machine.pair.jwks), by=administrator()
            )


# --- Addresses --------------------------------------------------------------------------------


def test_a_machine_with_a_list_of_addresses_calls_from_nowhere_else(hospital, settings):
    settings.TRUSTED_PROXIES = 1
    machine = register(
        hospital,
        name="At home",
        scopes=[READ_SCORECARDS],
        addresses=["192.0.2.0/24", "2001:db8::/32"],
    )
    inside, outside = {"X-Forwarded-For": "192.0.2.7"}, {"X-Forwarded-For": "192.0.3.7"}
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }

    good = knock("smallville", form | {"client_assertion": machine.assertion()}, **inside)
    bad = knock("smallville", form | {"client_assertion": machine.assertion()}, **outside)

    assert good.status_code == 200
    assert_refused(bad, "not on its list", hospital)
    token = good.json()["access_token"]
    planted = {"X-Forwarded-For": "192.0.2.7, 192.0.3.7"}
    assert call(token, FEEDS, **inside).status_code == 200
    assert call(token, FEEDS, **{"X-Forwarded-For": "2001:db8::1"}).status_code == 200
    for headers in (outside, planted, {}):
        assert call(token, FEEDS, **headers).status_code == 401


# --- API keys ---------------------------------------------------------------------------------


def test_api_keys_are_off_until_an_administrator_switches_them_on(hospital):
    with tenant_scope(hospital.pk):
        forbid_api_keys(by=administrator())
        with pytest.raises(PolicyError, match="switched off"):
            create_extract_client(name="Agent", scopes=[], by=administrator())


def test_switching_keys_off_ends_all_of_them_at_once_and_for_good(hospital, machine):
    with tenant_scope(hospital.pk):
        _, key = create_extract_client(name="Agent", scopes=[READ_SCORECARDS], by=administrator())
    token = machine.token()
    assert call(key, FEEDS).status_code == 200

    with tenant_scope(hospital.pk):
        tenant = forbid_api_keys(by=administrator())
        tenant.allows_api_keys = True
        tenant.save()

    assert call(key, FEEDS).status_code == 401
    assert call(token, FEEDS).status_code == 200
    assert newest(hospital, EventKind.API_KEYS_FORBIDDEN).details == {"ended": ["Agent"]}


def test_a_key_made_before_the_switch_was_turned_some_other_way_opens_nothing(hospital):
    """The switch is looked at with each call, too."""
    with tenant_scope(hospital.pk):
        _, key = create_extract_client(name="Agent", scopes=[], by=administrator())
        type(hospital).objects.filter(pk=hospital.pk).update(allows_api_keys=False)

    assert call(key, FEEDS).status_code == 401


def test_no_key_lives_longer_than_180_days(hospital):
    longest = timezone.now() + timedelta(days=180, minutes=1)
    with tenant_scope(hospital.pk):
        client, _ = create_extract_client(
            name="Agent", scopes=[], life=timedelta(days=400), by=administrator()
        )

    assert client.expires_at < longest
