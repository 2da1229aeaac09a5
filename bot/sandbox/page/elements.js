// Interactive elements: buttons, choices, pickers and text fields, each with a name for assistive technology.
//
// A slot says where an element stands:
//   {block, element, surface, inInput, labelledby?, label?, describedby?, id?, required?, invalid?}
// and a surface who looks at it and what happens:
//   {kind, reader, values, act(element, answer) -> {ok, …}}

import { confirmation } from "./dialogs.js";
import { h, icon, uid } from "./dom.js";
import { menuButton } from "./menu.js";
import { plain, safeUrl, textObject } from "./mrkdwn.js";
import { localInput } from "./time.js";
import { epochText, isInput } from "./values.js";

const MANY = 8;

function naming(slot) {
  const label = slot.label ?? plain(slot.element.placeholder);
  return {
    id: slot.id,
    "aria-labelledby": slot.labelledby,
    "aria-label": slot.labelledby || (slot.id && !slot.group) ? null : label || "Choose",
    "aria-describedby": slot.describedby,
    "aria-invalid": slot.invalid ? "true" : null,
    "aria-required": slot.required ? "true" : null,
    autofocus: slot.element.focus_on_load,
  };
}

// Ask if a confirmation is wanted, send the action, and show on the control that it is under way or failed.
async function run(control, slot, answer) {
  if (control.getAttribute("aria-busy") === "true") return false;
  const { confirm } = slot.element;
  if (confirm && !(await confirmation(confirm, slot.surface.reader))) return false;
  control.setAttribute("aria-busy", "true");
  const result = await slot.surface.act(slot.element, answer);
  control.removeAttribute("aria-busy");
  control.classList.toggle("failed", !result.ok);
  control.title = result.ok ? "" : "The bot did not take this. Try again.";
  return result.ok;
}

// Keep the value, and tell the bot if the element speaks at once; `undo` puts the control back if it was refused.
async function change(control, slot, value, undo = () => {}) {
  const { surface, block, element } = slot;
  const before = surface.values.get(block, element);
  surface.values.set(block, element, value);
  if (slot.inInput && !block.dispatch_action) return;
  if (await run(control, slot, { selected: value })) return;
  surface.values.set(block, element, before);
  undo(before);
}

function button(slot) {
  const { element } = slot;
  const style = { primary: "btn btn-primary", danger: "btn btn-danger" }[element.style] ?? "btn";
  const label = plain(element.text);
  const props = { class: style, "aria-label": element.accessibility_label, "aria-describedby": slot.describedby };
  const press = (event) => run(event.currentTarget, slot, { value: element.value });
  const url = element.url && safeUrl(element.url);
  if (url) {
    return h(
      "a",
      { ...props, href: url, target: "_blank", rel: "noopener noreferrer", on: { click: press } },
      label,
      icon("link"),
    );
  }
  return h("button", { ...props, type: "button", on: { click: press } }, label);
}

function optionText(option) {
  const description = option.description ? ` · ${plain(option.description)}` : "";
  return plain(option.text) + description;
}

function optionNode(option) {
  return h("option", { value: option.value }, optionText(option));
}

const asOptions = (pairs) =>
  pairs.map(([value, name]) => ({ value, text: { type: "plain_text", text: name, emoji: false } }));

function people(reader) {
  return asOptions(reader.users().map((user) => [user.id, user.name]));
}

function channels(reader) {
  return asOptions(reader.channels().map((channel) => [channel.id, `#${channel.name}`]));
}

// The options of a choice in groups: [{label?, options}].
function groupsOf(slot) {
  const { element, surface } = slot;
  if (element.type.includes("users_select")) return [{ options: people(surface.reader) }];
  if (/channels_select|conversations_select/.test(element.type)) return [{ options: channels(surface.reader) }];
  if (!element.option_groups) return [{ options: element.options ?? [] }];
  return element.option_groups.map((group) => ({ label: plain(group.label), options: group.options }));
}

function select(slot) {
  const { block, element, surface } = slot;
  const groups = groupsOf(slot);
  const first = h("option", { value: "" }, plain(element.placeholder) || "Choose…");
  const nodes = groups.map(({ label, options }) =>
    label ? h("optgroup", { label }, options.map(optionNode)) : options.map(optionNode),
  );
  const control = h("select", { class: "select", ...naming(slot) }, first, nodes);
  control.value = surface.values.get(block, element);
  const empty = () => control.classList.toggle("is-empty", control.value === "");
  control.addEventListener("change", () => {
    empty();
    change(control, slot, control.value, (before) => {
      control.value = before;
      empty();
    });
  });
  empty();
  return control;
}

