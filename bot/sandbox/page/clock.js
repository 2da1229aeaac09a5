// The story's clock: what time it is in the program and for the viewer, and the buttons that move it.

import { ask } from "./dialogs.js";
import { h, icon, uid } from "./dom.js";
import { clockTime, dayKey, localInput, shortDay, zoneCity } from "./time.js";

// What the viewer's own clock shows, with its day where that is another, or nothing.
function elsewhere(now, zone, viewer) {
  if (localInput(now, viewer.tz) === localInput(now, zone.tz)) return "";
  const day = dayKey(now, viewer.tz) === dayKey(now, zone.tz) ? "" : `${shortDay(now, viewer.tz)}, `;
  return `${day}${clockTime(now, viewer.tz)} for ${viewer.name.split(" ")[0]} in ${zoneCity(viewer.tz)}`;
}

/** The host: {walk(body) -> {ok}}. */
export class ClockBar {
  constructor(root, host) {
    this.host = host;
    this.time = h("div", { class: "clock-time", role: "timer", "aria-live": "off", "aria-label": "Story time" });
    this.due = h("span", { class: "clock-due" });
    const jump = (label, title, body, ...more) =>
      h(
        "button",
        { class: "clock-button", type: "button", title, on: { click: () => host.walk(body) } },
        h("span", {}, label),
        more,
      );
    this.buttons = h(
      "div",
      { class: "clock-buttons", role: "group", "aria-label": "Move the clock" },
      jump("Next notice", "Go on until the bot says something by itself", { next: true }, this.due),
      jump("+1 hour", "One hour on", { advance: "1h" }),
      jump("+1 day", "One day on", { advance: "1d" }),
      h(
        "button",
        { class: "clock-button", type: "button", title: "Choose a day and time", on: { click: () => this.#goTo() } },
        "Go to…",
      ),
    );
    this.busy = h("div", { class: "clock-busy", "aria-hidden": "true" });
    root.append(h("div", { class: "clock" }, icon("clock", "clock-icon"), this.time, this.buttons), this.busy);
  }

  /**
   * Show `now` (ms) in the program's zone, and in the viewer's where that differs; `next` is when the next notice is due,
   * or null.
   */
  show({ now, next, zone, viewer }) {
    this.now = now;
    this.zone = zone;
    const main = [
      h("strong", {}, shortDay(now, zone.tz, true)),
      h("strong", { class: "clock-hands" }, clockTime(now, zone.tz)),
      h("span", { class: "clock-zone" }, zone.place),
    ];
    const theirs = elsewhere(now, zone, viewer);
    this.time.replaceChildren(h("span", { class: "clock-main" }, main), h("span", { class: "clock-other" }, theirs));
    this.#showNext(next, zone);
  }

  #showNext(next, zone) {
    if (next === null) {
      this.due.textContent = "none planned";
      return;
    }
    const today = dayKey(next, zone.tz) === dayKey(this.now, zone.tz);
    this.due.textContent = (today ? "" : `${shortDay(next, zone.tz)}, `) + clockTime(next, zone.tz);
  }

  /** Show that the story is walking; the buttons wait. */
  walking(yes) {
    this.busy.classList.toggle("is-walking", yes);
    this.buttons.setAttribute("aria-busy", String(yes));
    for (const button of this.buttons.children) button.setAttribute("aria-disabled", String(yes));
  }

  async #goTo() {
    const [title, field] = [uid("goto"), uid("goto-field")];
    const input = h("input", {
      id: field,
      class: "field",
      type: "datetime-local",
      required: true,
      min: localInput(this.now, this.zone.tz),
    });
    input.value = localInput(this.now, this.zone.tz);
    const dialog = h(
      "dialog",
      { class: "dialog dialog-small", "aria-labelledby": title },
      h(
        "form",
        { method: "dialog", class: "dialog-body" },
        h("h2", { id: title }, "Go to a day and time"),
        h("label", { class: "label", for: field }, `Time in ${this.zone.place}`),
        input,
        h("p", { class: "hint" }, "Everything due on the way is posted at its own time. The story only goes forward."),
        h(
          "div",
          { class: "dialog-buttons" },
          h("button", { class: "btn", value: "", formnovalidate: true }, "Stay here"),
          h("button", { class: "btn btn-primary", value: "go" }, "Go"),
        ),
      ),
    );
    if ((await ask(dialog)) === "go" && input.value) this.host.walk({ to: input.value });
  }
}
