// A button that copies a text on the page; where the browser does not copy, there is none, and the
// text can be marked by hand.
for (const button of document.querySelectorAll("button[data-copies]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const said = (name) => {
      for (const each of button.parentElement.querySelectorAll("[data-said]")) each.hidden = each.dataset.said !== name;
    };
    navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent).then(
      () => said("copied"),
      () => said("fault"),
    );
  });
}
