// The page's only way out: the sandbox's public control API and its event stream.

const BASE = "/_sandbox";

// Slack's short error codes in the words of a person; a sentence from the server is shown as it is.
const WORDS = {
  operation_timeout: "The bot did not answer within three seconds.",
  dispatch_failed: "The bot could not be reached.",
  http_client_error: "The bot refused the request.",
  channel_not_found: "This person cannot see that channel.",
  not_in_channel: "This person is not in that channel.",
  invalid_payload: "The bot's answer was not a message.",
  unreachable: "The sandbox does not answer. Is it still running?",
};

/** What went wrong, for a person. */
export function inWords(error) {
  if (!error) return "That did not work.";
  if (WORDS[error]) return WORDS[error];
  if (/^[a-z_]+$/.test(error)) return `Not possible: ${error.replaceAll("_", " ")}.`;
  const sentence = error.replace(/^[a-z_]+: /, "");
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

async function call(path, options) {
  try {
    const response = await fetch(BASE + path, options);
    const body = await response.json();
    return response.ok ? body : { ...body, ok: false, error: body.error ?? `HTTP ${response.status}` };
  } catch {
    return { ok: false, error: "unreachable" };
  }
}

/** Read: `null` and missing parameters are left out of the address. */
export function get(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  const search = new URLSearchParams(given).toString();
  return call(search ? `${path}?${search}` : path, { headers: { Accept: "application/json" } });
}

/** Do: resolves to `{ok, …}` when the bot has acknowledged, and never rejects. */
export function post(path, body) {
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  });
}

/** Follow the event stream; after a broken connection `onState(true)` comes again, and everything is stale. */
export function listen(onEvent, onState) {
  let source = null;
  let retry = 0;
  const open = () => {
    source = new EventSource(`${BASE}/stream`);
    source.onopen = () => {
      retry = 0;
      onState(true);
    };
    source.onmessage = (message) => onEvent(JSON.parse(message.data));
    source.onerror = () => {
      onState(false);
      if (source.readyState !== EventSource.CLOSED) return;
      // The browser gives up on an HTTP error; the sandbox may just be starting again.
      retry = Math.min(retry + 1, 6);
      setTimeout(open, 500 * retry);
    };
  };
  open();
  return () => source.close();
}
