"""Firefox with push messages: its tabs, and the notifications around them."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.browser.firefox import FirefoxPhone, Session, running

_PUSHED = {
    # What a driven Firefox gets by itself would turn push off.
    "remote.prefs.recommended": False,
    "dom.push.connection.enabled": True,
    # A press on "Allow", and notifications that Firefox draws itself.
    "permissions.default.desktop-notification": 1,
    "alerts.useSystemBackend": False,
    "dom.push.testing.allowInsecureServerURL": True,
    "dom.push.retryBaseInterval": 100,
}
# A notification that Firefox draws is a window of its own.
_CLICK = """for (const shown of Services.wm.getEnumerator("alert:alert")) {
  shown.document.documentElement.click();
  return true;
}
return false;"""


class Gecko(FirefoxPhone):
    """One Firefox, its first tab, and what it shows of messages."""

    def __init__(self, session: Session) -> None:
        self._session = session
        super().__init__(session, self._contexts()[0]["context"])

    @property
    def open_pages(self) -> list[str]:
        """The address of each tab."""
        return [each["url"] for each in self._contexts()]

    def click_notification(self) -> bool:
        """Press the notification that is shown, if there is one."""
        return bool(self._session.command(_CLICK))

    def _contexts(self) -> list[dict[str, str]]:
        return list(self._session.send("browsingContext.getTree")["contexts"])


@contextmanager
def gecko(push_server: str) -> Iterator[Gecko]:
    """A Firefox of its own that gets its messages from ``push_server``, until the block ends."""
    with running(None, {**_PUSHED, "dom.push.serverURL": push_server}) as session:
        yield Gecko(session)
