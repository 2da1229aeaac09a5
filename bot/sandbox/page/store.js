// What the page knows: the workspace, the viewing person's messages, what was read. It fetches only what changed.

import { get, post } from "./api.js";
import { dayKey, millis } from "./time.js";

const READ_KEY = "convene-sandbox-read";

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(READ_KEY)) ?? {};
  } catch {
    return {};
  }
}

export class Store {
  workspace = null;
  me = null;
  // When the next notice is due, in milliseconds, if one is planned.
  next = null;
  // Messages of the viewer by channel id; a channel the viewer cannot see is not in it.
  messages = new Map();
  // People who got a direct message while somebody else was looking.
  fresh = new Set();
  #clock = 0;
  #clockRead = 0;
  #read = remembered();
  #dismissed = new Set();

  /** Fetch the workspace; false if the sandbox does not answer. */
  async load() {
    const answer = await get("/workspace");
    if (answer.ok === false) return false;
    const users = answer.users.map((user, place) => ({
      ...user,
      handle: user.name,
      name: user.real_name || user.name,
      place,
    }));
    const people = users.filter((user) => !user.bot && !user.deleted);
    this.workspace = { ...answer, users, people, bot: users.find((user) => user.bot) };
    this.#setClock(answer.now);
    await this.refreshClock();
    return true;
  }

  /** Story time in milliseconds: it runs on by itself between two looks at the sandbox's clock. */
  get now() {
    return this.#clock + performance.now() - this.#clockRead;
  }

  #setClock(now) {
    this.#clock = millis(now);
    this.#clockRead = performance.now();
  }

  /** Fetch what time it is and when the bot says something by itself next. */
  async refreshClock() {
    const answer = await get("/clock");
    if (answer.ok === false) return;
    this.#setClock(answer.now);
    this.next = answer.next ? millis(answer.next) : null;
  }

  get viewer() {
    return this.user(this.me);
  }

  user(id) {
    return this.workspace.users.find((user) => user.id === id) ?? null;
  }

  channel(id) {
    return this.workspace.channels.find((channel) => channel.id === id) ?? null;
  }

  /** The channels of the viewing person, their direct messages with the bot last. */
  get channels() {
    return this.workspace.channels.filter((channel) => this.messages.has(channel.id));
  }

  get zone() {
    return this.workspace.zone;
  }

  /** Look as somebody: everything they see is fetched anew. */
  async viewAs(id) {
    if (id !== this.me) this.messages = new Map();
    this.me = id;
    this.fresh.delete(id);
    for (const channel of this.workspace.channels) if (!this.sees(channel)) this.messages.delete(channel.id);
    await Promise.all(
      this.workspace.channels.filter((channel) => this.sees(channel)).map((channel) => this.refresh(channel.id)),
    );
  }

  /** Whether the viewer can read a channel: their own ones, and public ones unless they are a guest. */
  sees(channel) {
    return channel.members.includes(this.me) || (!channel.private && !this.viewer.guest);
  }

  /** Fetch one channel as the viewer sees it. */
  async refresh(channelId) {
    const viewer = this.me;
    const answer = await get("/messages", { channel: channelId, user: viewer });
    if (viewer !== this.me) return;
    if (answer.ok === false) this.messages.delete(channelId);
    else this.messages.set(channelId, answer.messages);
  }

  /** A thread as the viewer sees it, its parent first. */
  async thread(channel, ts) {
    const answer = await get("/messages", { channel, thread_ts: ts, user: this.me });
    return answer.messages ?? [];
  }

  /** Do something as the viewer. */
  act(path, body) {
    return post(path, { user: this.me, ...body });
  }

  #readKey(place) {
    return `${this.me} ${place}`;
  }

  /** The ts up to which the viewer has read a channel or thread; marks of a later story do not count. */
  readUpTo(place) {
    const ts = this.#read[this.#readKey(place)] ?? "0";
    return millis(ts) > this.now + 60_000 ? "0" : ts;
  }

  /** Note what the viewer has read by now; false if that is nothing new. */
  markRead(place, ts) {
    if (!ts || Number(ts) <= Number(this.readUpTo(place))) return false;
    this.#read[this.#readKey(place)] = ts;
    sessionStorage.setItem(READ_KEY, JSON.stringify(this.#read));
    return true;
  }

  /** How many messages of others the viewer has not seen. */
  unread(channelId) {
    const since = Number(this.readUpTo(channelId));
    const messages = this.messages.get(channelId) ?? [];
    return messages.filter(
      (message) => Number(message.ts) > since && message.user !== this.me && !this.isDismissed(message),
    ).length;
  }

  /** Whether a thread that the viewer takes part in has replies they have not seen. */
  threadIsNew(message) {
    const part = message.user === this.me || message.reply_users?.includes(this.me);
    return Boolean(
      part && message.latest_reply && Number(message.latest_reply) > Number(this.readUpTo(`thread ${message.ts}`)),
    );
  }

  dismiss(message) {
    this.#dismissed.add(`${this.me} ${message.ts}`);
  }

  isDismissed(message) {
    return this.#dismissed.has(`${this.me} ${message.ts}`);
  }

  /** How the viewing person sees names and times, for everything that draws text. */
  reader(openChannel) {
    const store = this;
    return {
      get tz() {
        return store.viewer.tz || store.zone.tz;
      },
      get me() {
        return store.me;
      },
      now: () => store.now,
      today: () => dayKey(store.now, store.viewer.tz || store.zone.tz),
      userName: (id) => store.user(id)?.name ?? null,
      channelName: (id) => (store.messages.has(id) ? store.channel(id).name : null),
      users: () => store.workspace.people,
      channels: () => store.channels.filter((channel) => !channel.user),
      openChannel,
    };
  }
}
