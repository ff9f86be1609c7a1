"""An address that a form is sent to says where its page is."""

from urllib.parse import urljoin

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from comanage.web.posting import page_above, posted_only

UPLOAD = "/t/riverside/data/uploads/7b0c9f9e-3f0e-4c57-9e0c-2f6c6c7b1a11/"


@posted_only
def door(request):
    return HttpResponse("done")


def test_a_form_that_is_sent_is_answered():
    assert door(RequestFactory().post(f"{UPLOAD}accept/")).content == b"done"


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_whoever_only_looks_is_shown_the_way_to_the_page(method):
    answer = door(getattr(RequestFactory(), method)(f"{UPLOAD}accept/"))

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert '<a href="../">Go back to the page</a>' in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "page"),
    [
        (f"{UPLOAD}accept/", UPLOAD),
        (f"{UPLOAD}restate/approve/", UPLOAD),  # what is asked for under restate/ is a form too
        ("/t/riverside/clients/keys/allow/", "/t/riverside/clients/"),
        ("/t/riverside/notices/read/", "/t/riverside/notices/"),
        ("/nothing/here/", "/"),
    ],
)
def test_the_page_of_a_door_is_the_nearest_above_that_is_one(address, page):
    assert urljoin(address, page_above(address)) == page
