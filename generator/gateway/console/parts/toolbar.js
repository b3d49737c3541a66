// What one does with a finished answer: copy with citations, print.

import { textWithCitations } from "../answer.js";
import { el, fill } from "../dom.js";
import { t } from "../messages.js";

/**
 * @param {string} question
 * @param {import("../answer.js").AnswerState} state
 */
export function toolbar(question, state) {
  const status = el("span", { role: "status", class: "quiet-text" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(textWithCitations(question, state));
      fill(status, t("copied"));
    } catch {
      fill(status, t("copyFailed"));
    }
  };
  return el(
    "div",
    { class: "toolbar" },
    el("button", { type: "button", class: "quiet", click: copy }, t("copy")),
    el("button", { type: "button", class: "quiet", click: () => window.print() }, t("print")),
    status,
  );
}
