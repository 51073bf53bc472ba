"""A pass for a phone's wallet: the owner makes one, a phone gets it, and what is refused."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from caregiver_card.storage import reader_links
from caregiver_card.storage.records import ReaderLink
from caregiver_card.web.config import Config, WrongSetting
from tests.cast import CAST, alex
from tests.exports import pass_files
from tests.exports.opened_pass import OpenedPass
from tests.exports.pass_files import Issued, key_pem
from tests.languages.catalogue import both_directions
from tests.languages.english_left import english_left
from tests.web.client import Site, site_in
from tests.web.client import config as config_in

_RIGHT = pass_files.right_files()
# The certificate of the site whose clock runs on.
_LAST_DAY = datetime(2027, 3, 1, tzinfo=UTC)


class Passes:
    """A site that signs passes, and the owner of a card on it."""

    def __init__(self, site: Site, file: dict[str, Any] | None = None) -> None:
        self.site = site
        self.kept = site.add(file or alex())
        self.home = f"/o/{self.kept.owner}"
        self.browser = site.app.test_client()

    @property
    def copies(self) -> tuple[ReaderLink, ...]:
        """The reader links that the card has now."""
        return tuple(self.site.keeper.vault.owned(self.kept.owner).reader_links)

    def copy(self, label: str = "wallet") -> ReaderLink:
        """The copy with this label."""
        [found] = [each for each in self.copies if each.label == label]
        return found

    def make(self, label: str) -> TestResponse:
        """Fill in the form for a new pass and send it."""
        page = self.browser.get(f"{self.home}/pass").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        sent = {"label": label, "csrf_token": token[1] if token else ""}
        return self.browser.post(f"{self.home}/pass", data=sent)


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with files that hold for decades."""
    folder = tmp_path_factory.mktemp("signing")
    with site_in(folder, **pass_files.write(folder, _RIGHT)) as site:
        yield site


@pytest.fixture
def ending(tmp_path: Path) -> Iterator[Site]:
    """A site whose certificate ends on the first of March."""
    files = Issued(ends=_LAST_DAY).pem, *_RIGHT[1:]
    with site_in(tmp_path, **pass_files.write(tmp_path, files)) as site:
        yield site


def test_it_works(signing: Site, tmp_path: Path) -> None:
    """From the owner's page to a pass whose code is the page of a copy of its own."""
    owner = Passes(signing)
    links = dict(signing.client.page(owner.home).links())
    assert "Put it in the phone's wallet" in links[f"{owner.home}/pass"]
    made = owner.make("Mum's phone")
    copy = owner.copy("Mum's phone")
    assert (made.status_code, made.location) == (303, f"{owner.home}/pass/{copy.id}")
    ready = dict(signing.client.page(made.location).links())
    assert "Get the pass" in ready[f"/c/{copy.token}/card.pkpass"]
    answer = signing.client.get(f"/c/{copy.token}/card.pkpass")
    assert answer.mimetype == "application/vnd.apple.pkpass"
    held = 'attachment; filename="baclofen-pump.pkpass"'
    assert answer.headers["Content-Disposition"] == held
    opened = OpenedPass.of(answer.data)
    opened.check(pass_files.root_pem(), tmp_path)
    code = opened.contents["barcode"]["message"]
    assert code == f"HTTP://CARD.EXAMPLE/C/{copy.token}"
    assert signing.client.get(code.removeprefix("HTTP://CARD.EXAMPLE")).status_code == 200


def test_getting_it_makes_and_stores_nothing(signing: Site) -> None:
    """However often, and every page about it."""
    owner = Passes(signing)
    before, copy = signing.rows(), owner.copy()
    for path in ("pass", f"pass/{copy.id}", f"copies/{copy.id}"):
        signing.client.page(f"{owner.home}/{path}")
    for _ in range(2):
        assert signing.client.get(f"/c/{copy.token}/card.pkpass").status_code == 200
    assert signing.rows() == before


