// The bot's modals in one <dialog>: a stack of up to three, errors under their fields, typed values kept.

import { inWords } from "./api.js";
import { BlockList } from "./blocks.js";
import { h, icon, iconButton, uid } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { Values } from "./values.js";

// Under this key the sandbox says that the whole submission failed, rather than one field.
const BANNER = "_banner";

/** The host: {reader, act(view, …) -> {ok}, submit(view, values) -> {ok, error, errors}, close(all) -> {ok}}. */
export class Modal {
  #views = new Map();
  #view = null;
  #before = null;

  constructor(host) {
    this.host = host;
    const title = uid("modal-title");
    this.title = h("h2", { id: title });
    this.back = iconButton("back", "Back", () => this.#close(false));
    this.banner = h("div", { class: "banner", role: "alert" });
    this.body = h("div", { class: "modal-body" });
    this.closeButton = h("button", { class: "btn", type: "button", on: { click: () => this.#close(false) } });
    this.submitButton = h("button", { class: "btn btn-primary", type: "submit" });
    this.form = h(
      "form",
      { class: "modal-form", novalidate: true, on: { submit: (event) => this.#submit(event) } },
      h(
        "header",
        { class: "modal-head" },
        this.back,
        this.title,
        iconButton("close", "Close", () => this.#close(true)),
      ),
      this.banner,
      this.body,
      h("footer", { class: "modal-foot" }, this.closeButton, this.submitButton),
    );
    this.dialog = h("dialog", { class: "modal", "aria-labelledby": title }, this.form);
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#close(false);
    });
    document.body.append(this.dialog);
  }

  get isOpen() {
    return this.#view !== null;
  }

  /** Show what the server says is open for the viewer: a view at a depth, with its errors, or null. */
  show(view, depth = 1, errors = {}) {
    if (!view) {
      this.#hide();
      return;
    }
    // Another window that took the place of one is as new as one above it.
    const fresh = this.#view?.id !== view.id || this.#view.callback_id !== view.callback_id;
    this.#view = view;
    const kept = this.#keptFor(view);
    this.title.textContent = plain(view.title);
    this.back.hidden = depth < 2;
    this.closeButton.textContent = plain(view.close) || (depth > 1 ? "Back" : "Close");
    this.submitButton.hidden = !view.submit;
    this.submitButton.textContent = plain(view.submit);
    kept.values.prune(view.blocks);
    this.#mark(errors);
    if (!this.dialog.open) {
      this.#before = document.activeElement;
      this.dialog.showModal();
    }
    if (fresh) this.#enter();
  }

  #keptFor(view) {
    if (!this.#views.has(view.id)) {
      const surface = {
        kind: "modal",
        reader: this.host.reader,
        values: new Values(),
        errors: {},
        telling: new Set(),
        act: (element, answer) => this.host.act(this.#view, element, answer, surface.values.byBlock(this.#view.blocks)),
      };
      this.#views.set(view.id, { surface, values: surface.values, list: new BlockList(surface) });
    }
    return this.#views.get(view.id);
  }

  #draw(kept) {
    kept.list.show(this.#view.blocks);
    if (this.body.firstChild !== kept.list.element) this.body.replaceChildren(kept.list.element);
  }

  #enter() {
    this.body.scrollTop = 0;
    const inside = (what) => this.body.querySelector(what);
    // A link or a channel in the words above a field is not what somebody has come for.
    const field = inside("input, select, textarea, button:not(.mention)");
    const first = inside("[autofocus]") ?? field ?? inside("a[href], button");
    (first ?? (this.submitButton.hidden ? this.closeButton : this.submitButton)).focus();
  }

  #hide() {
    this.#view = null;
    this.#views.clear();
    this.banner.textContent = "";
    if (!this.dialog.open) return;
    this.dialog.close();
    if (this.#before?.isConnected) this.#before.focus();
  }

  async #close(all) {
    if (!this.#view) return;
    await Promise.all(this.#keptFor(this.#view).surface.telling);
    await this.host.close(all);
  }

  async #submit(event) {
    event.preventDefault();
    if (this.submitButton.getAttribute("aria-busy") === "true") return;
    const view = this.#view;
    this.submitButton.setAttribute("aria-busy", "true");
    await Promise.all(this.#keptFor(view).surface.telling);
    const answer = await this.host.submit(view, this.#keptFor(view).values.byBlock(view.blocks));
    this.submitButton.removeAttribute("aria-busy");
    if (answer.ok) return;
    this.#mark(answer.errors ?? { [BANNER]: inWords(answer.error) });
    this.#toFirstError();
  }

  // Put each message under its own field, or above them all.
  #mark(errors) {
    const { [BANNER]: trouble, ...fields } = errors;
    this.banner.replaceChildren(
      ...(trouble ? [icon("warning"), h("span", {}, trouble, " What you wrote is still here.")] : []),
    );
    const kept = this.#keptFor(this.#view);
    kept.surface.errors = fields;
    this.#draw(kept);
  }

  #toFirstError() {
    const wrong = this.body.querySelector('[aria-invalid="true"]');
    const field = wrong?.matches("input, select, textarea") ? wrong : wrong?.querySelector("input, button");
    field?.focus();
  }
}
