// What was typed and not saved lives as long as its tab: in another one the server erases it before
// anything is shown, unless this is somebody's own device. A page that is sent marks its tab.
// No module, since those run after the page is drawn.
(() => {
  const MARK = "caregiver-tab";
  const SENT = "sent";
  const { draft, token } = document.currentScript.dataset;
  const mark = (as) => sessionStorage.setItem(MARK, as);

  // Whether the draft was typed in this tab; a browser that stores nothing cannot tell.
  function isHere() {
    try {
      const held = sessionStorage.getItem(MARK);
      const own = localStorage.getItem("caregiver-own-device") === "true";
      mark(draft || held || "");
      return !draft || own || held === SENT || held === draft;
    } catch {
      return true;
    }
  }

  async function erase() {
    document.documentElement.hidden = true;
    try {
      const answer = await fetch("/new/clear", { method: "POST", body: new URLSearchParams({ csrf_token: token }) });
      if (answer.ok) return location.reload();
    } catch {
      // Without network it is shown, with its own button that erases.
    }
    document.documentElement.hidden = false;
  }

  addEventListener("submit", () => {
    try {
      mark(SENT);
    } catch {
      // Then no tab is told from another.
    }
  }, true);
  if (!isHere()) erase();
})();
