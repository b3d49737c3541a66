// The view that asks: a question, its answer as it streams, follow-ups, the document beside it.
//
// The conversation lives as long as the page; nothing of it is stored.

import { stream } from "../api.js";
import { newAnswer, plainText, take } from "../answer.js";
import { el, fill } from "../dom.js";
import { language, t } from "../messages.js";
import { AnswerView } from "../parts/answer_view.js";
import { DocumentPanel } from "../parts/document_panel.js";
import { failureText, isAbort } from "../parts/failure.js";
import { feedback } from "../parts/feedback.js";
import { Filters, filtersOfQuery, queryOfFilters, searchFilter } from "../parts/filters.js";
import { suggestions } from "../parts/suggestions.js";
import { toolbar } from "../parts/toolbar.js";
import { formatRoute } from "../router.js";
import { textAttributes } from "../script.js";

/** As many turns as the service takes. */
const MAX_TURNS = 20;
/** In UTF-16 code units; the service takes 8,192 bytes. */
const MAX_QUESTION = 2700;

export class AskView {
  /** @type {import("../types.js").Turn[]} */
  #history = [];
  #turns = el("div", { class: "turns" });
  #panel = new DocumentPanel();
  #abort = new AbortController();
  #question = el("textarea", { name: "question", rows: "2", maxlength: MAX_QUESTION, required: true, id: "question" });
  #label = el("label", { for: "question" }, t("question"));
  #submit = el("button", { type: "submit" }, t("ask"));
  #stop = el("button", { type: "button", class: "quiet", hidden: true, click: () => this.#abort.abort() }, t("stop"));
  #fresh = el("button", { type: "button", class: "quiet", hidden: true, click: () => this.#startAgain() }, t("newConversation"));
  #filters;
  #title = el("h1", {}, t("ask"));
  #lead = el("p", { class: "lead-line" }, t("askLead"));
  #suggestions = suggestions((question) => this.#ask(question));

  /** @param {import("../router.js").Route} route */
  constructor(route) {
    this.#filters = new Filters(filtersOfQuery(route.query));
    this.#question.setAttribute("placeholder", t("questionHint"));
    this.#question.value = route.query.q ?? "";
    const form = el(
      "form",
      { class: "ask-form" },
      this.#label,
      this.#question,
      el("div", { class: "form-row" }, this.#submit, this.#stop, this.#fresh),
      this.#filters.element,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#ask(this.#question.value.trim());
    });
    this.#question.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    this.element = el("div", { class: "beside" }, el("div", { class: "column" }, this.#title, this.#lead, this.#turns, form, this.#suggestions), this.#panel.element);
    if (this.#question.value !== "") this.#ask(this.#question.value.trim());
  }

  /** What the address should say. */
  get route() {
    return formatRoute("ask", "", queryOfFilters(this.#filters.values()));
  }

  leave() {
    this.#abort.abort();
  }

  /** @param {string} question */
  async #ask(question) {
    if (question === "" || !this.#stop.hidden) return;
    const filters = this.#filters.values();
    const state = newAnswer();
    const view = new AnswerView((citation) => {
      const asOfDate = state.final?.asOfDate ?? filters.asOfDate;
      this.#panel.open({ document: citation.document ?? "", spans: citation.span ? [citation.span] : [], asOfDate });
    });
    const heading = el("h2", { class: "asked", tabindex: "-1", ...textAttributes(question) }, question);
    const after = el("div", { class: "after-answer" });
    const turn = el("article", { class: "turn" }, heading, view.element, after);
    this.#turns.append(turn);
    this.#busy(true);
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: "start" });
    const spec = { question, asOfDate: filters.asOfDate, filter: searchFilter(filters), history: this.#history.slice(-MAX_TURNS), language: languageFor(question) };
    this.#abort = new AbortController();
    try {
      for await (const event of stream("/v1/answers:stream", { spec }, this.#abort.signal)) {
        take(state, event);
        view.update(state);
      }
      if (state.final === null) view.breakOff(state, t("errorBroken"));
    } catch (error) {
      view.breakOff(state, isAbort(error) ? t("stopped") : failureText(error));
    }
    this.#busy(false);
    if (state.sentences.length > 0 || state.final !== null) {
      this.#history.push({ question, answer: plainText(state) });
      fill(after, toolbar(question, state), state.answerId === "" ? null : feedback(state.answerId));
    }
  }

  /** @param {boolean} busy */
  #busy(busy) {
    this.#title.className = "visually-hidden";
    this.#lead.hidden = true;
    this.#suggestions.hidden = true;
    this.#stop.hidden = !busy;
    this.#submit.disabled = busy;
    this.#fresh.hidden = busy;
    fill(this.#label, t("followUp"));
    this.#question.removeAttribute("placeholder");
    if (busy) this.#question.value = "";
  }

  #startAgain() {
    this.#history = [];
    fill(this.#turns);
    this.#panel.close();
    this.#title.className = "";
    this.#lead.hidden = false;
    this.#suggestions.hidden = false;
    this.#fresh.hidden = true;
    fill(this.#label, t("question"));
    this.#question.setAttribute("placeholder", t("questionHint"));
    this.#question.focus();
  }
}

/**
 * Fixed phrases follow the question; a question without letters takes the page's language.
 * @param {string} question
 */
function languageFor(question) {
  return /\p{L}/u.test(question) ? "" : language();
}
