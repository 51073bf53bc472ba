"""The page of all components is there for those who build pages, and for nobody else."""

from pathlib import Path

from tests.web.client import Site, site_in


def test_it_shows_every_component_while_debugging(tmp_path: Path) -> None:
    """Each level of a state, and each icon beside its word."""
    with site_in(tmp_path) as site:
        site.app.debug = True
        page = site.app.test_client().get("/styles").text
    for level in ("red", "due", "ok"):
        assert f'class="state {level}"' in page
    assert page.count('<svg class="icon') > 25


def test_a_server_has_no_such_page(shared_site: Site) -> None:
    """As any address that leads nowhere."""
    assert shared_site.app.test_client().get("/styles").status_code == 404
