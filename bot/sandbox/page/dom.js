// Everything on the page is built through h(): text only ever becomes text nodes, never markup.

const SVG_NS = "http://www.w3.org/2000/svg";

/** Build an element: props are attributes, `on` holds listeners, `prop` DOM properties; falsy children are left out. */
export function h(tag, props = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) setProp(el, name, value);
  el.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return el;
}

function setProp(el, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") {
    for (const [event, listener] of Object.entries(value)) el.addEventListener(event, listener);
  } else if (name === "prop") {
    Object.assign(el, value);
  } else if (name === "data") {
    Object.assign(el.dataset, value);
  } else {
    el.setAttribute(name, value === true ? "" : String(value));
  }
}

/** Text for screen readers only. */
export function hidden(text) {
  return h("span", { class: "visually-hidden" }, text);
}

let counter = 0;

/** An id no other element of this page has. */
export function uid(prefix = "id") {
  counter += 1;
  return `${prefix}-${counter}`;
}

/** Replace the children of `el` only where the keyed nodes differ, so that focus and open menus survive. */
export function reconcile(el, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...el.childNodes]) if (!wanted.has(child)) child.remove();
  let at = el.firstChild;
  for (const node of nodes) {
    if (node === at) at = at.nextSibling;
    else el.insertBefore(node, at);
  }
}

const PATHS = {
  bolt: "M11 2 4 11h5l-1 7 7-9h-5z",
  check: "m4 10 4 4 8-9",
  chevron: "m6 8 4 4 4-4",
  close: "m5 5 10 10M15 5 5 15",
  back: "m12 4-6 6 6 6",
  clock: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14M10 6v4l3 2",
  down: "M10 4v12m-5-5 5 5 5-5",
  eye: "M2 10c2-4 5-5.5 8-5.5s6 1.5 8 5.5c-2 4-5 5.5-8 5.5s-6-1.5-8-5.5M10 7.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5",
  file: "M5 2.5h6l4 4v11H5zM11 2.5v4h4",
  hash: "M8 3 6 17M14 3l-2 14M3.5 7.5H17M3 12.5h13.5",
  home: "m3 9.5 7-6 7 6V17h-5v-4H8v4H3z",
  link: "M8 12a3 3 0 0 0 4 0l3-3a3 3 0 0 0-4-4l-1 1M12 8a3 3 0 0 0-4 0l-3 3a3 3 0 0 0 4 4l1-1",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  message: "M3 4h14v10H9l-4 3v-3H3z",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  pulse: "M2 10h4l2-5 4 10 2-5h4",
  reply: "M8 5 3 10l5 5M3 10h8c3.5 0 6 2 6 5",
  send: "M3 3.5 17.5 10 3 16.5 5.5 10zM5.5 10H11",
  skip: "m4 4 8 6-8 6zM15.5 4v12",
  warning: "M10 3 18 17H2zM10 8v4M10 14.5h.01",
};

/** One of the page's own line icons, hidden from assistive technology. */
export function icon(name, more = "") {
  const svg = document.createElementNS(SVG_NS, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name} ${more}`.trim());
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const path = document.createElementNS(SVG_NS, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A quiet button that shows one icon and is called `label`. */
export function iconButton(name, label, click, more = {}) {
  const props = { class: "btn btn-icon btn-quiet", type: "button", "aria-label": label, title: label };
  return h("button", { ...props, on: { click }, ...more }, icon(name));
}
