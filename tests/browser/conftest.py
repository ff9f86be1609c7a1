"""A browser, a live server and a real worker, once for the run; a fresh house for each module."""

import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.house import build_house
from tests.browser.inspection import Inspector
from tests.browser.people import Door
from tests.ground import storage_in
from tests.workers import own_queue, worker

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-quic", "--no-first-run"),
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Keep the browser in one process, so that one worker, server and browser serve all."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def program_file():
    """Where Debian's Chromium is."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        # A machine of one's own may go without; where CI is set every check has to run.
        advice = "Browser tests need Chromium. Run: sudo apt-get install chromium"
        pytest.fail(advice) if os.environ.get("CI") else pytest.skip(advice)
    return found


@pytest.fixture(scope="session")
def stored(tmp_path_factory):
    """The folder that the server and the worker keep files in."""
    return tmp_path_factory.mktemp("storage")


@pytest.fixture(scope="session")
def doorbell():
    """The queue that the worker of the browser tests listens to."""
    return f"browser-{uuid4().hex}"


@pytest.fixture(scope="module", autouse=True)
def rings_for_the_worker(doorbell):
    """Only these tests ring there; the worker must not do the jobs of others."""
    with own_queue(doorbell):
        yield


@pytest.fixture(scope="session")
def site(program_file, django_db_setup, django_db_blocker, stored, doorbell):
    """The address of a live server with a worker beside it."""
    with django_db_blocker.unblock(), ExitStack() as stack:
        with own_queue(doorbell):
            stack.enter_context(worker(stored))
        server = LiveServer("127.0.0.1")
        try:
            yield server.url
        finally:
            server.stop()


@pytest.fixture(scope="module")
def house(site, django_db_blocker, stored):
    """An empty hospital and a prepared one, committed, gone after the module."""
    with django_db_blocker.unblock(), storage_in(stored):
        yield build_house()
        call_command("flush", interactive=False, verbosity=0)
        connections.close_all()


@pytest.fixture(scope="module")
def chromium(program_file, house):
    """A running browser. Its loop ends with the module: other tests need a thread without one."""
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the loop is playwright's, on this thread
        browser = playwright.chromium.launch(executable_path=program_file, args=[*QUIET, *sandbox])
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture
def db(house):
    """Stand in for pytest-django's: asks for the database, and keeps what was committed."""


@pytest.fixture
def inspector(site):
    """Looks hard at pages, and keeps pictures of them."""
    folder = os.environ.get("COMANAGE_TEST_ARTEFACTS") or ROOT / "var" / "test-artefacts"
    return Inspector(site, Path(folder))


@pytest.fixture
def door(db, chromium, site, inspector):
    """Lets people in, each in a browser window of their own."""
    opened = Door(chromium, site, inspector)
    yield opened
    opened.close()
    inspector.conclude()
