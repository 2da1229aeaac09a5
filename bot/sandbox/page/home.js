// The App Home of the viewing person: opening it tells the bot, which then publishes.

import { get, inWords } from "./api.js";
import { BlockList } from "./blocks.js";
import { h } from "./dom.js";
import { botTabs, placeHead } from "./room.js";
import { toast } from "./toast.js";
import { Values } from "./values.js";

export class Home {
  #view = null;

  constructor(app) {
    this.app = app;
    const { store } = app;
    this.person = store.me;
    const surface = {
      kind: "home",
      reader: app.reader,
      values: new Values(),
      act: (element, answer) => this.#act(element, answer, surface.values.byBlock(this.#view.blocks)),
    };
    this.blocks = new BlockList(surface);
    this.body = h("div", { class: "home-body", tabindex: "0", role: "region", "aria-label": "App Home" });
    this.element = h(
      "div",
      { class: "room" },
      placeHead(
        [store.workspace.bot.name],
        `What ${store.workspace.bot.name} shows ${store.viewer.name}, and nobody else`,
        botTabs(app, "home"),
      ),
      this.body,
    );
    this.#open();
  }

  async #open() {
    this.body.setAttribute("aria-busy", "true");
    const answer = await this.app.store.act("/home", {});
    this.body.removeAttribute("aria-busy");
    if (!answer.ok) toast(inWords(answer.error));
    await this.show();
  }

  async #act(element, answer, values) {
    const place = { view_id: this.#view.id, action_id: element.action_id };
    const result = await this.app.store.act("/action", { ...place, values, ...answer });
    if (!result.ok) toast(inWords(result.error));
    return result;
  }

  /** Fetch and draw what was published last. */
  async show() {
    const answer = await get("/home", { user: this.person });
    this.#view = answer.view ?? null;
    if (this.#view) this.blocks.show(this.#view.blocks);
    const { bot } = this.app.store.workspace;
    const wanted = this.#view
      ? this.blocks.element
      : h("p", { class: "empty" }, `${bot.name} has not published a Home for ${this.app.store.viewer.name} yet.`);
    if (this.body.firstChild !== wanted) this.body.replaceChildren(wanted);
  }
}
