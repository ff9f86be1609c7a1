"""The bootstrap runs on whatever python3 a hospital's server has."""

import ast

import pytest

from comanage import bootstrap


@pytest.mark.parametrize("name", ["manage.py", "comanage/__init__.py", "comanage/bootstrap.py"])
def test_an_old_python_can_read_the_door_far_enough_to_refuse(name):
    text = (bootstrap.PROJECT / name).read_text()

    ast.parse(text, feature_version=(3, 6))


def test_a_python_that_is_too_old_is_told_which_one_is_needed():
    with pytest.raises(bootstrap.BootstrapError, match=r"needs Python 3\.11 or newer; .* 3\.9"):
        bootstrap.check_version((3, 9))


def test_the_oldest_supported_python_passes():
    bootstrap.check_version(bootstrap.OLDEST)


@pytest.fixture
def environment(tmp_path):
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.touch(mode=0o755)
    return tmp_path


def test_an_environment_without_a_stamp_was_left_half_made(environment):
    assert not bootstrap.is_complete(environment, "run")


def test_an_environment_stamped_from_this_lock_file_is_complete(environment):
    (environment / "complete-run").write_text(bootstrap.stamp("run"))

    assert bootstrap.is_complete(environment, "run")


def test_tests_need_what_running_needs_anew_as_well(environment):
    (environment / "complete-test").write_text(bootstrap.stamp("test"))
    assert not bootstrap.is_complete(environment, "test")

    (environment / "complete-run").write_text(bootstrap.stamp("run"))
    assert bootstrap.is_complete(environment, "test")


def test_an_environment_stamped_from_another_lock_file_is_not(environment, monkeypatch, tmp_path):
    (environment / "complete-run").write_text(bootstrap.stamp("run"))
    other = tmp_path / "other.lock"
    other.write_text("django==1.0 --hash=sha256:00\n")
    monkeypatch.setattr(bootstrap, "LOCK_FILE", other)

    assert not bootstrap.is_complete(environment, "run")


def test_what_only_tests_need_is_left_out_of_running():
    text = f"django==5.2\n\n{bootstrap.TEST_PART}\nruff==0.17\n"

    assert bootstrap.part_of_lock(text, "run").split() == ["django==5.2"]
    assert bootstrap.part_of_lock(text, "test").split() == ["ruff==0.17"]


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("NewConnectionError: failed to establish", "package index cannot be reached"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "differs from requirements.lock"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("something else", "pip could not install"),
    ],
)
def test_a_failed_install_is_explained_in_a_sentence(output, sentence):
    assert sentence in bootstrap.why_pip_failed(output)


def test_an_environment_of_another_user_is_named_with_a_way_out(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap.os, "access", lambda *_: False)

    with pytest.raises(bootstrap.BootstrapError, match=r"belongs to .* COMANAGE_HOME="):
        bootstrap.check_writable(tmp_path / ".venv")
