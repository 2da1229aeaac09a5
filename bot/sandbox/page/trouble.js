// Trouble on purpose: a menu of what Slack does wrong next, and a line that says what waits.

import { get, inWords, post } from "./api.js";
import { h, icon } from "./dom.js";
import { menuButton } from "./menu.js";
import { toast } from "./toast.js";

const POST = "chat.postMessage";
const CALLS = [
  ["Is refused: too many at once", "ratelimited"],
  ["Meets a Slack that is broken", "http_500"],
  ["Is cut off on its way", "reset"],
  ["Is never answered", "timeout"],
  ["Arrives, and the answer is lost", "lost_answer"],
];
const DELIVERIES = [
  ["Comes twice", "twice"],
  ["Comes a minute late", "late"],
  ["Comes behind the next one", "shuffled"],
  ["Is heard, and Slack does not know", "lost_answer"],
];

// "2 times what the bot says is cut off on its way", for each that waits.
function inOneLine(one) {
  const told = one.method === "delivery";
  const text = (told ? DELIVERIES : CALLS).find(([, kind]) => kind === one.kind)?.[0] ?? one.kind;
  const what = told ? "what the bot is told" : one.method === POST ? "what the bot says" : one.method;
  return `${one.count > 1 ? `${one.count} times ` : ""}${what} ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

/** The host: {sleep()}. */
export class Trouble {
  #paced = false;

  constructor(host) {
    this.state = h("p", { class: "hint trouble-state", role: "status" });
    const button = menuButton(
      { class: "btn" },
      () => [
        { heading: "What the bot says next" },
        ...CALLS.map(([text, kind]) => ({ text, choose: () => this.#order({ method: POST, kind }) })),
        { heading: "What the bot is told next" },
        ...DELIVERIES.map(([text, kind]) => ({ text, choose: () => this.#order({ method: "delivery", kind }) })),
        { heading: "Until you say otherwise" },
        {
          text: "One message a second in a channel",
          checked: this.#paced,
          choose: () => this.#order({ pace: !this.#paced }),
        },
        { heading: "At once" },
        { text: "The bot is down for six hours", choose: () => host.sleep() },
        { text: "No more trouble", choose: () => this.#order({ clear: true }) },
      ],
      "Make trouble",
      icon("warning"),
      "Make trouble",
    );
    this.element = h("div", { class: "trouble" }, button, this.state);
  }

  /** Ask again what waits: some of it may have come about. */
  async look() {
    this.#show(await get("/fault"));
  }

  async #order(body) {
    this.#show(await post("/fault", body));
  }

  #show(answer) {
    if (!answer.ok) {
      toast(inWords(answer.error));
      return;
    }
    this.#paced = answer.pace;
    this.state.textContent = answer.faults.length ? `Next: ${answer.faults.map(inOneLine).join("; ")}.` : "";
  }
}
