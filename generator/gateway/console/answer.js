// An answer as it arrives: events of the stream put together, and the finished answer as plain text.
//
// Not for what is shown. Pure functions over plain values.

import { t } from "./messages.js";

/** @typedef {import("./types.js").StreamEvent} StreamEvent */
/** @typedef {import("./types.js").GroundedAnswer} GroundedAnswer */
/** @typedef {import("./types.js").AnswerSentence} AnswerSentence */
/** @typedef {import("./types.js").Citation} Citation */
/** @typedef {import("./types.js").Notice} Notice */

/**
 * @typedef {object} AnswerState
 * @property {"asked" | "found" | "done"} stage
 * @property {number} hits
 * @property {AnswerSentence[]} sentences
 * @property {Map<number, Citation>} citations  by number
 * @property {Notice[]} notices
 * @property {GroundedAnswer | null} final
 * @property {string} answerId
 */

/** @returns {AnswerState} */
export function newAnswer() {
  return { stage: "asked", hits: 0, sentences: [], citations: new Map(), notices: [], final: null, answerId: "" };
}

/**
 * Takes an event in. What the last message says holds, whatever came before it.
 * @param {AnswerState} state  changed
 * @param {StreamEvent} event
 */
export function take(state, event) {
  if (event.searchDone !== undefined) {
    state.stage = "found";
    state.hits = event.searchDone.hits ?? 0;
  }
  if (event.sentence !== undefined) {
    takeCitations(state, event.sentence.citations ?? []);
    if (event.sentence.sentence !== undefined) state.sentences.push(event.sentence.sentence);
  }
  if (event.notice !== undefined) state.notices.push(event.notice);
  if (event.final !== undefined) {
    state.stage = "done";
    state.final = event.final;
    state.sentences = event.final.sentences ?? [];
    state.citations = new Map();
    takeCitations(state, event.final.citations ?? []);
    state.notices = event.final.notices ?? [];
  }
  if (event.answerId) state.answerId = event.answerId;
}

/**
 * @param {AnswerState} state
 * @param {readonly Citation[]} citations
 */
function takeCitations(state, citations) {
  for (const citation of citations) state.citations.set(citation.number ?? 0, citation);
}

/**
 * The citations, by number.
 * @param {AnswerState} state
 */
export function citationsOf(state) {
  return [...state.citations.values()].sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
}

/**
 * The answer without marks: for a next question's history and for reading aloud.
 * @param {AnswerState} state
 */
export function plainText(state) {
  const sentences = state.sentences.map((sentence) => sentence.text ?? "").join("\n");
  return sentences || state.final?.refusal || "";
}

/**
 * Question, answer and sources, for the clipboard and for letters.
 * @param {string} question
 * @param {AnswerState} state
 */
export function textWithCitations(question, state) {
  const lines = [question, ""];
  for (const sentence of state.sentences) {
    lines.push((sentence.text ?? "") + (sentence.citations ?? []).map((number) => `[${number}]`).join(""));
  }
  if (state.final?.refusal) lines.push(state.final.refusal);
  for (const notice of state.notices) lines.push(`(${notice.message ?? ""})`);
  const cited = citationsOf(state);
  const sources = cited.length > 0 ? cited : (state.final?.related ?? []);
  if (sources.length > 0) lines.push("", cited.length > 0 ? t("sources") : t("related"));
  for (const citation of sources) {
    const number = cited.length > 0 ? `[${citation.number}] ` : "- ";
    const place = [citation.label, citation.documentNumber, validityWords(citation.validity)].filter(Boolean).join(", ");
    lines.push(`${number}${place}`, `    ${(citation.quote ?? "").replaceAll("\n", "\n    ")}`);
  }
  if (state.final !== null) {
    const { asOfDate = "", snapshot = "" } = state.final;
    lines.push("", t("asOfLine", { date: asOfDate, snapshot }));
  }
  return lines.join("\n");
}

/** @type {Record<string, "inForce" | "noLongerInForce" | "notYetInForce">} */
const STATES = {
  STATE_IN_FORCE: "inForce",
  STATE_NO_LONGER_IN_FORCE: "noLongerInForce",
  STATE_NOT_YET_IN_FORCE: "notYetInForce",
};

/**
 * The state of a validity and its days, for people; empty when nothing is known.
 * @param {import("./types.js").Validity | undefined} validity
 */
export function validityWords(validity) {
  const key = STATES[validity?.state ?? ""];
  return [key === undefined ? "" : t(key), validityDays(validity)].filter(Boolean).join(" ");
}

/** @param {import("./types.js").Validity | undefined} validity */
export function validityDays(validity) {
  const { validFrom: from = "", validTo: to = "" } = validity ?? {};
  if (from !== "" && to !== "") return t("validBetween", { from, to });
  if (from !== "") return t("validFrom", { from });
  return to === "" ? "" : t("validTo", { to });
}
