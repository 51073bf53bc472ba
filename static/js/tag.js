// Writes the card's address to an NFC tag. Where the browser cannot, nothing of it is shown.
const LONGEST = 60000;
// By the name of what write() is refused with; several causes share one name.
const FAULTS = {
  AbortError: "late",
  NotAllowedError: "refused",
  NotReadableError: "off",
  NotSupportedError: "unsupported",
  TimeoutError: "late",
};
const section = document.getElementById("tag");
let waiting = false;

function said(name) {
  waiting = name === "waiting";
  for (const each of section.querySelectorAll("[data-said]")) each.hidden = each.dataset.said !== name;
}

async function write() {
  if (waiting) return;
  said("waiting");
  const records = [{ recordType: "url", data: section.dataset.address }];
  const signal = AbortSignal.timeout(LONGEST);
  try {
    await new NDEFReader().write({ records }, { signal });
    said("written");
  } catch (fault) {
    said(FAULTS[fault.name] || "failed");
  }
}

if (self.NDEFReader) {
  section.hidden = false;
  section.querySelector("button").addEventListener("click", write);
}
