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

// What was typed and not saved. A draft of a card's form is named after a hash of its address. It
// lives as long as its tab; on a device that a person calls their own it outlives the tab, for a day.
const DRAFT = "caregiver-draft ";
const OWN = "caregiver-own-device";
const LONGEST_MS = 24 * 60 * 60 * 1000;

export const drafts = {
  read: (name) => kept(() => sessionStorage, DRAFT + name) || fresh(kept(() => localStorage, DRAFT + name)),
  write: (name, typed) => {
    const key = DRAFT + name;
    if (drafts.isOwn()) return write(key, typed);
    try {
      sessionStorage.setItem(key, JSON.stringify(typed));
      localStorage.removeItem(key);
      return true;
    } catch {
      return false;
    }
  },
  erase: (name) => eraseAll((key) => key === DRAFT + name),
  eraseOf: (card) => eraseAll((key) => key.startsWith(DRAFT + card)),
  eraseEvery: () => eraseAll((key) => key.startsWith(DRAFT)),
  isOwn: () => read(OWN, false) === true,
  // Whose device this is decides where a draft lies from now on: nowhere else does one stay.
  own: (yes) => {
    if (yes) return write(OWN, true);
    eraseAll((key) => key === OWN);
    eraseIn(() => localStorage, (key) => key.startsWith(DRAFT));
    return true;
  },
};

// What is older than a day goes at the next visit, whichever page that is.
eraseIn(() => localStorage, (key) => key.startsWith(DRAFT) && !fresh(read(key, null)));

function fresh(draft) {
  const age = draft ? Date.now() - draft.at : NaN;
  return age < LONGEST_MS && age > -LONGEST_MS ? draft : null;
}

function kept(storage, key) {
  try {
    return JSON.parse(storage().getItem(key));
  } catch {
    return null;
  }
}

function eraseAll(chosen) {
  eraseIn(() => localStorage, chosen);
  eraseIn(() => sessionStorage, chosen);
}

function eraseIn(storage, chosen) {
  try {
    const found = storage();
    Object.keys(found).filter(chosen).forEach((key) => found.removeItem(key));
  } catch {
    // Nothing was kept.
  }
}
