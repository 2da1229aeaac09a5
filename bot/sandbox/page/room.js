// The centre: a channel or direct message with its header, messages and composer.

import { announce, toast } from "./toast.js";
import { inWords } from "./api.js";
import { Composer } from "./composer.js";
import { ask, confirmation } from "./dialogs.js";
import { h, icon, iconButton, uid } from "./dom.js";
import { menuButton } from "./menu.js";
import { listIntro, MessageList, spoken } from "./messages.js";
import { unescape } from "./mrkdwn.js";
import { avatar } from "./people.js";
import { hrefTo } from "./route.js";

// Slack's own command, which the bot tells people to use.
const INVITE = { command: "/invite", usage_hint: "@Convene", description: "Let somebody, or the bot, into this channel" };

async function newText(message) {
  const [title, field] = [uid("edit"), uid("edit-text")];
  const text = h("textarea", { id: field, class: "field", rows: 4, required: true });
  text.value = unescape(message.text).replace(/<([^<>|]+)(?:\|[^<>]*)?>/g, (whole, target) =>
    target.startsWith("http") ? target : whole,
  );
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": title },
    h(
      "form",
      { method: "dialog", class: "dialog-body" },
      h("h2", { id: title }, "Edit message"),
      h("label", { class: "visually-hidden", for: field }, "Text"),
      text,
      h(
        "div",
        { class: "dialog-buttons" },
        h("button", { class: "btn", value: "", formnovalidate: true }, "Keep as it was"),
        h("button", { class: "btn btn-primary", value: "yes" }, "Save"),
      ),
    ),
  );
  return (await ask(dialog)) === "yes" ? text.value : null;
}

const DELETE = {
  title: { type: "plain_text", text: "Delete this message?" },
  text: { type: "plain_text", text: "The bot is told, and nobody sees the message any longer." },
  confirm: { type: "plain_text", text: "Delete" },
  deny: { type: "plain_text", text: "Keep" },
  style: "danger",
};

/** What a message list needs to know of the page; `app` is {store, reader, openThread(channel, ts)}. */
function messageHost(app, channelId, inThread, redraw) {
  const { store } = app;
  const perform = async (path, body) => {
    const answer = await store.act(path, body);
    if (!answer.ok) toast(inWords(answer.error));
    return answer;
  };
  const own = (message) => [
    {
      text: "Edit",
      choose: async () => {
        const text = await newText(message);
        if (text) perform("/edit", { channel: channelId, ts: message.ts, text });
      },
    },
    {
      text: "Delete",
      danger: true,
      choose: async () => {
        if (await confirmation(DELETE, app.reader)) perform("/delete", { channel: channelId, ts: message.ts });
      },
    },
  ];
  return {
    reader: app.reader,
    inThread,
    // Who is not in the workspace is the workspace itself, saying that a command failed.
    author: (message) => store.user(message.user) ?? { id: message.user, name: store.workspace.team, bot: true },
    act: (message, element, answer) =>
      perform("/action", { channel: channelId, message_ts: message.ts, action_id: element.action_id, ...answer }),
    openThread: (message) => app.openThread(channelId, message.thread_ts ?? message.ts),
    dismiss: (message) => {
      store.dismiss(message);
      redraw();
    },
    isEphemeral: (message) => Boolean(message.is_ephemeral),
    isDismissed: (message) => store.isDismissed(message),
    messageActions: (message) => {
      const shortcuts = (store.workspace.shortcuts ?? []).filter((one) => one.type === "message");
      const runs = shortcuts.map((one) => ({
        text: one.name,
        choose: () =>
          perform("/shortcut", { callback_id: one.callback_id, channel: channelId, message_ts: message.ts }),
      }));
      return [...runs, ...(message.user === store.me && !message.subtype ? own(message) : [])];
    },
    threadIsNew: (message) => store.threadIsNew(message),
  };
}

/** A composer that writes to a channel, or to a thread of it. */
function writer(app, channelId, threadTs, label) {
  const { store } = app;
  const told = async (promise) => {
    const answer = await promise;
    if (!answer.ok) toast(inWords(answer.error));
    return answer;
  };
  const composer = new Composer(
    {
      inThread: Boolean(threadTs),
      viewer: () => store.viewer,
      commands: () => [...store.workspace.commands, ...(store.channel(channelId).user ? [] : [INVITE])],
      people: () => [...store.workspace.people, store.workspace.bot],
      homeZone: () => store.zone.tz,
      send: (text, files) =>
        told(store.act("/message", { channel: channelId, text, files, ...(threadTs && { thread_ts: threadTs }) })),
      command: (command, text) => told(store.act("/command", { channel: channelId, command, text })),
      refuse: (text) => toast(text),
    },
    label,
  );
  composer.label(label);
  return composer;
}

function shortcutsButton(app) {
  const { store } = app;
  const items = () =>
    (store.workspace.shortcuts ?? [])
      .filter((one) => one.type === "global")
      .map((one) => ({
        text: one.name,
        node: h("span", {}, one.name, one.description ? h("small", {}, one.description) : null),
        choose: async () => {
          const answer = await store.act("/shortcut", { callback_id: one.callback_id });
          if (!answer.ok) toast(inWords(answer.error));
        },
      }));
  if (items().length === 0) return null;
  return menuButton(
    { class: "btn btn-icon btn-quiet", "aria-label": "Shortcuts", title: "Shortcuts" },
    items,
    "Shortcuts",
    icon("bolt"),
  );
}

/** The head of the centre: where one is, what it is for, and what can be done here. */
export function placeHead(title, note, ...tools) {
  return h(
    "header",
    { class: "main-head" },
    h("div", { class: "main-title" }, h("h1", {}, title), note ? h("p", {}, note) : null),
    h("div", { class: "main-tools" }, tools),
  );
}

