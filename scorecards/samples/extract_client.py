"""Send a file from an extract job: sign in, rehearse, send, wait, print what was found.

Needs Python 3.11 with pyjwt and cryptography, and nothing else: copy it and make it yours.

    extract_client.py --hospital https://comanage.example.org/t/riverside --client "$CLIENT_ID"
        --key private.pem --kid 2026-10 --feed "$FEED_ID" --period 2026-10 stays.csv

A run that broke off is resumed by the same command: what the server has already is not sent
again. To send the same file anew, give the run another name with --run. Findings go to standard
output, one JSON object a line; it ends with 0 when the file was taken or waits for a person.
"""

import argparse
import base64
import hashlib
import json
import sys
import time
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

MEDIA_TYPES = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".ndjson": "application/x-ndjson",
    ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".parquet": "application/vnd.apache.parquet",
    ".gz": "application/gzip",
}
ONE_BODY = 50 * 1024 * 1024  # a larger file goes in parts
ATTEMPTS = 6
AGAIN = {429, 500, 502, 503, 504}
IN_FLIGHT = "urn:comanage:problem:idempotency-key-in-flight"
GOOD = {"accepted", "superseded", "held", "checked"}
HERE = {"127.0.0.1", "::1", "localhost"}


class RefusedError(Exception):
    """The server refuses, in its own words."""


@dataclass(frozen=True)
class Answer:
    """An answer of the server."""

    status: int
    headers: Any
    content: bytes

    def json(self) -> dict[str, Any]:
        """Read it; what is no JSON object says nothing."""
        try:
            read = json.loads(self.content)
        except ValueError:
            return {}
        return read if isinstance(read, dict) else {}


class NoRedirects(HTTPRedirectHandler):
    """Follow nobody: the token is for the hospital's own address."""

    def redirect_request(self, *_args: Any) -> None:
        """Take the redirect for the answer."""


@dataclass
class Door:
    """The hospital's API, and how this job signs in there."""

    hospital: str
    client: str
    key: Path
    kid: str
    token: str = field(default="", repr=False)

    def ask(self, method: str, where: str, body: bytes | None = None, **headers: str) -> Answer:
        """Send one request until it is answered for good; raise RefusedError for a problem.

        Args:
            method: of HTTP.
            where: an address under the API, or one that the server has given.
            body: the same bytes each time.
            headers: with `_` for `-`.
        """
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        address = urljoin(f"{self.hospital}/api/v1/", where)
        for attempt in range(1, ATTEMPTS + 1):
            self.token = self.token or self.sign_in()
            answer = call(method, address, body, given | {"Authorization": f"Bearer {self.token}"})
            if answer.status == 401 and attempt == 1:
                self.token = ""  # five minutes are over
            elif not is_worth_another_try(answer):
                break
            elif attempt < ATTEMPTS:
                time.sleep(seconds_to_wait(answer, otherwise=2**attempt))
        if answer.status >= 400:
            raise RefusedError(words_of(answer))
        return answer

    def sign_in(self) -> str:
        """Get a token for an assertion that the private key signs (`private_key_jwt`)."""
        found = call("GET", f"{self.hospital}/api/v1/.well-known/smart-configuration", None, {})
        audience = str(found.json().get("token_endpoint", ""))
        if not audience:
            raise RefusedError(f"{self.hospital} does not say where to sign in.")
        check_is_safe(audience)
        key: Any = load_pem_private_key(self.key.read_bytes(), password=None)
        now = int(time.time())
        assertion = jwt.encode(
            {
                "iss": self.client,
                "sub": self.client,
                "aud": audience,
                "iat": now,
                "exp": now + 240,
                "jti": uuid4().hex,
            },
            key,
            algorithm="ES384" if isinstance(key, EllipticCurvePrivateKey) else "RS384",
            headers={"kid": self.kid},
        )
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
        }
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = call("POST", audience, urlencode(form).encode(), kind)
        if answer.status != 200:
            raise RefusedError(words_of(answer))
        return str(answer.json()["access_token"])


@dataclass(frozen=True)
class Sending:
    """One file for one period.

    Attributes:
        run: a name; the same file under the same name is the same sending, resumed.
        one_body: most bytes that are sent in one body.
    """

    file: Path
    feed: str
    period: str
    run: str
    one_body: int

    @property
    def media_type(self) -> str:
        """What the file's ending says."""
        ending = self.file.suffix.lower()
        if ending not in MEDIA_TYPES:
            raise RefusedError(
                f"{ending or 'No ending'} says no kind: use {', '.join(MEDIA_TYPES)}."
            )
        return MEDIA_TYPES[ending]

    @property
    def is_large(self) -> bool:
        """Whether it goes in parts."""
        return self.file.stat().st_size > self.one_body

    def query(self, mode: str) -> str:
        """Say the period and the mode."""
        return urlencode({"period": self.period, "mode": mode})

    def key(self, mode: str, sha256: str) -> str:
        """Make the Idempotency-Key: the same for a repeat, without a note of what was sent."""
        names = "\n".join((self.feed, self.period, mode, self.run, sha256))
        return hashlib.sha256(names.encode()).hexdigest()


def send(door: Door, sending: Sending, *, mode: str) -> Answer:
    """Send the file; return what became of it, once that is known."""
    submit = submit_in_parts if sending.is_large else submit_at_once
    return wait_for(door, submit(door, sending, mode))


