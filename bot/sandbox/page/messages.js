// A list of messages: day dividers, runs by one author, threads, files; redrawn only where something changed.

import { BlockList } from "./blocks.js";
import { h, icon, reconcile, uid } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { menuButton } from "./menu.js";
import { mrkdwn, unescape } from "./mrkdwn.js";
import { avatar } from "./people.js";
import { clockTime, dayKey, dayLabel, millis, shortDay } from "./time.js";
import { Values } from "./values.js";

const RUN_MS = 5 * 60_000;
const NEAR_BOTTOM = 80;

const isNotice = (message) =>
  [
    "channel_join",
    "channel_leave",
    "channel_topic",
    "channel_purpose",
    "channel_name",
    "channel_archive",
    "tombstone",
  ].includes(message.subtype);

/** What a message says, for a screen reader's announcement. */
export function spoken(message, host) {
  const who = host.author(message).name;
  const text = unescape(message.text || "")
    .replace(/<@(\w+)>/g, (whole, id) => host.reader.userName(id) ?? "somebody")
    .replace(/<[^>|]*\|?([^>]*)>/g, "$1")
    .replace(/[*_~`]/g, "");
  return `${who}: ${text.slice(0, 160)}`;
}

function fileSize(bytes) {
  if (!bytes) return "";
  return bytes < 1024 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} KB`;
}

function fileNode(file) {
  const href = file.url_private_download ?? file.url_private;
  const name = file.title || file.name || "File";
  return h(
    "a",
    { class: "file", href, download: file.name ?? "" },
    icon("file"),
    h(
      "span",
      { class: "file-name" },
      name,
      h("small", {}, [file.name !== name ? file.name : null, fileSize(file.size)].filter(Boolean).join(" · ")),
    ),
    icon("down"),
  );
}

function attachmentNode(attachment, host, message) {
  const parts = [attachment.pretext, attachment.title, attachment.text ?? attachment.fallback].filter(Boolean);
  return h(
    "div",
    { class: "attachment" },
    attachment.blocks ? blocksNode(attachment.blocks, host, message) : parts.map((part) => mrkdwn(part, host.reader)),
  );
}

function blocksNode(blocks, host, message) {
  const surface = {
    kind: "message",
    reader: host.reader,
    values: new Values(),
    act: (element, answer) => host.act(message, element, answer),
  };
  const list = new BlockList(surface);
  list.show(blocks);
  return list.element;
}

// What people type comes with Slack's rich_text; their text says the same and knows bold and emoji.
function bodyOf(message, host) {
  const typed = !message.bot_id && message.text;
  const body =
    message.blocks?.length && !typed
      ? blocksNode(message.blocks, host, message)
      : mrkdwn(message.text ?? "", host.reader);
  return h(
    "div",
    { class: "message-body" },
    body,
    (message.attachments ?? []).map((attachment) => attachmentNode(attachment, host, message)),
    message.files?.length ? h("div", { class: "files" }, message.files.map(fileNode)) : null,
    message.reactions?.length ? reactions(message) : null,
  );
}

function reactions(message) {
  return h(
    "div",
    { class: "reactions" },
    message.reactions.map(({ name, count }) => h("span", { class: "chip" }, `${withEmoji(`:${name}:`)} ${count}`)),
  );
}

function threadBar(message, host) {
  if (!message.reply_count) return null;
  const count = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  const latest = message.latest_reply ? clockTime(millis(message.latest_reply), host.reader.tz) : null;
  const fresh = host.threadIsNew(message);
  return h(
    "button",
    { class: "thread-bar", type: "button", on: { click: () => host.openThread(message) } },
    icon("reply"),
    h("strong", {}, count),
    fresh ? h("span", { class: "badge" }, "new") : null,
    latest ? h("span", { class: "muted" }, `last at ${latest}`) : null,
  );
}

function ephemeralBar(message, host) {
  return h(
    "div",
    { class: "ephemeral-bar" },
    icon("eye"),
    h("span", {}, "Only visible to you"),
    h("button", { class: "link-button", type: "button", on: { click: () => host.dismiss(message) } }, "Dismiss"),
  );
}

function toolbar(message, host, name) {
  const items = host.messageActions(message);
  return h(
    "div",
    { class: "message-tools" },
    host.inThread
      ? null
      : h(
          "button",
          {
            class: "tool",
            type: "button",
            "aria-label": `Reply in thread to ${name}`,
            title: "Reply in thread",
            on: { click: () => host.openThread(message) },
          },
          icon("reply"),
        ),
    items.length
      ? menuButton(
          { class: "tool", "aria-label": `More for ${name}`, title: "More" },
          () => items,
          "Message",
          icon("more"),
        )
      : null,
  );
}

function noticeNode(message, host) {
  return h(
    "div",
    { class: "message-notice" },
    mrkdwn(message.text ?? "", host.reader),
    h("span", { class: "muted" }, clockTime(millis(message.ts), host.reader.tz)),
  );
}

function messageNode(message, host, first) {
  if (isNotice(message)) return noticeNode(message, host);
  const { reader } = host;
  const author = host.author(message);
  const ms = millis(message.ts);
  const time = clockTime(ms, reader.tz);
  const id = uid("by");
  const ephemeral = host.isEphemeral(message);
  const head = first
    ? h(
        "div",
        { class: "message-head", id },
        h("strong", { class: "author" }, author.name),
        author.bot ? h("span", { class: "tag" }, "bot") : null,
        author.guest ? h("span", { class: "tag" }, "guest") : null,
        h(
          "time",
          { class: "muted", datetime: new Date(ms).toISOString(), title: `${shortDay(ms, reader.tz, true)}, ${time}` },
          time,
        ),
      )
    : h("div", { class: "visually-hidden", id }, `${author.name}, ${time}`);
  return h(
    "article",
    {
      class: `message${first ? " message-first" : ""}${ephemeral ? " message-ephemeral" : ""}`,
      "aria-labelledby": id,
      tabindex: "-1",
      data: { ts: message.ts },
    },
    h(
      "div",
      { class: "gutter" },
      first ? avatar(author) : h("span", { class: "gutter-time", "aria-hidden": "true" }, time.replace(/ [ap]m/, "")),
    ),
    h(
      "div",
      { class: "message-main" },
      ephemeral ? ephemeralBar(message, host) : null,
      head,
      bodyOf(message, host),
      message.edited ? h("span", { class: "muted edited" }, "(edited)") : null,
      ephemeral || host.inThread ? null : threadBar(message, host),
    ),
    ephemeral ? null : toolbar(message, host, author.name),
  );
}

// A day begins, or what the viewer has not read, or both at once.
function divider(day, isNew) {
  const marks = [day ? h("span", {}, day) : null, isNew ? h("span", { class: "divider-mark" }, "New") : null];
  return h("div", { class: isNew ? "divider divider-new" : "divider", role: "separator" }, marks);
}

/**
 * The messages of a channel or thread. The host says who looks and what can be done:
 * {reader, inThread, author(m), act(…), openThread(m), dismiss(m), isEphemeral(m), isDismissed(m), messageActions(m),
 * threadIsNew(m)}
 */
export class MessageList {
  #nodes = new Map();
  #following = true;

  constructor(host, label) {
    this.host = host;
    this.end = h(
      "button",
      { class: "to-end", type: "button", hidden: true, on: { click: () => this.toEnd() } },
      icon("down"),
      "New messages",
    );
    this.list = h("div", { class: "messages", role: "log", "aria-live": "off", "aria-label": label, tabindex: "0" });
    this.list.addEventListener("scroll", () => {
      this.#following = this.atEnd();
      if (this.#following) this.end.hidden = true;
    });
    // A note above or a longer text below takes room: whoever was at the end stays there.
    new ResizeObserver(() => this.#following && this.toEnd()).observe(this.list);
    this.element = h("div", { class: "messages-frame" }, this.list, this.end);
  }

  atEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR_BOTTOM;
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    this.end.hidden = true;
  }

  /** Bring a message into view and let it stand out for a moment. */
  point(ts) {
    const node = this.#nodes.get(ts)?.node;
    node?.scrollIntoView({ block: "center" });
    node?.classList.add("message-pointed");
  }

  /** Show messages, oldest first; those after `newSince` stand under a line that says so. `intro` comes first. */
  show(messages, { newSince = null, intro = null, afterFirst = null } = {}) {
    const stay = !this.atEnd();
    const last = [...this.#nodes.keys()].at(-1);
    const shown = messages.filter((message) => !this.host.isDismissed(message));
    const nodes = intro ? [intro] : [];
    const next = new Map();
    shown.forEach((message, index) => {
      nodes.push(...this.#dividers(message, shown[index - 1], newSince, next));
      nodes.push(
        this.#keep(next, message.ts, this.#printOf(message, shown[index - 1]), () =>
          messageNode(message, this.host, this.#startsRun(message, shown[index - 1])),
        ),
      );
      if (index === 0 && afterFirst) nodes.push(afterFirst);
    });
    this.#nodes = next;
    this.#keepFocus(() => reconcile(this.list, nodes));
    if (!stay) this.toEnd();
    else if (shown.length && last !== undefined && Number(shown.at(-1).ts) > Number(last)) this.end.hidden = false;
  }

  // A message drawn anew under somebody's fingers takes the focus, so that the keyboard does not start over.
  #keepFocus(redraw) {
    const ts = document.activeElement?.closest(".message")?.dataset.ts;
    const had = ts && this.list.contains(document.activeElement);
    redraw();
    if (had && document.activeElement === document.body) this.#nodes.get(ts)?.node.focus({ preventScroll: true });
  }

  #dividers(message, before, newSince, next) {
    const { reader } = this.host;
    const ms = millis(message.ts);
    const begins = !before || dayKey(millis(before.ts), reader.tz) !== dayKey(ms, reader.tz);
    const day = begins ? dayLabel(ms, reader.tz, reader.now()) : null;
    const isNew = this.#isFirstNew(message, before, newSince);
    if (!day && !isNew) return [];
    return [this.#keep(next, `before ${message.ts}`, `${day} ${isNew}`, () => divider(day, isNew))];
  }

  #isFirstNew(message, before, newSince) {
    if (newSince === null || Number(message.ts) <= Number(newSince)) return false;
    return Boolean(before) && Number(before.ts) <= Number(newSince);
  }

  #startsRun(message, before) {
    const { host } = this;
    if (!before || isNotice(before) || host.isEphemeral(before) !== host.isEphemeral(message)) return true;
    if (host.author(before).id !== host.author(message).id) return true;
    if (dayKey(millis(before.ts), host.reader.tz) !== dayKey(millis(message.ts), host.reader.tz)) return true;
    return millis(message.ts) - millis(before.ts) > RUN_MS;
  }

  #printOf(message, before) {
    const { reader } = this.host;
    return JSON.stringify([
      message,
      this.#startsRun(message, before),
      reader.me,
      reader.tz,
      reader.today(),
      this.host.threadIsNew(message),
    ]);
  }

  #keep(next, key, print, make) {
    const old = this.#nodes.get(key);
    const kept = old?.print === print ? old : { print, node: make() };
    next.set(key, kept);
    return kept.node;
  }
}

/** What stands at the beginning of a list: whose it is and what it is for. */
export function listIntro(mark, title, text, ...more) {
  return h("div", { class: "list-intro" }, mark, h("h2", {}, title), h("p", {}, text), more);
}
