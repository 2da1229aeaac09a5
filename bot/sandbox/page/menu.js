// Menus that open from a button: arrow keys, Home, End, letters, Escape; focus returns to the button.

import { h } from "./dom.js";

let openMenu = null;

/** Close whatever menu is open. */
export function closeMenu(refocus = false) {
  if (!openMenu) return;
  const { list, button } = openMenu;
  openMenu = null;
  list.remove();
  button.setAttribute("aria-expanded", "false");
  if (refocus) button.focus();
}

document.addEventListener("pointerdown", (event) => {
  if (openMenu && !openMenu.list.contains(event.target) && !openMenu.button.contains(event.target)) closeMenu();
});
window.addEventListener("resize", () => closeMenu());

function place(list, button, host) {
  const box = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = list;
  // A dialog may be a containing block of its own; positions are measured from it.
  const origin = host === document.body ? { left: 0, top: 0 } : host.getBoundingClientRect();
  const below = box.bottom + 6;
  const top = below + height > innerHeight - 8 ? Math.max(8, box.top - height - 6) : below;
  const left = Math.min(Math.max(8, box.left), innerWidth - width - 8);
  list.style.left = `${Math.max(8, left) - origin.left}px`;
  list.style.top = `${top - origin.top}px`;
}

function move(list, event) {
  const items = [...list.querySelectorAll('[role^="menuitem"]:not([aria-disabled="true"])')];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    items.at(to % items.length)?.focus();
  } else if (event.key.length === 1 && event.key !== " ") {
    const letter = event.key.toLowerCase();
    const next = [...items.slice(at + 1), ...items].find((item) => item.dataset.find?.toLowerCase().startsWith(letter));
    next?.focus();
  }
}

function itemNode(item) {
  if (item.heading) return h("div", { class: "menu-heading", role: "presentation" }, item.heading);
  const choose = () => {
    closeMenu(true);
    item.choose();
  };
  const role = item.checked === undefined ? "menuitem" : "menuitemradio";
  const props = {
    class: item.danger ? "menu-item menu-danger" : "menu-item",
    role,
    tabindex: "-1",
    data: { find: item.text },
    "aria-checked": item.checked === undefined ? null : String(item.checked),
    on: { click: choose },
  };
  if (item.url)
    return h("a", { ...props, href: item.url, target: "_blank", rel: "noopener noreferrer" }, item.node ?? item.text);
  return h("button", { ...props, type: "button" }, item.node ?? item.text);
}

/** Open a menu of `{text, choose(), node?, checked?, heading?, danger?, url?}` under `button`, or close it. */
export function toggleMenu(button, items, label) {
  const again = openMenu?.button === button;
  closeMenu();
  if (again) return;
  const list = h("div", { class: "menu", role: "menu", "aria-label": label }, items.map(itemNode));
  list.addEventListener("keydown", (event) => {
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      closeMenu(true);
    } else move(list, event);
  });
  const host = button.closest("dialog") ?? document.body;
  host.append(list);
  list.style.minWidth = `${Math.min(button.offsetWidth, 330)}px`;
  place(list, button, host);
  openMenu = { list, button };
  button.setAttribute("aria-expanded", "true");
  (list.querySelector('[aria-checked="true"]') ?? list.querySelector('[role^="menuitem"]'))?.focus();
}

/** A button that opens a menu; `items()` is asked at every opening. */
export function menuButton(props, items, label, ...children) {
  const button = h(
    "button",
    { type: "button", "aria-haspopup": "menu", "aria-expanded": "false", ...props },
    ...children,
  );
  button.addEventListener("click", () => toggleMenu(button, items(), label));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    toggleMenu(button, items(), label);
  });
  return button;
}
