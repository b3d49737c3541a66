// Known questions to begin with, from the question bank. Nothing where the bank is empty or the gateway does not say.

import { get } from "../api.js";
import { el, fill } from "../dom.js";
import { t } from "../messages.js";
import { textAttributes } from "../script.js";

const MOST = 8;

/**
 * @param {(question: string) => void} ask
 * @param {number} [most]
 */
export function suggestions(ask, most = MOST) {
  const box = el("section", { class: "suggestions", "aria-label": t("kioskSuggestions") });
  get("/v1/questions", { limit: most })
    .then((/** @type {{ questions?: string[] }} */ { questions = [] }) => {
      if (questions.length === 0) return;
      const items = questions.map((question) =>
        el("li", {}, el("button", { type: "button", class: "link", click: () => ask(question), ...textAttributes(question) }, question)),
      );
      fill(box, el("h2", {}, t("kioskSuggestions")), el("ul", { role: "list" }, ...items));
    })
    .catch(() => fill(box));
  return box;
}
