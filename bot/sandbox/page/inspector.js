// The inspector: every request between the sandbox and the bot, newest first, with both bodies on demand.

import { h, icon, iconButton, reconcile } from "./dom.js";
import { clockTime, shortDay } from "./time.js";
import { Trouble } from "./trouble.js";

const LIMIT = 200;

function coloured(json) {
  const nodes = [];
  let last = 0;
  for (const match of json.matchAll(/("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null|-?\d+(?:\.\d+)?)\b/g)) {
    nodes.push(json.slice(last, match.index));
    const kind = match[2] ? "json-key" : match[1] ? "json-text" : "json-word";
    nodes.push(h("span", { class: kind }, match[1] ?? match[0]), match[2] ?? "");
    last = match.index + match[0].length;
  }
  return [...nodes, json.slice(last)];
}

function body(title, value) {
  const empty = value === null || value === undefined || value === "";
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return h(
    "section",
    { class: "exchange-body" },
    h("h4", {}, title),
    empty ? h("p", { class: "muted" }, "empty") : h("pre", { tabindex: "0", "aria-label": title }, coloured(text)),
  );
}

function failed(entry) {
  return !entry.ok;
}

function when(entry, tz) {
  const at = Date.parse(entry.at);
  const told = entry.error ? `, ${entry.error}` : "";
  return `${shortDay(at, tz)}, ${clockTime(at, tz)} in the story · status ${entry.status}${told}`;
}

function exchange(entry, tz) {
  const inbound = entry.direction === "to_bot";
  const details = h(
    "details",
    { class: failed(entry) ? "exchange exchange-failed" : "exchange" },
    h(
      "summary",
      {},
      h("span", { class: `way ${inbound ? "way-in" : "way-out"}` }, inbound ? "to bot" : "from bot"),
      h("span", { class: "exchange-kind" }, entry.what, entry.retry ? ` · retry ${entry.retry}` : ""),
      h(
        "span",
        { class: "exchange-figures" },
        failed(entry) ? icon("warning") : null,
        entry.error ?? String(entry.status),
        entry.ms === null || entry.ms === undefined ? "" : ` · ${Math.round(entry.ms)} ms`,
      ),
    ),
  );
  // Bodies are drawn when somebody asks to see them: most never are.
  details.addEventListener("toggle", () => {
    if (!details.open || details.children.length > 1) return;
    details.append(
      h("p", { class: "muted exchange-when" }, when(entry, tz)),
      body("Request", entry.request),
      body("Answer", entry.response),
    );
  });
  return details;
}

/** The host: {close(), sleep()}. */
export class Inspector {
  #nodes = new Map();
  #entries = [];
  #tz = "UTC";

  constructor(host) {
    this.trouble = new Trouble(host);
    this.filter = h("input", {
      class: "field",
      type: "search",
      placeholder: "Filter, such as views.open",
      "aria-label": "Filter",
      on: { input: () => this.#draw() },
    });
    this.list = h("div", { class: "exchanges", role: "group", "aria-label": "Requests, newest first", tabindex: "0" });
    this.element = h(
      "div",
      { class: "panel-fill" },
      h(
        "header",
        { class: "panel-head" },
        h("h2", {}, "Inspector"),
        h("small", {}, "Between the sandbox and the bot"),
        iconButton("close", "Close inspector", () => host.close()),
      ),
      h("div", { class: "panel-tools" }, this.filter, this.trouble.element),
      this.list,
    );
  }

  /** Show exchanges, oldest first as they come; their times in `tz`. */
  show(entries, tz) {
    this.#entries = entries;
    this.#tz = tz;
    this.#draw();
    this.trouble.look();
  }

  #draw() {
    const wanted = this.filter.value.trim().toLowerCase();
    const shown = this.#entries
      .filter((entry) => entry.what.toLowerCase().includes(wanted))
      .slice(-LIMIT)
      .reverse();
    const next = new Map(shown.map((entry) => [entry.n, this.#nodes.get(entry.n) ?? exchange(entry, this.#tz)]));
    this.#nodes = next;
    reconcile(
      this.list,
      next.size
        ? [...next.values()]
        : [
            h(
              "p",
              { class: "muted empty-line" },
              wanted ? "Nothing of that kind." : "Nothing yet. Say something to the bot.",
            ),
          ],
    );
  }
}
