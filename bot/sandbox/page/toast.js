// Notes that come up at the edge and go by themselves, and words for screen readers only.

import { h, icon, iconButton } from "./dom.js";

const LIFE_MS = 9000;

const region = h("div", { class: "toasts", role: "region", "aria-label": "Notes" });
const polite = h("div", { class: "visually-hidden", "aria-live": "polite" });

// An open dialogue makes the rest of the page inert, so notes are shown inside it.
function host() {
  return [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
}

/** Show a note: `kind` is `problem` or `done`. */
export function toast(text, kind = "problem") {
  if (region.parentNode !== host()) host().append(region);
  const note = h(
    "div",
    { class: `toast toast-${kind}`, role: kind === "problem" ? "alert" : "status" },
    icon(kind === "problem" ? "warning" : "check"),
    h("p", {}, text),
  );
  note.append(iconButton("close", "Dismiss", () => note.remove()));
  region.append(note);
  while (region.children.length > 3) region.firstChild.remove();
  let timer = setTimeout(() => note.remove(), LIFE_MS);
  note.addEventListener("pointerenter", () => clearTimeout(timer));
  note.addEventListener("pointerleave", () => {
    timer = setTimeout(() => note.remove(), LIFE_MS);
  });
}

/** Say something to screen readers, politely. */
export function announce(text) {
  if (!polite.isConnected) document.body.append(polite);
  polite.textContent = text;
}
