// Small questions to the person: a confirmation in a dialogue of its own. Focus goes back to where it came from.

import { h, uid } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";

/** Open a <dialog>, wait until it closes, and put the focus back. Resolves to its return value. */
export function ask(dialog) {
  const before = document.activeElement;
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before?.isConnected) before.focus();
      resolve(dialog.returnValue);
    });
  });
}

/** Ask as a confirm object says; true when the person agrees. */
export async function confirmation(confirm, reader) {
  const title = uid("confirm");
  const style = confirm.style === "danger" ? "btn btn-danger" : "btn btn-primary";
  const dialog = h(
    "dialog",
    { class: "dialog dialog-small", "aria-labelledby": title },
    h(
      "form",
      { method: "dialog", class: "dialog-body" },
      h("h2", { id: title }, plain(confirm.title)),
      textObject(confirm.text, reader),
      h(
        "div",
        { class: "dialog-buttons" },
        h("button", { class: "btn", value: "no" }, plain(confirm.deny)),
        h("button", { class: style, value: "yes" }, plain(confirm.confirm)),
      ),
    ),
  );
  return (await ask(dialog)) === "yes";
}
