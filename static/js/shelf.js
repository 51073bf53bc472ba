// What this device keeps, all under one name each; a browser that keeps nothing is no error.
const CARDS = "caregiver-cards";

function read(key, otherwise) {
  try {
    const held = JSON.parse(localStorage.getItem(key));
    return held === null ? otherwise : held;
  } catch {
    return otherwise;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function cards() {
  const kept = read(CARDS, []);
  return Array.isArray(kept) ? kept.filter((card) => card && /^\/o\/[0-9A-Za-z-]+$/.test(card.path)) : [];
}

export function keep(card) {
  return write(CARDS, [...cards().filter((each) => each.path !== card.path), card]);
}

export function forget(path) {
  return write(CARDS, cards().filter((each) => each.path !== path));
}

// The address that is being given up, for as long as this tab lives.
export const renewing = {
  note: (path) => {
    try {
      sessionStorage.setItem("caregiver-renewing", path);
    } catch {
      // The list then says of the old address that it is dead.
    }
  },
  take: () => {
    try {
      const path = sessionStorage.getItem("caregiver-renewing");
      sessionStorage.removeItem("caregiver-renewing");
      return path;
    } catch {
      return null;
    }
  },
};

// Somebody took a card off this device: an icon then keeps it again only when it is asked to.
export function removed(now) {
  if (now === undefined) return read("caregiver-removed", false);
  return write("caregiver-removed", now);
}

// A moment in the words of the page's language.
export function moment(time) {
  const written = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Date(time).toLocaleString(document.documentElement.lang, written);
}

// Everything but the cards' copies, which copies.js clears.
export function clearShelf() {
  for (const storage of [localStorage, sessionStorage]) {
    try {
      storage.clear();
    } catch {
      // Nothing was kept.
    }
  }
}

// What was typed and not saved. A draft of a card's form is named after a hash of its address.
const DRAFT = "caregiver-draft ";

export const drafts = {
  read: (name) => read(DRAFT + name, null),
  write: (name, typed) => write(DRAFT + name, typed),
  erase: (name) => eraseAll((key) => key === DRAFT + name),
  eraseOf: (card) => eraseAll((key) => key.startsWith(DRAFT + card)),
};

function eraseAll(chosen) {
  try {
    Object.keys(localStorage).filter(chosen).forEach((key) => localStorage.removeItem(key));
  } catch {
    // Nothing was kept.
  }
}
