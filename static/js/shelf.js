// What this device keeps, all under one name each; a browser that keeps nothing is no error.
const CARDS = "caregiver-cards";

function read(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
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

export const draft = {
  read: () => read("caregiver-draft", null),
  write: (typed) => write("caregiver-draft", typed),
  erase: () => {
    try {
      localStorage.removeItem("caregiver-draft");
    } catch {
      // Nothing was kept.
    }
  },
};