def test_it_is_the_card_of_today(signing: Site) -> None:
    """The same link again replaces the pass in a wallet, with what the card says now."""
    owner = Passes(signing)
    path = f"/c/{owner.copy().token}/card.pkpass"
    first = OpenedPass.of(signing.client.get(path).data).contents
    saved = signing.keeper.vault.owned(owner.kept.owner).card
    changed = Passes(signing, alex({"team.phone_24h": "+1 312 555 0199"})).kept
    card = signing.keeper.vault.owned(changed.owner).card
    signing.keeper.save(owner.kept.owner, card, 1, "", signing.clock())
    again = OpenedPass.of(signing.client.get(path).data)
    assert again.contents["serialNumber"] == first["serialNumber"]
    assert again.fields["team"]["value"] == "+1 312-555-0199" != saved.team.phone_24h


def test_a_revoked_copy_gives_no_pass(signing: Site) -> None:
    """And the code of the pass that a phone has opens nothing."""
    owner = Passes(signing)
    owner.make("Mum's phone")
    copy = owner.copy("Mum's phone")
    signing.keeper.vault.revoke(owner.kept.owner, copy.id)
    for path in (f"/c/{copy.token}/card.pkpass", f"/c/{copy.token}", f"/c/{'0' * 26}/card.pkpass"):
        answer = signing.client.get(path)
        assert (answer.status_code, answer.headers["Caregiver-Card"]) == (404, "unknown")
    assert signing.client.get(f"{owner.home}/pass/{copy.id}").location.endswith("?said=gone")


def test_a_label_is_asked_for_as_for_any_copy(signing: Site) -> None:
    """Empty, taken, or one copy too many: one sentence, and no copy."""
    owner = Passes(signing)
    said = {"": "The name of the copy", "wallet": "There is a copy called “wallet” already."}
    for label, words in said.items():
        answer = owner.make(label)
        assert answer.status_code == 303
        assert words in owner.browser.get(answer.location).text
    vault = signing.keeper.vault
    for number in range(len(owner.copies), reader_links.MOST):
        vault.add_reader_link(owner.kept.owner, f"copy {number}", signing.clock().date())
    assert "no more are possible" in owner.browser.get(owner.make("one more").location).text
    assert len(owner.copies) == reader_links.MOST


def test_it_is_made_by_a_form_alone(signing: Site) -> None:
    """A form from elsewhere has no token of ours."""
    owner = Passes(signing)
    assert owner.browser.post(f"{owner.home}/pass", data={"label": "x"}).status_code == 400
    assert len(owner.copies) == 1


@both_directions
def test_its_pages_are_in_the_language_of_the_card(signing: Site, tag: str) -> None:
    """What is asked, what comes then, and what the pass says."""
    owner = Passes(signing, CAST["complex"]({"language": tag}))
    copy = owner.copy()
    for path in ("", "/pass", f"/pass/{copy.id}", f"/copies/{copy.id}"):
        assert not english_left(signing.client.page(f"{owner.home}{path}"), tag)
    opened = OpenedPass.of(signing.client.get(f"/c/{copy.token}/card.pkpass").data)
    assert "This pass does not update" not in opened.fields["about"]["value"]


# Not now -------------------------------------------------------------------------------------


def test_after_the_certificate_ended_nothing_is_made(ending: Site) -> None:
    """One sentence with the day, for the owner and for the phone; the page opens as ever."""
    owner = Passes(ending)
    assert owner.make("Mum's phone").status_code == 303
    ending.clock.now = _LAST_DAY + timedelta(hours=1)
    before = ending.rows()
    ended = "passes ended on 1 Mar 2027. Whoever runs the server has to renew it."
    copy = owner.copy("Mum's phone")
    for path in (f"{owner.home}/pass", f"/c/{copy.token}/card.pkpass"):
        page = ending.client.page(path, 503)
        assert ended in page.text and "No pass can be made here just now" in page.text
    assert ending.rows() == before
    assert ending.client.get(f"/c/{copy.token}").status_code == 200


def test_a_form_that_was_open_when_the_certificate_ended_makes_no_copy(ending: Site) -> None:
    """It is judged again when the form is sent."""
    owner = Passes(ending)
    page = owner.browser.get(f"{owner.home}/pass").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    ending.clock.now = _LAST_DAY + timedelta(hours=1)
    sent = {"label": "Mum's phone", "csrf_token": token[1]}
    answer = owner.browser.post(f"{owner.home}/pass", data=sent)
    assert answer.status_code == 503 and "ended on 1 Mar 2027" in answer.text
    assert len(owner.copies) == 1


