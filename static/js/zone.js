// Chooses the device's own time zone where none is chosen yet; it may go by an older name here.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const select of document.querySelectorAll("[data-zone]")) {
  if (select.value || !zone) continue;
  if (![...select.options].some((each) => each.value === zone)) select.add(new Option(zone.replace(/_/g, " "), zone));
  select.value = zone;
}
