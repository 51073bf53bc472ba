"""Which process answers an address."""

import inspect

import pytest
from werkzeug.test import create_environ

from caregiver_card.web.server.work import Work, WorkTable
from tests.web.client import Site

_TOKEN = "ABCDEFGHJKMNPQRSTVWXYZ0123"


@pytest.mark.parametrize(
    ("method", "target", "kind"),
    [
        ("GET", f"/c/{_TOKEN}", Work.PAGE),
        ("GET", f"/C/{_TOKEN}", Work.PAGE),
        ("HEAD", f"/c/{_TOKEN}/", Work.PAGE),
        ("GET", f"/%63/{_TOKEN}?x=1", Work.PAGE),
        ("GET", f"/c/{_TOKEN}/beeping", Work.PAGE),
        ("POST", f"/c/{_TOKEN}/see", Work.PAGE),
        ("GET", f"/c/{_TOKEN}/contact.vcf", Work.PAGE),
        ("GET", "/healthz", Work.PAGE),
        ("GET", "/static/js/copies.js", Work.PAGE),
        ("GET", "/no/such/page", Work.PAGE),
        ("GET", f"/c/{_TOKEN}/seen", Work.FORM),
        ("GET", f"/o/{_TOKEN}", Work.FORM),
        ("GET", "/new/batch", Work.FORM),
        ("POST", "/new", Work.FORM),
        ("POST", "/new/batch", Work.PRINT),
        ("GET", "/new/hospital", Work.FORM),
        ("POST", "/new/hospital", Work.PRINT),
        ("GET", f"/o/{_TOKEN}/edit/hospital", Work.FORM),
        ("POST", f"/o/{_TOKEN}/edit/hospital", Work.PRINT),
        ("GET", f"/c/{_TOKEN}/card.pdf?layout=sheet", Work.PRINT),
        ("GET", f"/O/{_TOKEN}/everything.zip", Work.PRINT),
    ],
)
def test_an_address_has_its_kind_of_work(
    shared_site: Site, method: str, target: str, kind: Work
) -> None:
    """In any case and spelling in which it opens."""
    environ = create_environ(target, method=method)
    assert WorkTable(shared_site.app).of(environ) == kind
    assert WorkTable(shared_site.app).of({**environ, "CONTENT_LENGTH": "9000"}) != Work.PAGE


def test_a_view_that_prints_is_marked(shared_site: Site) -> None:
    """What calls the printer would hold up everybody else."""
    heavy = ("printer.make_pdf(", "lockscreen.picture(", "write_zip(", "key_sheet.pdf(", "_print(")
    for endpoint, view in shared_site.app.view_functions.items():
        if endpoint != "static" and any(each in inspect.getsource(view) for each in heavy):
            assert getattr(view, "kind_of_work", None) == Work.PRINT, endpoint