function optionLine(option, slot, input) {
  const { reader } = slot.surface;
  const description = option.description
    ? h("span", { class: "option-description" }, textObject(option.description, reader))
    : null;
  return h(
    "label",
    { class: "option" },
    input,
    h("span", { class: "option-text" }, textObject(option.text, reader), description),
  );
}

function checked(box) {
  return [...box.querySelectorAll("input[type=checkbox]:checked")].map((input) => input.value);
}

function checkboxes(slot) {
  const { block, element, surface } = slot;
  const chosen = surface.values.get(block, element);
  const name = uid("boxes");
  const box = h(
    "div",
    { class: "options", role: "group", ...naming({ ...slot, group: true }) },
    element.options.map((option) =>
      optionLine(
        option,
        slot,
        h("input", { type: "checkbox", name, value: option.value, prop: { checked: chosen.includes(option.value) } }),
      ),
    ),
  );
  const put = (values) =>
    box.querySelectorAll("input").forEach((input) => {
      input.checked = values.includes(input.value);
    });
  box.addEventListener("change", () => change(box, slot, checked(box), put));
  box.removeAttribute("aria-required");
  return box;
}

function radioButtons(slot) {
  const { block, element, surface } = slot;
  const chosen = surface.values.get(block, element);
  const name = uid("radio");
  const box = h(
    "div",
    { class: "options", role: "radiogroup", ...naming({ ...slot, group: true }) },
    element.options.map((option) =>
      optionLine(
        option,
        slot,
        h("input", { type: "radio", name, value: option.value, prop: { checked: chosen === option.value } }),
      ),
    ),
  );
  const put = (value) =>
    box.querySelectorAll("input").forEach((input) => {
      input.checked = input.value === value;
    });
  box.addEventListener("change", (event) => change(box, slot, event.target.value, put));
  return box;
}

function multiSummary(names, placeholder) {
  if (names.length === 0) return [h("span", { class: "multi-empty" }, placeholder || "Choose…")];
  return names.map((name) => h("span", { class: "chip" }, name));
}

// A choice of several: a button that tells what is chosen and unfolds a list of boxes, with a filter if it is long.
function multiSelect(slot) {
  const { block, element, surface } = slot;
  const groups = groupsOf(slot);
  const all = groups.flatMap((group) => group.options);
  const name = uid("multi");
  const limit = element.max_selected_items ?? all.length;
  const summary = h("span", { class: "multi-summary" });
  const toggle = h(
    "button",
    { class: "multi-toggle", type: "button", "aria-expanded": "false", "aria-controls": name },
    summary,
    icon("chevron"),
  );
  const lines = new Map();
  const row = (option) => {
    const input = h("input", { type: "checkbox", value: option.value });
    lines.set(option.value, { input, line: optionLine(option, slot, input), text: plain(option.text) });
    return lines.get(option.value).line;
  };
  const list = h(
    "div",
    { class: "multi-list", id: name, role: "group", hidden: true, "aria-label": "Options" },
    all.length > MANY ? filterBox(lines) : null,
    groups.map(({ label, options }) => [label ? h("div", { class: "multi-group" }, label) : null, options.map(row)]),
  );
  const show = (values) => {
    for (const [value, { input }] of lines) {
      input.checked = values.includes(value);
      input.disabled = !input.checked && values.length >= limit;
    }
    summary.replaceChildren(
      ...multiSummary(
        values.map((value) => lines.get(value)?.text ?? value),
        plain(element.placeholder),
      ),
    );
  };
  list.addEventListener("change", (event) => {
    if (event.target.type !== "checkbox") return;
    show(checked(list));
    change(box, slot, checked(list), show);
  });
  const open = (yes) => {
    list.hidden = !yes;
    toggle.setAttribute("aria-expanded", String(yes));
  };
  toggle.addEventListener("click", () => open(list.hidden));
  const box = h(
    "div",
    { class: "multi", role: "group", ...naming({ ...slot, id: null, describedby: null, group: true }) },
    toggle,
    list,
  );
  if (slot.id) toggle.id = slot.id;
  if (slot.describedby) toggle.setAttribute("aria-describedby", slot.describedby);
  toggle.setAttribute("aria-labelledby", [slot.labelledby, summaryId(summary)].filter(Boolean).join(" "));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    event.preventDefault();
    event.stopPropagation();
    open(false);
    toggle.focus();
  });
  box.removeAttribute("aria-required");
  show(surface.values.get(block, element));
  return box;
}

function summaryId(summary) {
  summary.id = uid("summary");
  return summary.id;
}

function filterBox(lines) {
  const filter = (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    for (const { line, text } of lines.values()) line.hidden = !text.toLowerCase().includes(wanted);
  };
  return h("input", {
    type: "search",
    class: "field multi-filter",
    placeholder: "Find…",
    "aria-label": "Find an option",
    on: { input: filter },
  });
}

