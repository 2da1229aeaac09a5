// Slack's mrkdwn, parsed by hand into nodes. Nothing here makes markup from text, and only web and mail
// addresses become links.
//
// A reader (`reader` below) says how the viewing person sees things:
//   {tz, now(), me, userName(id), channelName(id), openChannel(id)}

import { emoji, withEmoji } from "./emoji.js";
import { h } from "./dom.js";
import { fillDate } from "./time.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const STYLES = { "*": "strong", _: "em", "~": "del" };
const WORD = /[\p{L}\p{N}]/u;

/** The three entities Slack knows, as characters. */
export function unescape(text) {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);
}

/** Typed text as Slack would send it on. */
export function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The address if it is one a person may be sent to, else null. */
export function safeUrl(url) {
  try {
    return ["http:", "https:", "mailto:"].includes(new URL(url).protocol) ? url : null;
  } catch {
    return null;
  }
}

/** A link that opens apart from the page; an address of another kind is shown as text. */
export function link(url, label) {
  const safe = safeUrl(url);
  if (!safe) return h("span", {}, `${label} (${url})`);
  return h("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, label);
}

/** A person's name as a mention. */
export function userMention(id, reader) {
  const mine = id === reader.me;
  return h("span", { class: mine ? "mention mention-me" : "mention" }, `@${reader.userName(id) ?? id}`);
}

/** A channel's name, opening it if the viewer has it. */
export function channelMention(id, label, reader) {
  const known = reader.channelName(id);
  const name = known ?? label ?? id;
  if (!known) return h("span", { class: "mention" }, `#${name}`);
  return h(
    "button",
    { class: "mention mention-link", type: "button", on: { click: () => reader.openChannel(id) } },
    `#${name}`,
  );
}

/** `<!here>` and its like. */
export function broadcast(range) {
  return h("span", { class: "mention mention-all" }, `@${range}`);
}

/** An instant in the reader's zone. */
export function dateNode(seconds, template, url, reader) {
  const ms = seconds * 1000;
  const time = h("time", { datetime: new Date(ms).toISOString() }, fillDate(template, ms, reader.tz, reader.now()));
  return url && safeUrl(url) ? link(url, time) : time;
}

function specialNode(body, label, reader) {
  const [kind, ...rest] = body.split("^");
  if (kind === "date" && /^\d+$/.test(rest[0]))
    return dateNode(Number(rest[0]), unescape(rest[1] ?? "{date}"), rest[2], reader);
  if (kind === "subteam") return h("span", { class: "mention" }, label ?? `@${rest[0]}`);
  if (["here", "channel", "everyone"].includes(kind)) return broadcast(kind);
  return h("span", {}, label ?? `<!${body}>`);
}

function angleNode(inside, reader) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? null : unescape(inside.slice(bar + 1)) || null;
  if (target.startsWith("@")) return userMention(target.slice(1), reader);
  if (target.startsWith("#")) return channelMention(target.slice(1), label, reader);
  if (target.startsWith("!")) return specialNode(target.slice(1), label, reader);
  const url = unescape(target);
  return link(url, withEmoji(label ?? url.replace(/^mailto:/, "")));
}

// Where a run opened by `mark` at `start` ends, or -1: on the same line, not inside a link or code.
function closing(text, mark, start) {
  for (let at = start + 1; at < text.length && text[at] !== "\n"; at += 1) {
    if (text[at] === "<" || (text[at] === "`" && mark !== "`")) {
      const end = text.indexOf(text[at] === "<" ? ">" : "`", at + 1);
      if (end > 0) at = end;
      continue;
    }
    const ends = text[at] === mark && at > start + 1 && text[at - 1] !== " ";
    if (ends && !WORD.test(text[at + 1] ?? " ")) return at;
  }
  return -1;
}

function opens(text, at) {
  const next = text[at + 1] ?? " ";
  return !WORD.test(text[at - 1] ?? " ") && next !== " " && next !== "\n" && next !== text[at];
}

