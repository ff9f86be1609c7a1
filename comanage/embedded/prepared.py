"""What the last start left ready, so that a restart need not do it again."""

import hashlib
import json
import os
from pathlib import Path

from comanage.embedded.home import PROJECT, Home

ROOMS = ("comanage", "indicators", "agreements", "scorecards", "adjudication", "static")
NOT_CODE = {"__pycache__"}


class Stamp:
    """A note beside PostgreSQL's data: this code was migrated and its demo loaded there."""

    def __init__(self, home: Home) -> None:
        # Beside the data folder, so that whoever removes the data removes the note.
        self.path = home / "postgres" / "prepared.json"
        self.static = home / "static"

    def is_current(self) -> bool:
        """Say whether the same code was made ready in this data folder."""
        return self._read().get("code") == code_hash() and any(self.static.iterdir())

    def sign_ins(self) -> object:
        """Return the demo's sign-ins of that time."""
        return self._read().get("sign_ins")

    def write(self, sign_ins: object) -> None:
        """Note that the code of now is ready."""
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump({"code": code_hash(), "sign_ins": sign_ins}, file)

    def forget(self) -> None:
        """Make the next start do everything again."""
        self.path.unlink(missing_ok=True)

    def _read(self) -> dict[str, object]:
        try:
            note = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return {}
        return note if isinstance(note, dict) else {}


def code_hash() -> str:
    """Hash every file that migrations, collected files or the demo could come from."""
    digest = hashlib.sha256()
    for path in [PROJECT / "requirements.lock", *_code_files()]:
        if path.is_file():
            content = hashlib.sha256(path.read_bytes()).digest()
            digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + content)
    return digest.hexdigest()


def last_json(output: str) -> object:
    """Read the JSON that a command printed last, after any other lines."""
    lines = output.strip().splitlines()
    for start in range(len(lines)):
        if lines[start][:1] in {"{", "["}:
            try:
                found: object = json.loads("\n".join(lines[start:]))
            except ValueError:
                continue
            return found
    return None


def _code_files() -> list[Path]:
    return sorted(
        path
        for room in ROOMS
        for path in (PROJECT / room).rglob("*")
        if not NOT_CODE.intersection(path.parts)
    )
