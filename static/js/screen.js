// On a phone, its own size of screen is chosen already; without script the list is there to choose from.
const form = document.getElementById("screen");
const [narrow, long] = [screen.width, screen.height]
  .sort((a, b) => a - b)
  .map((side) => side * devicePixelRatio);
// Browsers round: 412 x 915 at 2.625 is called 1080 x 2400.
const near = (given, real) => Math.abs(given - real) < 6;

if (matchMedia("(pointer: coarse)").matches) {
  for (const option of form.elements.size.options) {
    const [width, height] = option.value.split("x").map(Number);
    if (near(width, narrow) && near(height, long)) {
      option.selected = true;
      form.querySelector("[data-said]").textContent = form.dataset.found;
    }
  }
}
