"""A file that is handed out is saved under its name, and nothing in it is run."""

import pytest

from comanage.web.downloads import download

NAMES = {
    "plan.csv": "attachment; filename=\"plan.csv\"; filename*=UTF-8''plan.csv",
    "Zoë 1.csv": "attachment; filename=\"Zo_ 1.csv\"; filename*=UTF-8''Zo%C3%AB%201.csv",
    'a"b\r\nX: y': "attachment; filename=\"a_b__X_ y\"; filename*=UTF-8''a%22b%0D%0AX%3A%20y",
    "../../x": "attachment; filename=\".._.._x\"; filename*=UTF-8''..%2F..%2Fx",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_given_in_both_forms_and_cannot_break_out(name):
    answer = download(b"", filename=name, content_type="text/csv")

    assert answer.headers["Content-Disposition"] == NAMES[name]


def test_a_download_runs_nothing_and_is_kept_nowhere():
    headers = download(b"", filename="a", content_type="text/csv").headers

    assert headers["Content-Security-Policy"] == "sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
