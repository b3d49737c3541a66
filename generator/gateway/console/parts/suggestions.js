// Known questions from the question bank: the first ones to begin with, then those that begin with or hold what is being typed.
//
// Nothing where the bank is empty or the gateway does not say. Asks the gateway when typing pauses, and shows its last answer.

import { get } from "../api.js";
import { el, fill } from "../dom.js";
import { t } from "../messages.js";
import { textAttributes } from "../script.js";

const MOST = 8;
/** Milliseconds without a key that are a pause. */
const PAUSE = 200;
/** Longest beginning of a question that is looked for, in UTF-16 code units. */
const LONGEST = 60;

export class Suggestions {
  #ask;
  #most;
  #prefix = "";
  #timer = 0;
  #abort = new AbortController();
  element = el("section", { class: "suggestions", "aria-label": t("kioskSuggestions") });

  /**
   * @param {(question: string) => void} ask
   * @param {number} [most]
   */
  constructor(ask, most = MOST) {
    this.#ask = ask;
    this.#most = most;
    this.#load();
  }

  /** @param {string} prefix  what was typed */
  show(prefix) {
    if (prefix === this.#prefix || prefix.length > LONGEST) return;
    this.#prefix = prefix;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#load(), PAUSE);
  }

  async #load() {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    /** @type {{ questions?: string[] }} */
    const { questions = [] } = await get("/v1/questions", { prefix: this.#prefix, limit: this.#most }, signal).catch(() => ({}));
    if (signal.aborted) return;
    const items = questions.map((question) =>
      el("li", {}, el("button", { type: "button", class: "link", click: () => this.#ask(question), ...textAttributes(question) }, question)),
    );
    if (items.length === 0) fill(this.element);
    else fill(this.element, el("h2", {}, t("kioskSuggestions")), el("ul", { role: "list" }, ...items));
  }
}
