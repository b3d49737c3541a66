// The view that asks: a question, its answer as it streams, follow-ups, the document beside it.
//
// The conversation lives as long as the page, whichever view is shown and in whichever language; nothing of it is stored.

import { stream } from "../api.js";
import { newAnswer, plainText, take } from "../answer.js";
import { el, fill } from "../dom.js";
import { language, t } from "../messages.js";
import { AnswerView } from "../parts/answer_view.js";
import { DocumentPanel } from "../parts/document_panel.js";
import { failureText, isAbort } from "../parts/failure.js";
import { feedback } from "../parts/feedback.js";
import { Filters, filtersOfQuery, queryOfFilters, searchFilter } from "../parts/filters.js";
import { Suggestions } from "../parts/suggestions.js";
import { toolbar } from "../parts/toolbar.js";
import { formatRoute } from "../router.js";
import { textAttributes } from "../script.js";

/** @typedef {import("../answer.js").AnswerState} AnswerState */
/** @typedef {{ question: string, asOfDate: string, state: AnswerState, broken: string }} Asked  broken: why it is not whole */

/** As many turns as the service takes. */
const MAX_TURNS = 20;
/** In UTF-16 code units; the service takes 8,192 bytes. */
const MAX_QUESTION = 2700;

/** @type {Asked[]} */
let conversation = [];

/** For when somebody else may come. */
export function forgetConversation() {
  conversation = [];
}

export class AskView {
  #turns = el("div", { class: "turns" });
  #panel = new DocumentPanel();
  #abort = new AbortController();
  #question = el("textarea", { name: "question", rows: "2", maxlength: MAX_QUESTION, required: true, id: "question" });
  #label = el("label", { for: "question" });
  #submit = el("button", { type: "submit" }, t("ask"));
  #stop = el("button", { type: "button", class: "quiet", hidden: true, click: () => this.#abort.abort() }, t("stop"));
  #fresh = el("button", { type: "button", class: "quiet", click: () => this.#startAgain() }, t("newConversation"));
  #filters;
  #title = el("h1", {}, t("ask"));
  #lead = el("p", { class: "lead-line" }, t("askLead"));
  #suggestions = new Suggestions((question) => this.#ask(question));

  /** @param {import("../router.js").Route} route */
  constructor(route) {
    this.#filters = new Filters(filtersOfQuery(route.query));
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
    this.#question.addEventListener("input", () => conversation.length === 0 && this.#suggestions.show(this.#question.value.trim()));
    const column = el("div", { class: "column" }, this.#title, this.#lead, this.#turns, form, this.#suggestions.element);
    this.element = el("div", { class: "beside" }, column, this.#panel.element);
    for (const asked of conversation) this.#addTurn(asked).end();
    this.#arrange(false);
    const wanted = (route.query.q ?? "").trim();
    if (wanted !== "" && wanted !== conversation.at(-1)?.question) this.#ask(wanted);
  }

  /** What the address should say. */
  get route() {
    return formatRoute("ask", "", queryOfFilters(this.#filters.values()));
  }

  leave() {
    this.#abort.abort();
    this.#panel.close();
  }

  /** @param {string} question */
  async #ask(question) {
    if (question === "" || !this.#stop.hidden) return;
    const filters = this.#filters.values();
    const history = conversation.slice(-MAX_TURNS).map((asked) => ({ question: asked.question, answer: plainText(asked.state) }));
    const spec = { question, asOfDate: filters.asOfDate, filter: searchFilter(filters), history, language: languageFor(question) };
    /** @type {Asked} */
    const asked = { question, asOfDate: filters.asOfDate, state: newAnswer(), broken: "" };
    // Whoever forgets the conversation meanwhile forgets this question too.
    const own = conversation;
    own.push(asked);
    const turn = this.#addTurn(asked);
    this.#arrange(true);
    turn.focus();
    this.#abort = new AbortController();
    try {
      for await (const event of stream("/v1/answers:stream", { spec }, this.#abort.signal)) {
        take(asked.state, event);
        turn.update();
      }
      if (asked.state.final === null) asked.broken = t("errorBroken");
    } catch (error) {
      asked.broken = isAbort(error) ? t("stopped") : failureText(error);
    }
    this.#arrange(false);
    turn.end();
    // What was not answered at all is no part of the conversation.
    if (asked.state.sentences.length === 0 && asked.state.final === null) own.splice(own.indexOf(asked), 1);
  }

  /**
   * Shows a question with what there is of its answer.
   * @param {Asked} asked
   */
  #addTurn(asked) {
    const { question, state } = asked;
    const view = new AnswerView(({ document: name = "", span }) =>
      this.#panel.open({ document: name, spans: span ? [span] : [], asOfDate: state.final?.asOfDate ?? asked.asOfDate }),
    );
    const heading = el("h2", { class: "asked", tabindex: "-1", ...textAttributes(question) }, question);
    const after = el("div", { class: "after-answer" });
    this.#turns.append(el("article", { class: "turn" }, heading, view.element, after));
    return {
      update: () => view.update(state),
      focus: () => {
        heading.focus({ preventScroll: true });
        heading.scrollIntoView({ block: "start" });
      },
      end: () => {
        view.update(state);
        if (asked.broken !== "") view.breakOff(state, asked.broken);
        if (state.sentences.length === 0 && state.final === null) return;
        fill(after, toolbar(question, state), state.answerId === "" ? null : feedback(state.answerId));
      },
    };
  }

  /** @param {boolean} busy */
  #arrange(busy) {
    const begun = conversation.length > 0 || busy;
    this.#title.className = begun ? "visually-hidden" : "";
    this.#lead.hidden = begun;
    this.#suggestions.element.hidden = begun;
    this.#stop.hidden = !busy;
    this.#submit.disabled = busy;
    this.#fresh.hidden = busy || !begun;
    fill(this.#label, t(begun ? "followUp" : "question"));
    if (begun) this.#question.removeAttribute("placeholder");
    else this.#question.setAttribute("placeholder", t("questionHint"));
    if (busy) this.#question.value = "";
  }

  #startAgain() {
    forgetConversation();
    fill(this.#turns);
    this.#panel.close();
    this.#arrange(false);
    this.#suggestions.show("");
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
