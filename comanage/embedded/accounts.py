"""Which user of the operating system the servers run as, and what it can reach."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Account:
    """A user of the operating system."""

    name: str
    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        """Say whether this process already runs as this user."""
        return self.uid == os.getuid()

    def drop(self) -> dict[str, Any]:
        """Give the arguments with which a child process becomes this user."""
        if self.is_me:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, folder: Path) -> None:
        """Hand over a folder that we made ourselves; nobody else's is ever touched."""
        if not self.is_me:
            os.chown(folder, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        """Say whether this user can go down to a folder, as far as it exists."""
        return all(self._may_pass(each) for each in (*reversed(folder.parents), folder))

    def _may_pass(self, folder: Path) -> bool:
        try:
            facts = folder.stat()
        except FileNotFoundError:
            return True  # we make it ourselves, so that it can be entered
        except PermissionError:
            return False
        if facts.st_uid == self.uid:
            return bool(facts.st_mode & stat.S_IXUSR)
        if facts.st_gid == self.gid:
            return bool(facts.st_mode & stat.S_IXGRP)
        return bool(facts.st_mode & stat.S_IXOTH)


def me() -> Account:
    """Name the user this process runs as."""
    return _account(pwd.getpwuid(os.getuid()))


def service_account() -> Account:
    """Choose who runs the servers: PostgreSQL refuses root, so root hands over to another.

    An existing user is taken, `postgres` before `nobody`; none is ever created.
    """
    if os.getuid() != 0:
        return me()
    for name in ("postgres", "nobody"):
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise LookupError(
        "Neither `postgres` nor `nobody` is a user here; run this as an ordinary user."
    )


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