def test_before_the_certificate_begins_nothing_is_made(tmp_path: Path) -> None:
    """A clock may be wrong as well."""
    begins = datetime(2026, 12, 24, tzinfo=UTC)
    files = Issued(begins=begins).pem, *_RIGHT[1:]
    with site_in(tmp_path, **pass_files.write(tmp_path, files)) as site:
        owner = Passes(site)
        page = site.client.page(f"{owner.home}/pass", 503)
        assert "is valid only from 24 Dec 2026 on." in page.text
        assert len(owner.copies) == 1


def test_the_operator_hears_of_it_a_month_before(ending: Site) -> None:
    """In /readyz and in card status."""
    client = ending.app.test_client()
    assert "pass: ok" in client.get("/readyz").text
    for day, words in (
        (_LAST_DAY - timedelta(days=29), "the certificate of wallet passes ends on 2027-03-01"),
        (_LAST_DAY + timedelta(days=1), "the certificate of wallet passes ended 2027-03-01"),
    ):
        ending.clock.now = day
        answer = client.get("/readyz")
        assert answer.status_code == 503 and f"pass: {words}\n" in answer.text
    run = ending.app.test_cli_runner().invoke(args=["card", "status"])
    assert "wallet passes: until 2027-03-01" in run.output
    assert run.exit_code == 2


# The settings --------------------------------------------------------------------------------


def test_without_the_files_there_is_nothing_of_it(shared_site: Site) -> None:
    """No link, no page, and an address as any that is not there."""
    owner = Passes(shared_site)
    assert "/pass" not in shared_site.client.page(owner.home).source
    copy = owner.copy()
    assert "/pass" not in shared_site.client.page(f"{owner.home}/copies/{copy.id}").source
    for path in (f"/c/{copy.token}/card.pkpass", f"{owner.home}/pass"):
        answer = shared_site.client.get(path)
        assert (answer.status_code, answer.headers["Caregiver-Card"]) == (404, "yes")
        assert "There is no such page" in answer.text


@pytest.mark.parametrize("missing", ["pass_certificate", "pass_key", "pass_authority"])
def test_two_of_three_stop_the_start(tmp_path: Path, missing: str) -> None:
    """The one that is missing is named."""
    paths = {**pass_files.write(tmp_path, _RIGHT), missing: ""}
    with pytest.raises(WrongSetting, match=f"CARD_{missing.upper()} is missing"):
        Site(config_in(tmp_path, **paths))


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ((b"", *_RIGHT[1:]), "CARD_PASS_CERTIFICATE: the file holds no certificate in PEM"),
        ((_RIGHT[0], key_pem("somebody"), _RIGHT[2]), "CARD_PASS_KEY: the key does not belong to"),
        ((_RIGHT[0], key_pem(password="word"), _RIGHT[2]), "CARD_PASS_KEY: the key is encrypted"),
        ((*_RIGHT[:2], _RIGHT[0]), "CARD_PASS_AUTHORITY: this authority did not issue"),
    ],
)
def test_a_wrong_file_stops_the_start(
    tmp_path: Path, files: tuple[bytes, bytes, bytes], says: str
) -> None:
    """Its setting is named; nothing of a key is quoted."""
    with pytest.raises(WrongSetting, match=f"^{re.escape(says)}"):
        Site(config_in(tmp_path, **pass_files.write(tmp_path, files)))


def test_a_file_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    """A folder as well."""
    paths = pass_files.write(tmp_path, _RIGHT)
    for path in (str(tmp_path / "gone.pem"), str(tmp_path), "a\0b"):
        with pytest.raises(WrongSetting, match=r"^CARD_PASS_KEY: the file cannot be read$"):
            Site(config_in(tmp_path, **{**paths, "pass_key": path}))


def test_the_settings_are_read(tmp_path: Path) -> None:
    """Each from its variable."""
    paths = pass_files.write(tmp_path, _RIGHT)
    given = {f"CARD_{name.upper()}": path for name, path in paths.items()}
    read = Config.from_environment({**given, "CARD_SECRET_KEY": "k" * 32}, tmp_path / "instance")
    assert {name: getattr(read, name) for name in paths} == paths