const URL_IN_TEXT = /^https?:\/\/[^\s<>"')]*[^\s<>"').,;:!?]/;
const EMOJI_IN_TEXT = /^:([a-z0-9_+'-]+):(?::skin-tone-\d:)?/;

/** One or more lines of mrkdwn without blocks of their own, as nodes. */
export function inline(text, reader) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push(unescape(plain));
    plain = "";
  };
  const put = (node, length) => {
    flush();
    nodes.push(node);
    return length;
  };
  for (let at = 0; at < text.length;) {
    const used = special(text, at, reader, put);
    if (!used) plain += text[at];
    at += used || 1;
  }
  flush();
  return nodes;
}

// Put the node that starts at `at` and return how much text it took, or 0.
function special(text, at, reader, put) {
  const char = text[at];
  const rest = () => text.slice(at);
  if (char === "\n") return put(h("br"), 1);
  if (char === "<") {
    const angle = /^<([^<>\n]+)>/.exec(rest());
    return angle ? put(angleNode(angle[1], reader), angle[0].length) : 0;
  }
  if (char === "`") {
    const code = /^`([^`\n]+)`/.exec(rest());
    return code ? put(h("code", {}, codeText(code[1])), code[0].length) : 0;
  }
  if (char === ":") {
    const named = EMOJI_IN_TEXT.exec(rest());
    const found = named && emoji(named[1]);
    return found ? put(h("span", { class: "emoji", title: named[0] }, found), named[0].length) : 0;
  }
  if (char === "h" && !WORD.test(text[at - 1] ?? " ")) {
    const url = URL_IN_TEXT.exec(rest());
    return url ? put(link(unescape(url[0]), unescape(url[0])), url[0].length) : 0;
  }
  if (STYLES[char] && opens(text, at)) {
    const end = closing(text, char, at);
    return end < 0 ? 0 : put(h(STYLES[char], {}, inline(text.slice(at + 1, end), reader)), end - at + 1);
  }
  return 0;
}

// Links inside code are shown by their label or address, not followed.
function codeText(text) {
  return unescape(text.replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (whole, target, label) => label || target));
}

const QUOTE = /^(?:&gt;|>) ?/;
const BULLET = /^(\s*)([•◦▪‣]|\d+\.) +/;

function lineKind(line) {
  if (QUOTE.test(line)) return "quote";
  return BULLET.test(line) ? "bullet" : "text";
}

function paragraph(kind, lines, reader) {
  if (kind === "quote")
    return h("blockquote", {}, inline(lines.map((line) => line.replace(QUOTE, "")).join("\n"), reader));
  if (kind === "text") return h("div", { class: "text" }, inline(lines.join("\n"), reader));
  return lines.map((line) => {
    const [all, space, mark] = BULLET.exec(line);
    const deep = space.length >= 2 || mark === "◦" ? "bullet bullet-deep" : "bullet";
    return h(
      "div",
      { class: deep },
      h("span", { class: "bullet-mark" }, mark),
      h("span", {}, inline(line.slice(all.length), reader)),
    );
  });
}

function prose(text, reader) {
  const runs = [];
  for (const line of text.split("\n")) {
    const kind = lineKind(line);
    if (runs.at(-1)?.kind === kind) runs.at(-1).lines.push(line);
    else runs.push({ kind, lines: [line] });
  }
  return runs.flatMap((run) => paragraph(run.kind, run.lines, reader));
}

/** A whole mrkdwn text, with its code blocks, quotes and bullets. */
export function mrkdwn(text, reader) {
  const parts = text.split(/```([\s\S]+?)```/);
  const nodes = parts.flatMap((part, index) => {
    if (index % 2) return h("pre", {}, codeText(part.replace(/^\n|\n$/g, "")));
    const between = part.replace(index > 0 ? /^\n/ : "", "").replace(index < parts.length - 1 ? /\n$/ : "", "");
    return between ? prose(between, reader) : [];
  });
  return h("div", { class: "mrkdwn" }, nodes);
}

/** A plain_text or mrkdwn text object, in a block of its own. */
export function textObject(object, reader) {
  if (object.type === "mrkdwn") return mrkdwn(object.text, reader);
  return h("div", { class: "plain" }, plain(object));
}

/** The text of a plain_text object: emoji names stand for emoji unless the object says no. */
export function plain(object) {
  if (!object) return "";
  if (object.type === "mrkdwn") return unescape(object.text);
  return object.emoji === false ? object.text : withEmoji(object.text);
}
