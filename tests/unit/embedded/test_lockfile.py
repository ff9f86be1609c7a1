"""The lock file holds what pyproject.toml asks for, each with a hash."""

from packaging.requirements import Requirement

from comanage.bootstrap import LOCK_FILE
from comanage.embedded.lockfile import pin_blocks, problems, wanted_requirements

PINNED = "django==5.2.19 \\\n    --hash=sha256:00\n"


def test_the_lock_file_holds_what_the_project_asks_for():
    assert problems(LOCK_FILE.read_text(), wanted_requirements()) == []


def test_a_package_that_is_not_pinned_is_named():
    assert "gunicorn" in problems(PINNED, [Requirement("gunicorn>=27")])[0]


def test_a_pin_older_than_asked_for_is_named():
    assert "5.2.19" in problems(PINNED, [Requirement("django>=6")])[0]


def test_a_pin_without_a_hash_is_named():
    assert problems("django==5.2.19\n", []) == ["django has no hash."]


def test_an_address_in_the_lock_file_is_refused():
    assert "address" in problems("--index-url https://index.example/\n" + PINNED, [])[0]


def test_two_pins_of_one_package_for_different_pythons_stay_together():
    text = "numpy==2.4 ; python_version < '3.12'\nnumpy==2.5 ; python_version >= '3.12'\n"

    assert list(pin_blocks(text)) == ["numpy"]