def submit_at_once(door: Door, sending: Sending, mode: str) -> str:
    """Send the file in one body; return the address of the submission."""
    content = sending.file.read_bytes()
    sha256 = hashlib.sha256(content)
    answer = door.ask(
        "POST",
        f"feeds/{sending.feed}/submissions?{sending.query(mode)}",
        content,
        Content_Type=sending.media_type,
        Content_Digest=digest(sha256.digest()),
        Content_Disposition=f"attachment; filename*=UTF-8''{quote(sending.file.name)}",
        Idempotency_Key=sending.key(mode, sha256.hexdigest()),
    )
    return str(answer.headers["Location"])


def submit_in_parts(door: Door, sending: Sending, mode: str) -> str:
    """Send what the server lacks of the file, then complete it; return the submission's address."""
    with sending.file.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    key = sending.key(mode, sha256)
    about = {
        "media_type": sending.media_type,
        "filename": sending.file.name,
        "size": sending.file.stat().st_size,
    }
    begun = door.ask(  # begun before, it is the same upload again
        "POST",
        f"feeds/{sending.feed}/uploads?{sending.query(mode)}",
        json.dumps(about).encode(),
        Content_Type="application/json",
        Idempotency_Key=key,
    )
    upload = str(begun.headers["Location"])
    standing = door.ask("GET", upload).json()
    if standing["submission"]:
        return str(standing["submission"])
    there = {part["number"]: part["sha256"] for part in standing["parts"]}
    with sending.file.open("rb") as content:
        for number, part in enumerate(iter(lambda: content.read(standing["part_size"]), b""), 1):
            found = hashlib.sha256(part)
            if there.get(number) == found.hexdigest():
                continue
            say(f"part {number}: {len(part):,} bytes")
            door.ask(
                "PUT",
                f"{upload}/parts/{number}",
                part,
                Content_Type="application/octet-stream",
                Content_Digest=digest(found.digest()),
            )
    done = door.ask(
        "POST",
        f"{upload}:complete",
        json.dumps({"sha256": sha256}).encode(),
        Content_Type="application/json",
        Idempotency_Key=key,
    )
    return str(done.headers["Location"])


def wait_for(door: Door, submission: str) -> Answer:
    """Ask until the check is done."""
    while (answer := door.ask("GET", submission)).status == 202:
        time.sleep(seconds_to_wait(answer, otherwise=2))
    return answer


def call(method: str, address: str, body: bytes | None, headers: dict[str, str]) -> Answer:
    """Send one request once; a connection that breaks is an answer of status 503."""
    request = Request(address, body, headers, method=method)
    try:
        with build_opener(NoRedirects).open(request, timeout=300) as response:
            return Answer(response.status, response.headers, response.read())
    except HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())
    except (URLError, HTTPException, OSError) as broken:
        return Answer(503, {}, json.dumps({"detail": f"No connection: {broken}"}).encode())


def is_worth_another_try(answer: Answer) -> bool:
    """Say whether the same bytes may be answered otherwise in a while."""
    return answer.status in AGAIN or answer.json().get("type") == IN_FLIGHT


def seconds_to_wait(answer: Answer, *, otherwise: int) -> int:
    """Return the seconds that the server asks for."""
    asked = str(answer.headers.get("Retry-After", ""))
    return int(asked) if asked.isdecimal() else otherwise


def words_of(answer: Answer) -> str:
    """Return the server's own sentence, with the name of the request for its operator."""
    body = answer.json()
    sentence = body.get("detail") or body.get("error_description") or "no reason given"
    faults = [f"{each.get('pointer')}: {each.get('detail')}" for each in body.get("errors", [])]
    name = f"request {body['request_id']}" if body.get("request_id") else ""
    return " ".join([f"{answer.status}: {sentence}", *faults, name]).strip()


def digest(sha256: bytes) -> str:
    """Write a Content-Digest (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(sha256).decode()}:"


def check_is_safe(address: str) -> None:
    """Raise RefusedError unless nobody can read along."""
    parts = urlsplit(address)
    if parts.scheme != "https" and (parts.scheme != "http" or parts.hostname not in HERE):
        raise RefusedError("Only https is safe: without it anybody on the way reads the token.")


def say(sentence: str) -> None:
    """Tell whoever watches the job; no value of a file is said."""
    print(sentence, file=sys.stderr, flush=True)


def run(door: Door, sending: Sending, *, dry_run: bool) -> int:
    """Rehearse, then send; a large file is sent once, so it is not rehearsed unless asked for."""
    modes = ["dry-run"] if dry_run else ["commit"] if sending.is_large else ["dry-run", "commit"]
    for mode in modes:
        body = send(door, sending, mode=mode).json()
        say(f"{mode}: {body['status']}, {body['rows']} rows, {body['findings']} findings")
        if body["waits_for"]:
            say(body["waits_for"])
        if body["status"] not in GOOD:
            break
    sys.stdout.write(door.ask("GET", body["outcome"]).content.decode())
    return 0 if body["status"] in GOOD else 1


def main() -> int:
    """Read the command and run it."""
    parser = argparse.ArgumentParser(description="Send a file from an extract job.")
    for name in ("hospital", "client", "key", "kid", "feed", "period"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--run", default="first", help="another name sends the same file anew")
    parser.add_argument("--one-body", type=int, default=ONE_BODY, help="most bytes of one body")
    parser.add_argument("--dry-run", action="store_true", help="check the file, keep nothing")
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    door = Door(given.hospital.rstrip("/"), given.client, Path(given.key), given.kid)
    sending = Sending(given.file, given.feed, given.period, given.run, given.one_body)
    try:
        check_is_safe(door.hospital)
        return run(door, sending, dry_run=given.dry_run)
    except (RefusedError, OSError) as refused:
        say(str(refused))
        return 2


if __name__ == "__main__":
    sys.exit(main())
