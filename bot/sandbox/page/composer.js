// Where a person writes: Enter sends, Shift+Enter breaks the line, `/` completes commands, `@` people.
// Files are chosen with a button, or dropped here, and go with the message.

import { h, icon, iconButton, uid } from "./dom.js";
import { avatar, describe } from "./people.js";

const MAX_ROWS_PX = 180;

// The bytes of a file as base64, which is what the control API takes.
function encoded(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve({ name: file.name, content: String(reader.result).split(",")[1] ?? "" });
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

function commandOption(command) {
  const hint = command.usage_hint ? h("span", { class: "muted" }, ` ${command.usage_hint}`) : null;
  return [
    h("span", { class: "completion-name" }, command.command, hint),
    h("span", { class: "completion-note" }, command.description),
  ];
}

function personOption(user, host) {
  const note = user.bot ? "the bot" : describe(user, host.homeZone());
  return [
    avatar(user, "avatar-small"),
    h("span", { class: "completion-name" }, user.name),
    h("span", { class: "completion-note" }, note),
  ];
}

/**
 * The host: {inThread, viewer(), commands(), people(), homeZone(), refuse(text),
 * send(text, files) -> {ok}, command(command, text) -> {ok}}.
 */
export class Composer {
  #options = [];
  #active = -1;
  #picked = new Map();
  #files = [];

  constructor(host, label) {
    this.host = host;
    const listId = uid("completions");
    this.list = h("div", {
      class: "completions",
      id: listId,
      role: "listbox",
      "aria-label": "Suggestions",
      hidden: true,
    });
    this.status = h("div", { class: "visually-hidden", role: "status" });
    this.text = h("textarea", {
      class: "composer-text",
      rows: 1,
      "aria-label": label,
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "aria-controls": listId,
      spellcheck: "true",
      autocomplete: "off",
    });
    this.usage = h("div", { class: "composer-usage" });
    this.sendButton = h(
      "button",
      { class: "send", type: "submit", "aria-label": "Send", title: "Send (Enter)" },
      icon("send"),
    );
    this.before = h("div", { class: "composer-before" });
    this.chooser = h("input", { type: "file", multiple: true, hidden: true, "aria-label": "Files to attach" });
    this.chooser.addEventListener("change", () => {
      this.#attach(this.chooser.files);
      this.chooser.value = "";
    });
    const attach = iconButton("file", "Attach a file", () => this.chooser.click());
    this.attached = h("div", { class: "composer-files" });
    this.element = h(
      "form",
      { class: "composer", on: { submit: (event) => this.#submit(event) } },
      this.list,
      this.usage,
      this.attached,
      h("div", { class: "composer-box" }, this.before, attach, this.text, this.sendButton),
      this.chooser,
      this.status,
    );
    this.text.addEventListener("input", () => this.#changed());
    this.text.addEventListener("keydown", (event) => this.#key(event));
    this.text.addEventListener("blur", () => this.#close());
    this.text.addEventListener("click", () => this.#changed());
    this.element.addEventListener("dragover", (event) => event.preventDefault());
    this.element.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#attach(event.dataTransfer.files);
    });
  }

  // Files that go with the next message; each can be taken away again.
  #attach(files) {
    this.#files.push(...files);
    this.#showFiles();
    this.text.focus();
  }

  #showFiles() {
    const chips = this.#files.map((file) =>
      h(
        "span",
        { class: "chip" },
        file.name,
        iconButton("close", `Do not attach ${file.name}`, () => {
          this.#files = this.#files.filter((one) => one !== file);
          this.#showFiles();
        }),
      ),
    );
    this.attached.replaceChildren(...chips);
    this.#changed();
  }

  /** Name the place that is written to. */
  label(text) {
    this.text.setAttribute("aria-label", text);
    this.text.placeholder = text;
  }

  focus() {
    this.text.focus();
  }

  /** Begin a text, as if typed. */
  start(text) {
    this.text.value = text;
    this.text.focus();
    this.#changed();
  }

  #changed() {
    this.#grow();
    this.#complete();
    this.#showUsage();
    this.sendButton.classList.toggle("ready", this.text.value.trim() !== "" || this.#files.length > 0);
  }

  #grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, MAX_ROWS_PX)}px`;
  }

  // The command being typed, once its name is complete: how it goes on.
  #showUsage() {
    const name = /^(\/\S+)\s/.exec(this.text.value)?.[1];
    const command = name && !this.host.inThread && this.host.commands().find((one) => one.command === name);
    this.usage.replaceChildren(
      ...(command
        ? [
            h("strong", {}, command.command),
            ` ${command.usage_hint ?? ""}`,
            h("span", { class: "muted" }, command.description),
          ]
        : []),
    );
  }

  #complete() {
    const before = this.text.value.slice(0, this.text.selectionStart);
    const slash = /^\/\S*$/.exec(before);
    const at = /(?:^|\s)@([\p{L}\p{N}._-]*(?: [\p{L}\p{N}._-]*)?)$/u.exec(before);
    if (slash) this.#offer(this.#commandOptions(slash[0]), this.#commandNote());
    else if (at) this.#offer(this.#peopleOptions(at[1]), null);
    else this.#close();
  }

  #commandNote() {
    if (this.host.inThread) return "Slash commands do not work in threads. Write to the channel instead.";
    if (this.host.viewer().guest)
      return "Guests have no slash commands. Write or mention the bot in your own words instead.";
    return null;
  }

  #commandOptions(typed) {
    if (this.#commandNote()) return [];
    return this.host
      .commands()
      .filter((command) => command.command.startsWith(typed))
      .map((command) => ({
        nodes: commandOption(command),
        accept: () => this.#replace(0, `${command.command} `),
      }));
  }

  #peopleOptions(typed) {
    const wanted = typed.toLowerCase();
    const from = this.text.selectionStart - typed.length - 1;
    const matches = this.host.people().filter((user) =>
      user.name
        .toLowerCase()
        .split(" ")
        .concat(user.name.toLowerCase())
        .some((word) => word.startsWith(wanted)),
    );
    return matches.slice(0, 6).map((user) => ({
      nodes: personOption(user, this.host),
      accept: () => {
        this.#picked.set(`@${user.name}`, `<@${user.id}>`);
        this.#replace(from, `@${user.name} `);
      },
    }));
  }

  #replace(from, text) {
    this.text.setRangeText(text, from, this.text.selectionStart, "end");
    this.#changed();
  }

  #offer(options, note) {
    this.#options = options;
    this.list.replaceChildren(
      ...options.map((option, index) =>
        h(
          "div",
          {
            class: "completion",
            id: `${this.list.id}-${index}`,
            role: "option",
            "aria-selected": "false",
            on: { pointerdown: (event) => event.preventDefault(), click: () => option.accept() },
          },
          option.nodes,
        ),
      ),
      ...(note ? [h("div", { class: "completion-info" }, icon("lock"), note)] : []),
    );
    this.list.hidden = options.length === 0 && !note;
    const count = options.length === 1 ? "1 suggestion" : `${options.length} suggestions`;
    this.status.textContent = note ?? (options.length ? count : "");
    this.#activate(options.length ? 0 : -1);
  }

  #activate(index) {
    this.#active = index;
    [...this.list.querySelectorAll('[role="option"]')].forEach((node, at) => {
      node.setAttribute("aria-selected", String(at === index));
      if (at === index) node.scrollIntoView({ block: "nearest" });
    });
    if (index < 0) this.text.removeAttribute("aria-activedescendant");
    else this.text.setAttribute("aria-activedescendant", `${this.list.id}-${index}`);
  }

  #close() {
    this.#options = [];
    this.list.hidden = true;
    this.list.replaceChildren();
    this.#activate(-1);
  }

  #key(event) {
    if (event.isComposing) return;
    if (this.#options.length && this.#completionKey(event)) {
      event.preventDefault();
      return;
    }
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.element.requestSubmit();
    }
  }

  #completionKey(event) {
    const count = this.#options.length;
    if (event.key === "ArrowDown") this.#activate((this.#active + 1) % count);
    else if (event.key === "ArrowUp") this.#activate((this.#active + count - 1) % count);
    else if (
      (event.key === "Tab" && !event.shiftKey) ||
      (event.key === "Enter" && !event.shiftKey && !this.#isComplete())
    )
      this.#options[this.#active].accept();
    else return false;
    return true;
  }

  // A command typed to its end is sent by Enter rather than completed once more.
  #isComplete() {
    return this.host.commands().some((command) => command.command === this.text.value.trim());
  }

  #wire(text) {
    const names = [...this.#picked.keys()].sort((a, b) => b.length - a.length);
    return names.reduce((wired, name) => wired.replaceAll(name, this.#picked.get(name)), text);
  }

  async #submit(event) {
    event.preventDefault();
    const typed = this.text.value.trim();
    const files = this.#files;
    if (!typed && files.length === 0) return;
    const command = files.length === 0 && /^(\/\S+)\s*([\s\S]*)$/.exec(typed);
    if (command && this.host.inThread) {
      this.host.refuse("Slash commands do not work in threads. Write to the channel instead.");
      return;
    }
    this.text.value = "";
    this.#files = [];
    this.#showFiles();
    const answer = await (command
      ? this.host.command(command[1], this.#wire(command[2]))
      : this.host.send(this.#wire(typed), await Promise.all(files.map(encoded))));
    if (answer.ok || this.text.value) return;
    // What was refused is given back, unless the person has begun something new.
    this.text.value = typed;
    this.#files = files;
    this.#showFiles();
    this.#close();
  }
}
