// rich_text blocks: sections, lists, quotes and preformatted text. Their texts are not escaped.

import { emoji } from "./emoji.js";
import { h } from "./dom.js";
import { broadcast, channelMention, dateNode, link, userMention } from "./mrkdwn.js";

const TAGS = { bold: "strong", italic: "em", strike: "del", code: "code", underline: "u" };

function lines(text) {
  return text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
}

function styled(nodes, style = {}) {
  return Object.keys(TAGS)
    .filter((name) => style[name])
    .reduce((inner, name) => [h(TAGS[name], {}, inner)], [nodes].flat());
}

function colour(value) {
  const swatch = h("span", { class: "swatch", "aria-hidden": "true" });
  swatch.style.background = /^#[0-9a-f]{3,8}$/i.test(value) ? value : "transparent";
  return [swatch, value];
}

const INLINE = {
  text: (part) => lines(part.text),
  link: (part) => link(part.url, part.text || part.url),
  user: (part, reader) => userMention(part.user_id, reader),
  usergroup: (part) => h("span", { class: "mention" }, `@${part.usergroup_id}`),
  channel: (part, reader) => channelMention(part.channel_id, null, reader),
  emoji: (part) => h("span", { class: "emoji", title: `:${part.name}:` }, emoji(part.name) ?? `:${part.name}:`),
  date: (part, reader) => dateNode(part.timestamp, part.format, part.url, reader),
  broadcast: (part) => broadcast(part.range),
  team: (part) => h("span", { class: "mention" }, part.team_id),
  color: (part) => colour(part.value),
};

function inline(parts, reader) {
  return parts.flatMap((part) => {
    const draw = INLINE[part.type];
    return draw
      ? styled(draw(part, reader), part.style)
      : [h("span", { class: "unknown-inline" }, `Unknown: ${part.type}`)];
  });
}

function list(block, reader) {
  const items = block.elements.map((item) => h("li", {}, inline(item.elements, reader)));
  const props = { class: `rich-list indent-${Math.min(block.indent ?? 0, 8)}${block.border ? " bordered" : ""}` };
  if (block.style !== "ordered") return h("ul", props, items);
  return h("ol", { ...props, start: (block.offset ?? 0) + 1 }, items);
}

const PARTS = {
  rich_text_section: (block, reader) => h("div", { class: "rich-section" }, inline(block.elements, reader)),
  rich_text_list: list,
  rich_text_quote: (block, reader) => h("blockquote", {}, inline(block.elements, reader)),
  rich_text_preformatted: (block, reader) => h("pre", {}, inline(block.elements, reader)),
};

/** A rich_text block for `reader`. */
export function richText(block, reader) {
  const parts = block.elements.map((part) => {
    const draw = PARTS[part.type];
    return draw ? draw(part, reader) : h("div", { class: "unknown", role: "note" }, `Unknown block: ${part.type}`);
  });
  return h("div", { class: "rich" }, parts);
}
