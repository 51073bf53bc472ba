// "Send it to myself": the phone's own share sheet, where there is one. Nothing else happens here,
// and without script the page shows the address to copy.
for (const button of document.querySelectorAll("button[data-share]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    // Closing the sheet without choosing is no fault.
    navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(() => {});
  });
}
