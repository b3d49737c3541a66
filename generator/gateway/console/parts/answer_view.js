// An answer on the page, as it streams and when it is whole: sentences with chips, notices, refusal, sources.
//
// What was shown of a streamed answer stays where it is, so that a screen reader says each sentence once. Not for asking.

import { citationsOf } from "../answer.js";
import { add, el, fill } from "../dom.js";
import { t } from "../messages.js";
import { textAttributes } from "../script.js";
import { chip, sourceList } from "./citations.js";
import { policyText } from "./policy_text.js";

/** @typedef {import("../answer.js").AnswerState} AnswerState */
/** @typedef {import("../types.js").AnswerSentence} AnswerSentence */

export class AnswerView {
  #open;
  #shown = 0;
  #finished = false;
  /** @type {string[]} */
  #texts = [];
  #progress = el("p", { class: "progress", role: "status" });
  // Polite and additions only: each sentence is read when it is added.
  #sentences = el("div", { class: "sentences", "aria-live": "polite", "aria-relevant": "additions" });
  #notices = el("div", { class: "notices" });
  #sources = el("div", { class: "source-block" });
  #foot = el("p", { class: "answer-foot" });

  /** @param {import("./citations.js").Open} open */
  constructor(open) {
    this.#open = open;
    this.element = el("div", { class: "answer" }, this.#progress, this.#notices, this.#sentences, this.#sources, this.#foot);
    fill(this.#progress, t("searching"));
  }

  /**
   * Shows what is new in the state; nothing when nothing is.
   * @param {AnswerState} state
   */
  update(state) {
    if (this.#finished) return;
    if (state.stage === "found") fill(this.#progress, t("found", { count: state.hits }));
    this.#showSentences(state);
    this.#showNotices(state);
    if (state.final !== null) this.#finish(state);
  }

  /**
   * Ends an answer that does not become whole.
   * @param {AnswerState} state
   * @param {string} why  shown where the progress stood
   */
  breakOff(state, why) {
    fill(this.#progress, why);
    this.#progress.classList.add("broken");
    this.#showSources(state);
  }

  /** @param {AnswerState} state */
  #showSentences(state) {
    const texts = state.sentences.map((sentence) => sentence.text ?? "");
    if (this.#texts.some((text, i) => text !== texts[i])) {
      fill(this.#sentences);
      this.#shown = 0;
    }
    for (const sentence of state.sentences.slice(this.#shown)) this.#sentences.append(this.#sentence(sentence, state));
    this.#shown = state.sentences.length;
    this.#texts = texts;
  }

  /**
   * @param {AnswerSentence} sentence
   * @param {AnswerState} state
   */
  #sentence(sentence, state) {
    const text = sentence.text ?? "";
    const chips = (sentence.citations ?? []).flatMap((number) => {
      const citation = state.citations.get(number);
      return citation === undefined ? [] : [chip(citation, this.#open)];
    });
    const blocks = policyText(text);
    const last = blocks.at(-1);
    const [head, tail] = typeof last === "string" ? beforeLast(last) : [last, ""];
    const kept = el("span", { class: "keep" }, tail, chips.length > 0 ? " " : "", ...chips);
    const line = el("div", { class: "sentence" }, el("div", textAttributes(text), ...blocks.slice(0, -1), head, kept));
    if (sentence.support === "SUPPORT_PARTLY_SUPPORTED") line.append(mark("partly", t("partlySupported")));
    if (sentence.support === "SUPPORT_UNSUPPORTED") line.append(mark("unsupported", t("unsupported")));
    if (sentence.citationMoved) line.append(mark("moved", t("citationMoved")));
    return line;
  }

  /** @param {AnswerState} state */
  #showNotices(state) {
    if (this.#notices.childElementCount === state.notices.length) return;
    const items = state.notices.map((notice) =>
      el("p", { class: "notice", "data-code": notice.code, ...textAttributes(notice.message ?? "") }, notice.message ?? ""),
    );
    this.#notices.setAttribute("role", "note");
    this.#notices.setAttribute("aria-label", t("notices"));
    fill(this.#notices, ...items);
  }

  /** @param {AnswerState} state */
  #finish(state) {
    const answer = state.final;
    if (answer === null) return;
    this.#finished = true;
    fill(this.#progress);
    this.#progress.hidden = true;
    this.element.dataset.status = answer.status ?? "";
    this.element.dataset.mode = answer.mode ?? "";
    if (answer.refusal) {
      const unsure = answer.status === "ANSWER_STATUS_MAY_BE_RELATED";
      const heading = el("h3", {}, t(unsure ? "mayBeRelated" : "noSupport"));
      const words = el("p", textAttributes(answer.refusal), answer.refusal);
      this.#sentences.append(el("div", { class: unsure ? "refusal unsure" : "refusal" }, heading, words));
    }
    this.#showSources(state);
    add(this.#foot, el("span", {}, writer(answer)), el("span", {}, t("asOfLine", { date: answer.asOfDate ?? "", snapshot: answer.snapshot ?? "" })));
  }

  /** @param {AnswerState} state */
  #showSources(state) {
    const cited = citationsOf(state);
    const related = state.final?.related ?? [];
    fill(this.#sources);
    if (cited.length > 0) add(this.#sources, el("h3", {}, t("sources")), sourceList(cited, this.#open));
    if (related.length > 0) add(this.#sources, el("h3", {}, t("related")), sourceList(related, this.#open, "plain"));
  }
}

/**
 * A text cut before its last character, so that a line does not begin with a chip alone.
 * @param {string} text
 * @returns {[string, string]}
 */
function beforeLast(text) {
  const last = [...text].at(-1) ?? "";
  return [text.slice(0, text.length - last.length), last];
}

/**
 * @param {string} name
 * @param {string} words
 */
function mark(name, words) {
  return el("span", { class: `support ${name}` }, words);
}

/** @param {import("../types.js").GroundedAnswer} answer */
function writer(answer) {
  if (answer.mode === "ANSWER_MODE_EXTRACTIVE") return t("byExtraction");
  if (answer.mode !== "ANSWER_MODE_MODEL") return "";
  return answer.model ? t("byModel", { model: answer.model }) : t("byModelUnnamed");
}
