// The left column: the program, who is looking, channels with what is unread, the bot.

import { h, icon } from "./dom.js";
import { menuButton } from "./menu.js";
import { avatar, describe } from "./people.js";

function personLine(user, homeZone, fresh) {
  return h(
    "span",
    { class: "person" },
    avatar(user, "avatar-small"),
    h(
      "span",
      { class: "person-words" },
      h("span", { class: "person-name" }, user.name),
      h("small", {}, describe(user, homeZone)),
    ),
    fresh ? h("span", { class: "badge" }, "new") : null,
  );
}

function unreadMark(count) {
  return count
    ? h("span", { class: "badge", "aria-label": `${count} unread` }, count > 99 ? "99+" : String(count))
    : null;
}

function place({ href, iconName, name, note, count, current }) {
  return h(
    "a",
    { class: count ? "place place-unread" : "place", href, "aria-current": current ? "page" : null },
    icon(iconName),
    h("span", { class: "place-words" }, h("span", { class: "place-name" }, name), note ? h("small", {}, note) : null),
    unreadMark(count),
  );
}

/** The host: {viewAs(userId)}. */
export class Sidebar {
  #menuItems = [];

  constructor(root, host) {
    this.host = host;
    this.program = h("div", { class: "program" });
    this.who = menuButton({ class: "view-as" }, () => this.#menuItems, "View as");
    this.places = h("div", { class: "places" });
    root.append(
      this.program,
      h("div", { class: "view-as-frame" }, h("div", { class: "side-label", id: "view-as-label" }, "View as"), this.who),
      this.places,
    );
  }

  /**
   * Draw: {workspace, viewer, homeZone, current, hrefTo(place), unread(channelId), fresh: Set of user ids}.
   */
  show(state) {
    const { workspace, viewer, homeZone } = state;
    const under = workspace.programName ? [h("small", {}, workspace.team)] : [];
    this.program.replaceChildren(h("strong", {}, workspace.programName || workspace.team), ...under);
    this.who.replaceChildren(personLine(viewer, homeZone, false), icon("chevron"));
    this.who.setAttribute("aria-label", `View as: ${viewer.name}, ${describe(viewer, homeZone)}. Change person`);
    this.#menuItems = workspace.people.map((user) => ({
      text: user.name,
      node: personLine(user, homeZone, state.fresh.has(user.id) && user.id !== viewer.id),
      checked: user.id === viewer.id,
      choose: () => this.host.viewAs(user.id),
    }));
    const focused = this.places.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    this.places.replaceChildren(this.#channels(state), this.#direct(state));
    if (focused) [...this.places.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
  }

  #channels({ workspace, current, hrefTo, unread }) {
    const channels = workspace.channels.filter((channel) => !channel.user);
    return h(
      "section",
      { "aria-labelledby": "side-channels" },
      h("h2", { class: "side-label", id: "side-channels" }, "Channels"),
      h(
        "ul",
        {},
        channels.map((channel) =>
          h(
            "li",
            {},
            place({
              href: hrefTo(channel.id),
              iconName: channel.private ? "lock" : "hash",
              name: channel.name,
              note: channel.purpose,
              count: unread(channel.id),
              current: current === channel.id,
            }),
          ),
        ),
      ),
    );
  }

  #direct({ workspace, viewer, current, hrefTo, unread }) {
    const channel = workspace.channels.find((one) => one.user === viewer.id);
    return h(
      "section",
      { "aria-labelledby": "side-bot" },
      h("h2", { class: "side-label", id: "side-bot" }, workspace.bot.name),
      h(
        "ul",
        {},
        h(
          "li",
          {},
          place({
            href: hrefTo("home"),
            iconName: "home",
            name: "Home",
            note: `What ${workspace.bot.name} has for you`,
            count: 0,
            current: current === "home",
          }),
        ),
        channel
          ? h(
              "li",
              {},
              place({
                href: hrefTo(channel.id),
                iconName: "message",
                name: "Direct messages",
                note: `Between you and ${workspace.bot.name}`,
                count: unread(channel.id),
                current: current === channel.id,
              }),
            )
          : null,
      ),
    );
  }
}
