// Blocks as a person sees them. A surface (see elements.js) may also carry `errors` by block_id.

import { element, isSingleField } from "./elements.js";
import { h, hidden, icon, reconcile, uid } from "./dom.js";
import { plain, safeUrl, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";

function image(source, className) {
  const url = safeUrl(source.image_url ?? "");
  const missing = () =>
    h("span", { class: "image-missing", role: "img", "aria-label": source.alt_text }, icon("eye"), source.alt_text);
  if (!url) return missing();
  const img = h("img", { class: className, src: url, alt: source.alt_text, referrerpolicy: "no-referrer" });
  img.addEventListener("error", () => img.replaceWith(missing()));
  return img;
}

function accessory(block, surface, labelledby) {
  if (block.accessory.type === "image") return image(block.accessory, "image-accessory");
  const label = block.accessory.type === "overflow" ? `More for: ${plain(block.text ?? block.fields[0])}` : null;
  const naming =
    block.accessory.type === "button" ? { describedby: labelledby } : { labelledby: label ? null : labelledby, label };
  return element({ block, element: block.accessory, surface, ...naming });
}

function section(block, surface) {
  const id = uid("section");
  const text = block.text ? textObject(block.text, surface.reader) : null;
  const fields = block.fields
    ? h(
        "div",
        { class: "fields" },
        block.fields.map((field) => textObject(field, surface.reader)),
      )
    : null;
  const body = h("div", { class: "section-body", id }, text, fields);
  const wide = ["checkboxes", "radio_buttons"].includes(block.accessory?.type);
  return h(
    "div",
    { class: wide ? "section section-stacked" : "section" },
    body,
    block.accessory ? h("div", { class: "accessory" }, accessory(block, surface, id)) : null,
  );
}

function context(block, surface) {
  return h(
    "div",
    { class: "context" },
    block.elements.map((part) =>
      part.type === "image" ? image(part, "image-small") : textObject(part, surface.reader),
    ),
  );
}

function imageBlock(block) {
  const title = block.title ? h("figcaption", {}, plain(block.title)) : null;
  return h("figure", { class: "image-block" }, title, image(block, "image-large"));
}

function actions(block, surface) {
  return h(
    "div",
    { class: "actions" },
    block.elements.map((one) => element({ block, element: one, surface, inInput: false })),
  );
}

/** The id of the error text of an input block on this surface. */
function errorNode(id, message) {
  return message ? h("div", { class: "error", id }, icon("warning"), hidden("Error: "), message) : null;
}

function input(block, surface) {
  const [label, control, hint, error] = ["label", "control", "hint", "error"].map(uid);
  const message = surface.errors?.[block.block_id];
  const single = isSingleField(block.element.type);
  const describedby = [message && error, block.hint && hint].filter(Boolean).join(" ") || null;
  const words = [plain(block.label), block.optional ? h("span", { class: "optional" }, " (optional)") : null];
  const slot = {
    block,
    element: block.element,
    surface,
    inInput: true,
    describedby,
    invalid: Boolean(message),
    required: !block.optional,
    labelledby: label,
    id: single ? control : null,
  };
  return h(
    "div",
    { class: message ? "input input-wrong" : "input" },
    single
      ? h("label", { class: "label", id: label, for: control }, words)
      : h("div", { class: "label", id: label }, words),
    element(slot),
    errorNode(error, message),
    block.hint ? h("div", { class: "hint", id: hint }, plain(block.hint)) : null,
  );
}

const BLOCKS = {
  section,
  header: (block) => h("h3", { class: "header-block" }, plain(block.text)),
  divider: () => h("hr"),
  context,
  image: imageBlock,
  actions,
  input,
  rich_text: (block, surface) => richText(block, surface.reader),
};

/** One block; a type the page does not draw shows as a box that names it. */
export function drawBlock(block, surface) {
  const draw = BLOCKS[block.type];
  const node = draw
    ? draw(block, surface)
    : h("div", { class: "unknown", role: "note" }, `Unknown block: ${block.type}`);
  node.dataset.block = block.block_id ?? "";
  return node;
}

/** A list of blocks that can be shown again with changes: blocks that stayed equal keep their nodes and focus. */
export class BlockList {
  #shown = new Map();

  constructor(surface) {
    this.surface = surface;
    this.element = h("div", { class: `blocks blocks-${surface.kind}` });
  }

  show(blocks) {
    const { errors = {}, reader } = this.surface;
    const next = new Map();
    blocks.forEach((block, index) => {
      const key = JSON.stringify([block.block_id ?? index, block, errors[block.block_id], reader.me, reader.today()]);
      next.set(key, this.#shown.get(key) ?? drawBlock(block, this.surface));
    });
    this.#shown = next;
    this.#keepFocus(() => reconcile(this.element, [...next.values()]));
  }

  // A field that was drawn anew takes the focus of the one it replaces, with the caret where it was.
  #keepFocus(redraw) {
    const active = this.element.contains(document.activeElement) ? document.activeElement : null;
    const block = active?.closest("[data-block]")?.dataset.block;
    const [start, end] = [active?.selectionStart, active?.selectionEnd];
    redraw();
    if (!active || active.isConnected || !block) return;
    const heir = this.element.querySelector(`[data-block="${CSS.escape(block)}"] :is(input, textarea, select, button)`);
    heir?.focus();
    // Fields without text have no caret to restore.
    if (typeof start === "number" && typeof heir?.selectionStart === "number") heir.setSelectionRange(start, end);
  }
}
