// Who looks and where, in the address: `#as=U1&in=C1&thread=ts`, so that a reload or a link comes back to it.
// A permalink arrives as `?in=C1&ts=…`: it names a message to look at.

/** The place the address names; parts that are not there are null. */
export function readRoute() {
  const given = new URLSearchParams(location.hash.slice(1) || location.search);
  return { as: given.get("as"), in: given.get("in"), thread: given.get("thread"), ts: given.get("ts") };
}

/** The address of a place. */
export function hrefTo({ as, in: inside, thread }) {
  const given = Object.entries({ as, in: inside, thread }).filter(([, value]) => value);
  return `#${new URLSearchParams(given)}`;
}

/** Go there; without a step back in the browser's history if `replace`. */
export function go(place, { replace = false } = {}) {
  const href = hrefTo(place);
  if (href === location.hash && !location.search) return;
  if (replace) history.replaceState(null, "", location.pathname + href);
  else location.hash = href;
}
