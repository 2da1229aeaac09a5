// What a person has typed or chosen, kept by block_id and action_id as Slack keeps it: an update of the view
// leaves a field alone as long as both ids stay, and its new initial value is ignored.

import { fromLocalInput } from "./time.js";

const optionValue = (option) => option?.value ?? "";
const optionValues = (options) => (options ?? []).map((option) => option.value);

// Of every input: the value it starts with. Lists are of values or ids; times are the wire's own texts.
const INITIAL = {
  plain_text_input: (el) => el.initial_value ?? "",
  email_text_input: (el) => el.initial_value ?? "",
  url_text_input: (el) => el.initial_value ?? "",
  number_input: (el) => el.initial_value ?? "",
  rich_text_input: (el) => (el.initial_value ? richPlain(el.initial_value) : ""),
  static_select: (el) => optionValue(el.initial_option),
  radio_buttons: (el) => optionValue(el.initial_option),
  multi_static_select: (el) => optionValues(el.initial_options),
  checkboxes: (el) => optionValues(el.initial_options),
  users_select: (el) => el.initial_user ?? "",
  multi_users_select: (el) => el.initial_users ?? [],
  conversations_select: (el) => el.initial_conversation ?? "",
  multi_conversations_select: (el) => el.initial_conversations ?? [],
  channels_select: (el) => el.initial_channel ?? "",
  multi_channels_select: (el) => el.initial_channels ?? [],
  datepicker: (el) => el.initial_date ?? "",
  timepicker: (el) => el.initial_time ?? "",
  datetimepicker: (el) => (el.initial_date_time ? String(el.initial_date_time) : ""),
};

/** Whether an element of this type holds a value. */
export function isInput(type) {
  return Object.hasOwn(INITIAL, type);
}

function richPlain(block) {
  const text = (part) => part.text ?? (part.elements ?? []).map(text).join("");
  return block.elements.map(text).join("\n");
}

function inputsOf(block) {
  const elements = [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])];
  return elements.filter((element) => element && isInput(element.type));
}

const keyOf = (block, element) => `${block.block_id}\n${element.action_id}`;

export class Values {
  #kept = new Map();

  /** The value of an input: what was put in, or what it starts with. */
  get(block, element) {
    return this.#kept.get(keyOf(block, element)) ?? INITIAL[element.type](element);
  }

  set(block, element, value) {
    this.#kept.set(keyOf(block, element), value);
  }

  /** Forget what the blocks no longer ask for. */
  prune(blocks) {
    const here = new Set(blocks.flatMap((block) => inputsOf(block).map((element) => keyOf(block, element))));
    for (const key of [...this.#kept.keys()]) if (!here.has(key)) this.#kept.delete(key);
  }

  /** Values of the input blocks by block_id, as the control API takes them; an empty one empties the field. */
  byBlock(blocks) {
    const inputs = blocks.filter((block) => block.type === "input" && isInput(block.element.type));
    return Object.fromEntries(inputs.map((block) => [block.block_id, this.get(block, block.element)]));
  }
}

/** Epoch seconds, as text, of a date-time field read in `tz`. */
export function epochText(field, tz) {
  return field ? String(Math.round(fromLocalInput(field, tz) / 1000)) : "";
}
