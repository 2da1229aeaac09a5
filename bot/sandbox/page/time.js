// Story times on the page: instants are epoch milliseconds, zones IANA names, words the way the bot writes them.

const formats = new Map();

function format(tz, options) {
  const key = tz + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-US", { timeZone: tz, ...options }));
  return formats.get(key);
}

/** The wall clock in `tz` at `ms`, as numbers. */
export function wall(ms, tz) {
  const numeric = {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  };
  const parts = format(tz, { ...numeric, hourCycle: "h23" }).formatToParts(ms);
  const take = (type) => Number(parts.find((part) => part.type === type).value);
  return {
    year: take("year"),
    month: take("month"),
    day: take("day"),
    hour: take("hour"),
    minute: take("minute"),
    second: take("second"),
  };
}

const pad = (number, width = 2) => String(number).padStart(width, "0");

/** A message ts or epoch seconds in milliseconds; a story time given as ISO text likewise. */
export function millis(value) {
  if (typeof value === "number") return value * 1000;
  return /^\d+(\.\d+)?$/.test(value) ? Number.parseFloat(value) * 1000 : Date.parse(value);
}

/** `2020-10-12` in `tz`: the key of a day. */
export function dayKey(ms, tz) {
  const at = wall(ms, tz);
  return `${pad(at.year, 4)}-${pad(at.month)}-${pad(at.day)}`;
}

/** `2020-10-12T09:00` in `tz`, as a date-time field wants it. */
export function localInput(ms, tz) {
  const at = wall(ms, tz);
  return `${dayKey(ms, tz)}T${pad(at.hour)}:${pad(at.minute)}`;
}

/** The instant of a `2020-10-12T09:00` read in `tz`; a time skipped by daylight saving moves forward. */
export function fromLocalInput(text, tz) {
  const utc = Date.parse(`${text}Z`);
  const offset = (ms) => Date.parse(`${localInput(ms, tz)}Z`) - Math.floor(ms / 60000) * 60000;
  const first = utc - offset(utc);
  const second = utc - offset(first);
  return second - (second % 60000) === first - (first % 60000) ? first : Math.max(first, second);
}

/** `9:00 am`. */
export function clockTime(ms, tz, options = {}) {
  const text = format(tz, { hour: "numeric", minute: "2-digit", ...options }).format(ms);
  return text.replace(/\s/g, " ").replace("AM", "am").replace("PM", "pm");
}

/** `Mon, Oct 12`, with the year if asked. */
export function shortDay(ms, tz, withYear = false) {
  return format(tz, { weekday: "short", month: "short", day: "numeric", ...(withYear && { year: "numeric" }) }).format(
    ms,
  );
}

/** `Monday, October 12`, or Today, Yesterday, Tomorrow as seen from `now`. */
export function dayLabel(ms, tz, now) {
  const nearby = pretty(ms, tz, now);
  if (nearby) return nearby;
  const sameYear = wall(ms, tz).year === wall(now, tz).year;
  const year = sameYear ? {} : { year: "numeric" };
  return format(tz, { weekday: "long", month: "long", day: "numeric", ...year }).format(ms);
}

function pretty(ms, tz, now) {
  const days = (Date.parse(dayKey(ms, tz)) - Date.parse(dayKey(now, tz))) / 86_400_000;
  return { "-1": "Yesterday", 0: "Today", 1: "Tomorrow" }[days] ?? null;
}

/** Where a zone is, in a word: its city. */
export function zoneCity(tz) {
  return tz.split("/").at(-1).replaceAll("_", " ");
}

/** `CDT`, or what the browser has for it. */
export function zoneShort(ms, tz) {
  return format(tz, { timeZoneName: "short" })
    .formatToParts(ms)
    .find((part) => part.type === "timeZoneName").value;
}

function ordinal(day) {
  if (day % 100 >= 11 && day % 100 <= 13) return `${day}th`;
  return `${day}${{ 1: "st", 2: "nd", 3: "rd" }[day % 10] ?? "th"}`;
}

function ago(ms, now) {
  const minutes = Math.round((ms - now) / 60000);
  const relative = new Intl.RelativeTimeFormat("en-US", { numeric: "auto" });
  if (Math.abs(minutes) < 60) return relative.format(minutes, "minute");
  if (Math.abs(minutes) < 48 * 60) return relative.format(Math.round(minutes / 60), "hour");
  return relative.format(Math.round(minutes / 1440), "day");
}

/** Fill the tokens of a Slack date template, e.g. `{date_long} at {time}`, for a reader in `tz`. */
export function fillDate(template, ms, tz, now) {
  const at = wall(ms, tz);
  const long = format(tz, { month: "long" }).format(ms);
  const weekday = format(tz, { weekday: "long" }).format(ms);
  const forms = {
    date_num: dayKey(ms, tz),
    date_slash: `${pad(at.month)}/${pad(at.day)}/${at.year}`,
    date: `${long} ${ordinal(at.day)}, ${at.year}`,
    date_short: format(tz, { month: "short", day: "numeric", year: "numeric" }).format(ms),
    date_long: `${weekday}, ${long} ${ordinal(at.day)}, ${at.year}`,
    day_divider_pretty: dayLabel(ms, tz, now),
    time: clockTime(ms, tz),
    time_secs: clockTime(ms, tz, { second: "2-digit" }),
    ago: ago(ms, now),
  };
  const prettyWord = () => pretty(ms, tz, now)?.toLowerCase();
  return template.replace(/\{(\w+)\}/g, (whole, token) => {
    const plain = forms[token.replace(/_pretty$/, "")];
    if (token in forms) return forms[token];
    return token.endsWith("_pretty") && plain ? (prettyWord() ?? plain) : whole;
  });
}
