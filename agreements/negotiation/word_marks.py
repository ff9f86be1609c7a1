"""The bookmarks by which a Word file of ours is known again when it comes back. Pure."""

from hashlib import sha256

VERSION, AGAINST, CLAUSE, EXHIBIT, FRONT = "version_", "against_", "clause_", "exhibit_", "front"
HEADING_STYLE = "Heading2"  # as the file names the style of a clause's heading
_MARK_LENGTH = 24  # a name in Word has at most 40 characters


def version_mark(version_sha256: str) -> str:
    """Name the version that a file was made from."""
    return f"{VERSION}{version_sha256[:_MARK_LENGTH]}"


def against_mark(version_sha256: str) -> str:
    """Name the version that its marks are against."""
    return f"{AGAINST}{version_sha256[:_MARK_LENGTH]}"


def clause_mark(key: str) -> str:
    """Name a clause; keys have signs and a length that names in Word have not."""
    return f"{CLAUSE}{sha256(key.encode()).hexdigest()[:_MARK_LENGTH]}"


def exhibit_mark(letter: str) -> str:
    """Name an exhibit."""
    return f"{EXHIBIT}{letter.lower()}"