/** The two sides of the bot, Home and messages; `current` is the one that is shown. */
export function botTabs(app, current) {
  const { store } = app;
  const direct = store.channels.find((channel) => channel.user === store.me);
  const tab = (place, name) =>
    h("a", { href: hrefTo({ as: store.me, in: place }), "aria-current": place === current ? "page" : null }, name);
  return h(
    "nav",
    { class: "tabs", "aria-label": store.workspace.bot.name },
    tab("home", "Home"),
    direct ? tab(direct.id, "Messages") : null,
  );
}

/** A channel in the centre. */
export class Room {
  #seen = null;

  constructor(app, channel) {
    this.app = app;
    this.channel = channel;
    const { store } = app;
    const direct = Boolean(channel.user);
    this.title = direct ? store.workspace.bot.name : channel.name;
    const where = direct ? `Write to ${this.title}` : `Write to #${channel.name}`;
    this.newSince = store.unread(channel.id) ? store.readUpTo(channel.id) : null;
    this.list = new MessageList(
      messageHost(app, channel.id, false, () => this.show()),
      `Messages ${direct ? "with" : "in"} ${this.title}`,
    );
    this.composer = writer(app, channel.id, null, where);
    const shortcuts = shortcutsButton(app);
    if (shortcuts) this.composer.before.append(shortcuts);
    this.join = h(
      "button",
      { class: "btn btn-primary", type: "button", on: { click: () => this.#join() } },
      "Join channel",
    );
    this.joinBar = h(
      "div",
      { class: "join-bar" },
      h("span", {}, `You are looking into #${channel.name} from outside.`),
      this.join,
    );
    const mark = direct ? null : icon(channel.private ? "lock" : "hash", "title-icon");
    const note = direct ? "Direct messages: nobody else reads them" : channel.purpose;
    this.element = h(
      "div",
      { class: "room" },
      placeHead([mark, this.title], note, direct ? botTabs(app, channel.id) : null),
      this.list.element,
      h("div", { class: "writing" }, this.joinBar, this.composer.element),
    );
    this.tries = this.#firstSteps();
    this.intro = this.#intro();
    this.show();
    this.list.toEnd();
  }

  async #join() {
    const answer = await this.app.store.act("/join", { channel: this.channel.id });
    if (!answer.ok) toast(inWords(answer.error));
  }

  /** Draw what the store has now. */
  show() {
    const { store } = this.app;
    const messages = store.messages.get(this.channel.id) ?? [];
    const channel = store.channel(this.channel.id);
    const inside = Boolean(channel.user) || channel.members.includes(store.me);
    this.joinBar.hidden = inside;
    this.composer.element.hidden = !inside;
    this.tries.hidden = messages.length > 0 || !inside || !channel.members.includes(store.workspace.bot.id);
    this.list.show(messages, { newSince: this.newSince, intro: this.intro });
    const last = messages.at(-1);
    if (last && this.#seen !== null && Number(last.ts) > this.#seen && last.user !== store.me)
      announce(spoken(last, this.list.host));
    this.#seen = Number(last?.ts ?? 0);
    if (document.visibilityState === "visible") store.markRead(this.channel.id, last?.ts);
  }

  #intro() {
    const { bot } = this.app.store.workspace;
    if (this.channel.user)
      return listIntro(avatar(bot, "avatar-large"), bot.name, `This is between you and ${bot.name}.`, this.tries);
    const mark = h(
      "span",
      { class: "avatar avatar-large avatar-channel", "aria-hidden": "true" },
      icon(this.channel.private ? "lock" : "hash"),
    );
    return listIntro(
      mark,
      this.channel.name,
      `The beginning of #${this.channel.name}. ${this.channel.purpose}`,
      this.tries,
    );
  }

  // For somebody who has just opened the page, as long as the channel is empty.
  #firstSteps() {
    const { app } = this;
    const step = (text, todo) => h("button", { class: "btn", type: "button", on: { click: todo } }, text);
    return h(
      "div",
      { class: "tries", role: "group", "aria-label": "To begin with" },
      step("Ask when the deadline is", () => this.composer.start("When is the deadline?")),
      step("Open the Home", () => app.openHome()),
      step("Wait for the next notice", () => app.toNextNotice()),
    );
  }
}

/** A thread in the right panel. */
export class Thread {
  constructor(app, channel, ts) {
    this.app = app;
    this.channel = channel;
    this.ts = ts;
    this.list = new MessageList(
      messageHost(app, channel.id, true, () => this.show()),
      "Thread",
    );
    this.composer = writer(app, channel.id, ts, "Reply in thread");
    this.rule = h("div", { class: "divider divider-replies", role: "separator" }, h("span", {}, ""));
    const where = channel.user ? app.store.workspace.bot.name : `#${channel.name}`;
    this.element = h(
      "div",
      { class: "panel-fill" },
      h(
        "header",
        { class: "panel-head" },
        h("h2", {}, "Thread"),
        h("small", {}, where),
        iconButton("close", "Close thread", () => app.closeThread()),
      ),
      this.list.element,
      h("div", { class: "writing" }, this.composer.element),
    );
  }

  /** Fetch and draw. */
  async show() {
    const { store } = this.app;
    const messages = await store.thread(this.channel.id, this.ts);
    const replies = messages.length - 1;
    this.rule.firstChild.textContent = replies === 1 ? "1 reply" : `${replies} replies`;
    this.list.show(messages, { afterFirst: replies > 0 ? this.rule : null });
    if (messages.length > 1 && store.markRead(`thread ${this.ts}`, messages.at(-1).ts)) this.app.redraw();
  }
}
