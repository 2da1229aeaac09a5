// The page as a whole: it follows the address and the event stream, and asks its parts to draw.

import { get, inWords, listen } from "./api.js";
import { ClockBar } from "./clock.js";
import { h, icon, iconButton } from "./dom.js";
import { Home } from "./home.js";
import { Inspector } from "./inspector.js";
import { closeMenu } from "./menu.js";
import { Modal } from "./modal.js";
import { Room, Thread } from "./room.js";
import { go, hrefTo, readRoute } from "./route.js";
import { Sidebar } from "./sidebar.js";
import { Store } from "./store.js";
import { clockTime, millis, shortDay } from "./time.js";
import { announce, toast } from "./toast.js";

const SETTLE_MS = 40;
const CLOCK_MS = 5000;
const root = (id) => document.getElementById(id);

class App {
  store = new Store();
  reader = this.store.reader((id) => this.#goto({ in: id, thread: null }));
  #place = { as: null, in: null, thread: null };
  #arrival = 0;
  #centre = null;
  #thread = null;
  #inspecting = false;
  #log = [];
  #stale = new Set();
  #settling = null;
  #walk = null;
  #connected = false;

  async start() {
    while (!(await this.store.load())) {
      root("offline").hidden = false;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    root("offline").hidden = true;
    this.#build();
    window.addEventListener("hashchange", () => this.#arrive());
    document.addEventListener("visibilitychange", () => this.#centre?.show());
    await this.#arrive();
    setInterval(() => this.#drawClock(), CLOCK_MS);
    listen(
      (event) => this.#happened(event),
      (open) => this.#connection(open),
    );
  }

  #build() {
    const drawer = { class: "btn btn-icon btn-quiet drawer-button", "aria-expanded": "false", "aria-controls": "side" };
    this.drawerButton = iconButton("menu", "Channels and people", () => this.#drawer(!this.#drawerOpen), drawer);
    const brand = h(
      "div",
      { class: "brand" },
      icon("message", "brand-mark"),
      h("span", {}, "Convene ", h("em", {}, "sandbox")),
    );
    const clock = h("div", { class: "clock-frame" });
    this.inspectButton = h(
      "button",
      {
        class: "clock-button inspect-button",
        type: "button",
        "aria-label": "Inspector",
        "aria-pressed": "false",
        on: { click: () => this.#inspect(!this.#inspecting) },
      },
      icon("pulse"),
      h("span", {}, "Inspector"),
    );
    root("top").append(this.drawerButton, brand, clock, this.inspectButton);
    this.clock = new ClockBar(clock, { walk: (body) => this.#walkOn(body) });
    this.passed = h("div", { class: "passed", role: "status", hidden: true });
    root("top").after(this.passed);
    this.sidebar = new Sidebar(root("side"), { viewAs: (id) => this.#viewAs(id) });
    this.inspector = new Inspector({ close: () => this.#inspect(false), sleep: () => this.#walkOn({ sleep: "6h" }) });
    this.modal = new Modal({
      reader: this.reader,
      act: (view, element, answer, values) =>
        this.#perform("/action", { view_id: view.id, action_id: element.action_id, values, ...answer }),
      submit: (view, values) => this.store.act("/submit", { view_id: view.id, values }),
      close: (all) => this.#perform("/close", all ? { all: true } : {}),
    });
    root("scrim").addEventListener("click", () => this.#drawer(false));
    root("skip").addEventListener("click", (event) => {
      event.preventDefault();
      root("main").focus();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#drawerOpen) this.#drawer(false);
    });
  }

  async #perform(path, body) {
    const answer = await this.store.act(path, body);
    if (!answer.ok) toast(inWords(answer.error));
    return answer;
  }

  // Places

  #goto(change) {
    go({ ...this.#place, ...change });
  }

  #viewAs(id) {
    const direct = this.store.channel(this.#place.in)?.user;
    // Somebody else's direct messages are theirs: the new viewer comes to their own.
    const own = this.store.workspace.channels.find((channel) => channel.user === id);
    this.#goto({ as: id, in: direct ? (own?.id ?? "home") : this.#place.in, thread: null });
  }

  openThread(channel, ts) {
    this.#inspect(false);
    this.#goto({ in: channel, thread: ts });
  }

  /** What was read changes how the channel looks. */
  redraw() {
    this.#centre.show();
  }

  openHome() {
    this.#goto({ in: "home", thread: null });
  }

  toNextNotice() {
    this.#walkOn({ next: true });
  }

  closeThread() {
    this.#goto({ thread: null });
  }

  async #arrive() {
    closeMenu();
    const asked = readRoute();
    const { store } = this;
    const viewer = store.user(asked.as) && !store.user(asked.as).bot ? asked.as : store.workspace.people[0].id;
    const moved = viewer !== this.#place.as;
    this.#arrival += 1;
    const arrival = this.#arrival;
    if (moved) await store.viewAs(viewer);
    // Somebody who went on meanwhile is not called back.
    if (arrival !== this.#arrival) return;
    const inside = asked.in === "home" || store.messages.has(asked.in) ? asked.in : (store.channels[0]?.id ?? "home");
    const before = this.#place;
    this.#place = { as: viewer, in: inside, thread: inside === asked.in ? asked.thread : null };
    go(this.#place, { replace: true });
    if (moved || before.in !== inside) this.#enter();
    if (moved || before.in !== inside || before.thread !== this.#place.thread) this.#enterThread();
    if (asked.ts) this.#centre.list?.point(asked.ts);
    if (moved) await this.#showView();
    this.#drawer(false);
    this.#drawFrame();
  }

  #enter() {
    const { store } = this;
    const channel = store.channel(this.#place.in);
    this.#centre = channel ? new Room(this, channel) : new Home(this);
    root("main").replaceChildren(this.#centre.element);
    if (this.#centre.list) this.#centre.list.toEnd();
    const name = channel ? (channel.user ? store.workspace.bot.name : `#${channel.name}`) : "Home";
    document.title = `${name} · Convene sandbox`;
    announce(`${name}, as ${store.viewer.name}`);
  }

  #enterThread() {
    const channel = this.store.channel(this.#place.in);
    this.#thread = this.#place.thread && channel ? new Thread(this, channel, this.#place.thread) : null;
    this.#thread?.show();
    this.#drawPanel();
    if (this.#thread && matchMedia("(min-width: 900px)").matches) this.#thread.composer.focus();
  }

  #drawPanel() {
    const shown = this.#inspecting ? this.inspector : this.#thread;
    const panel = root("panel");
    panel.hidden = !shown;
    panel.setAttribute("aria-label", this.#inspecting ? "Inspector" : "Thread");
    panel.replaceChildren(...(shown ? [shown.element] : []));
    document.body.classList.toggle("with-panel", Boolean(shown));
    this.inspectButton.setAttribute("aria-pressed", String(this.#inspecting));
  }

  #inspect(yes) {
    if (this.#inspecting === yes) return;
    this.#inspecting = yes;
    if (yes) this.#showLog();
    this.#drawPanel();
    if (!yes) this.inspectButton.focus();
  }

  get #drawerOpen() {
    return document.body.classList.contains("drawer-open");
  }

  #drawer(open) {
    const was = this.#drawerOpen;
    document.body.classList.toggle("drawer-open", open);
    root("scrim").hidden = !open;
    this.drawerButton.setAttribute("aria-expanded", String(open));
    if (open) root("side").querySelector("button, a")?.focus();
    else if (was) this.drawerButton.focus();
  }

  #drawFrame() {
    const { store } = this;
    this.sidebar.show({
      workspace: { ...store.workspace, channels: store.channels },
      viewer: store.viewer,
      homeZone: store.zone.tz,
      current: this.#place.in,
      hrefTo: (id) => hrefTo({ as: store.me, in: id }),
      unread: (id) => (id === this.#place.in ? 0 : store.unread(id)),
      fresh: store.fresh,
    });
    this.#drawClock();
  }

  #drawClock() {
    const { store } = this;
    this.clock.show({ now: store.now, next: store.next, zone: store.zone, viewer: store.viewer });
  }

  // Events

  #connection(open) {
    root("offline").hidden = open;
    if (open && !this.#connected) this.#catchUp();
    this.#connected = open;
  }

  // While nobody listened anything may have changed, the workspace itself included.
  async #catchUp() {
    const { store } = this;
    if (!(await store.load())) return;
    this.#log = [];
    await store.viewAs(store.me);
    await Promise.all([
      this.#centre.show(),
      this.#thread?.show(),
      this.#showView(),
      this.#inspecting ? this.#showLog() : null,
    ]);
    this.#drawFrame();
  }

  #happened(event) {
    if (event.type === "log" && !this.#inspecting) return;
    if (event.type === "message") {
      this.#walk?.touched.add(event.channel);
      const owner = this.store.channel(event.channel)?.user;
      if (owner && owner !== this.store.me) this.store.fresh.add(owner);
    }
    const mine = !event.user || event.user === this.store.me;
    if (mine) this.#stale.add(event.channel ? `${event.type} ${event.channel}` : event.type);
    this.#settling ??= setTimeout(() => this.#settle(), SETTLE_MS);
  }

  async #settle() {
    const stale = this.#stale;
    this.#stale = new Set();
    try {
      await this.#refetch(stale);
    } finally {
      this.#settling = this.#stale.size ? setTimeout(() => this.#settle(), SETTLE_MS) : null;
    }
  }

  // Fetch what a burst of events made stale, each thing once.
  async #refetch(stale) {
    const { store } = this;
    const channels = [...stale].filter((key) => key.startsWith("message ")).map((key) => key.slice(8));
    const anew = stale.has("channel") || [...stale].some((key) => key.startsWith("channel "));
    if (anew) await store.load();
    else if (stale.has("clock") || channels.length) await store.refreshClock();
    if (anew) await store.viewAs(store.me);
    const visible = channels.filter((id) => store.channel(id) && store.sees(store.channel(id)));
    await Promise.all([
      ...visible.map((id) => store.refresh(id)),
      stale.has("view") ? this.#showView() : null,
      stale.has("home") && this.#place.in === "home" ? this.#centre.show() : null,
      stale.has("log") && this.#inspecting ? this.#showLog() : null,
    ]);
    if (anew || stale.has("clock") || visible.includes(this.#place.in)) this.#centre.show();
    if (visible.includes(this.#place.in)) await this.#thread?.show();
    this.#drawFrame();
  }

  async #showView() {
    const answer = await get("/view", { user: this.store.me });
    if (answer.ok !== false) this.modal.show(answer.view, answer.depth, answer.errors);
  }

  async #showLog() {
    const last = () => this.#log.at(-1)?.n ?? 0;
    const answer = await get("/log", { after: last() });
    if (answer.ok === false) return;
    this.#log.push(...answer.log.filter((entry) => entry.n > last()));
    this.inspector.show(this.#log, this.store.zone.tz);
  }

  // Time

  async #walkOn(body) {
    if (this.#walk) return;
    this.#walk = { from: this.store.now, touched: new Set() };
    this.clock.walking(true);
    announce("The story goes on");
    const answer = await this.store.act("/clock", body);
    await this.store.refreshClock();
    const walk = this.#walk;
    this.#walk = null;
    this.clock.walking(false);
    this.#drawFrame();
    if (!answer.ok) toast(inWords(answer.error));
    else await this.#showPassed(walk);
  }

  #saidSince(message, from) {
    return (message.bot_id && millis(message.ts) > from) || millis(message.latest_reply ?? "0") > from;
  }

  // To what was said: as the viewer where they can see it, else as somebody who can.
  #passedLink({ channel, count }) {
    const { store } = this;
    const inside = store.workspace.people.filter(({ id }) => channel.members.includes(id));
    const reader = store.sees(channel)
      ? store.viewer
      : (inside.find(({ role }) => role === "facilitator") ?? inside[0]);
    const elsewhere = reader === store.viewer ? "" : ` as ${reader.name}`;
    const name = channel.user ? `to ${reader.name}` : `#${channel.name}${elsewhere}`;
    const href = hrefTo({ as: reader.id, in: channel.id });
    return h("a", { class: "passed-link", href }, name, h("span", { class: "badge" }, String(count)));
  }

  // What the bot said on the way, with links to it.
  async #showPassed({ from, touched }) {
    const { store } = this;
    const found = await Promise.all(
      [...touched].map(async (id) => {
        const { messages = [] } = await get("/messages", { channel: id });
        return {
          channel: store.channel(id),
          count: messages.filter((message) => this.#saidSince(message, from)).length,
        };
      }),
    );
    const links = found.filter(({ channel, count }) => channel && count).map((one) => this.#passedLink(one));
    const { tz } = store.zone;
    const words = `Since ${shortDay(from, tz)}, ${clockTime(from, tz)}: `;
    this.passed.replaceChildren(
      h("span", {}, words),
      ...(links.length ? links : [h("span", {}, "nothing was due.")]),
      iconButton("close", "Dismiss", () => {
        this.passed.hidden = true;
      }),
    );
    this.passed.hidden = false;
  }
}

new App().start();
