// Asks before something that others will notice. The safe answer has the focus.

import { el } from "../dom.js";
import { t } from "../messages.js";

/**
 * @param {string} question
 * @param {string} yes  words of the button that goes on
 * @returns {Promise<boolean>}
 */
export function confirmed(question, yes) {
  return new Promise((resolve) => {
    const cancel = el("button", { type: "button", class: "quiet", click: () => dialog.close("no") }, t("cancel"));
    const go = el("button", { type: "button", click: () => dialog.close("yes") }, yes);
    const dialog = el("dialog", { "aria-labelledby": "confirm-question" }, el("p", { id: "confirm-question" }, question), el("div", { class: "form-row" }, cancel, go));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
    cancel.focus();
  });
}