function overflow(slot) {
  const { element, surface } = slot;
  const control = menuButton(
    { class: "btn btn-icon", "aria-label": slot.label ?? "More choices" },
    () =>
      element.options.map((option) => ({
        text: plain(option.text),
        node: h(
          "span",
          {},
          textObject(option.text, surface.reader),
          option.description && h("small", {}, plain(option.description)),
        ),
        url: option.url && safeUrl(option.url),
        choose: () => run(control, slot, { selected: option.value }),
      })),
    "More choices",
    icon("more"),
  );
  return control;
}

function picker(type) {
  return (slot) => {
    const { block, element, surface } = slot;
    const control = h("input", { type, class: "field field-short", ...naming(slot) });
    control.value = surface.values.get(block, element);
    control.addEventListener("change", () =>
      change(control, slot, control.value, (before) => {
        control.value = before;
      }),
    );
    return control;
  };
}

function dateTimePicker(slot) {
  const { block, element, surface } = slot;
  const { tz } = surface.reader;
  const local = (epoch) => (epoch ? localInput(Number(epoch) * 1000, tz) : "");
  const control = h("input", { type: "datetime-local", class: "field field-short", ...naming(slot) });
  control.value = local(surface.values.get(block, element));
  control.addEventListener("change", () =>
    change(control, slot, epochText(control.value, tz), (before) => {
      control.value = local(before);
    }),
  );
  return control;
}

const FIELD_TYPES = {
  plain_text_input: { type: "text" },
  email_text_input: { type: "email", autocomplete: "off" },
  url_text_input: { type: "url", autocomplete: "off" },
  number_input: { type: "text", inputmode: "decimal" },
};

function counter(control, limit) {
  const left = h("span", { class: "counter", "aria-hidden": "true" });
  const count = () => {
    const rest = limit - control.value.length;
    left.textContent = rest <= limit / 5 ? String(rest) : "";
    left.classList.toggle("counter-over", rest < 0);
  };
  control.addEventListener("input", count);
  count();
  return left;
}

// Characters are told one after the other: of those that come while one is on its way, the last is told for all.
// Whoever closes the view waits for it, as what was typed before a click was also told before it.
function typing(control, slot) {
  const { surface, element } = slot;
  let more = false;
  let underWay = null;
  const tell = async () => {
    do {
      more = false;
      const answer = await surface.act(element, { value: control.value });
      control.classList.toggle("failed", !answer.ok);
    } while (more);
    surface.telling?.delete(underWay);
    underWay = null;
  };
  return () => {
    more = true;
    if (underWay) return;
    underWay = tell();
    surface.telling?.add(underWay);
  };
}

// An input that speaks at once does so on Enter, or with every character if its view says so.
function dispatchText(control, slot) {
  const on = slot.element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const send = () => run(control, slot, { value: control.value });
  if (on.includes("on_character_entered")) control.addEventListener("input", typing(control, slot));
  if (on.includes("on_enter_pressed")) {
    control.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || (slot.element.multiline && event.shiftKey)) return;
      event.preventDefault();
      send();
    });
  }
}

function textField(slot) {
  const { block, element, surface } = slot;
  const long = element.multiline || element.type === "rich_text_input";
  const props = { class: "field", ...naming(slot), placeholder: plain(element.placeholder) || null };
  const control = long ? h("textarea", { ...props, rows: 4 }) : h("input", { ...props, ...FIELD_TYPES[element.type] });
  control.value = surface.values.get(block, element);
  control.addEventListener("input", () => surface.values.set(block, element, control.value));
  if (block.dispatch_action) dispatchText(control, slot);
  if (!element.max_length) return control;
  return h("div", { class: "counted" }, control, counter(control, element.max_length));
}

const ELEMENTS = {
  button,
  static_select: select,
  users_select: select,
  conversations_select: select,
  channels_select: select,
  multi_static_select: multiSelect,
  multi_users_select: multiSelect,
  multi_conversations_select: multiSelect,
  multi_channels_select: multiSelect,
  checkboxes,
  radio_buttons: radioButtons,
  overflow,
  datepicker: picker("date"),
  timepicker: picker("time"),
  datetimepicker: dateTimePicker,
  plain_text_input: textField,
  email_text_input: textField,
  url_text_input: textField,
  number_input: textField,
  rich_text_input: textField,
};

/** Whether the label of an input belongs to one field rather than to a group of them. */
export function isSingleField(type) {
  return isInput(type) && !["checkboxes", "radio_buttons"].includes(type);
}

/** An element in its place; an unknown one is shown as such. */
export function element(slot) {
  const draw = ELEMENTS[slot.element.type];
  return draw ? draw(slot) : h("div", { class: "unknown", role: "note" }, `Unknown element: ${slot.element.type}`);
}
