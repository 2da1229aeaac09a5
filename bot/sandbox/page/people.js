// How people and the bot are pictured: initials on a steady colour, and the words for roles and zones.

import { h, icon } from "./dom.js";
import { zoneCity } from "./time.js";

const HUES = 10;

function initials(name) {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  return (words.length > 1 ? words[0][0] + words.at(-1)[0] : name.slice(0, 2)).toUpperCase();
}

/** A small picture of a person or of the bot, without a name of its own. */
export function avatar(user, size = "") {
  const kind = user.bot ? "avatar-bot" : `avatar-${(user.place ?? 0) % HUES}`;
  return h(
    "span",
    { class: `avatar ${kind} ${size}`, "aria-hidden": "true" },
    user.bot ? icon("message") : initials(user.name),
  );
}

/** Role, guest mark and zone: `coach · guest · Denver`. */
export function describe(user, homeZone) {
  const zone = user.tz && user.tz !== homeZone ? zoneCity(user.tz) : null;
  return [user.role, user.guest ? "guest" : null, zone].filter(Boolean).join(" · ");
}
