// What was asked and went badly: questions without an answer, answers that were not liked, and what to add to the question bank.

import { el } from "../dom.js";
import { t } from "../messages.js";
import { questionBankLines } from "../quality.js";
import { textAttributes } from "../script.js";

/** @typedef {import("../types.js").ReportedQuestion} ReportedQuestion */

/**
 * @param {import("../types.js").FeedbackReport} report
 * @param {number} days
 */
export function questionReport(report, days) {
  const unanswered = report.unansweredQuestions ?? [];
  const disliked = report.dislikedQuestions ?? [];
  const figures = [
    [t("answersGiven"), report.answers],
    [t("unanswered"), report.unanswered],
    [t("modelFailed"), report.modelFailed],
    [t("helpful"), report.helpful],
    [t("notHelpful"), report.notHelpful],
  ];
  const lines = questionBankLines([...unanswered, ...disliked]);
  return el(
    "div",
    { class: "part" },
    el("p", { class: "quiet-text" }, t("days", { days })),
    el("dl", { class: "facts figures" }, ...figures.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, Number(value ?? 0).toLocaleString("en"))))),
    el("h3", {}, t("unanswered")),
    questionTable(t("unanswered"), unanswered),
    el("h3", {}, t("disliked")),
    questionTable(t("disliked"), disliked),
    el("h3", {}, t("suggestions")),
    el("p", { class: "quiet-text" }, t("suggestionsLead")),
    lines === "" ? el("p", {}, t("nothingYet")) : el("pre", { tabindex: "0", role: "group", "aria-label": t("suggestions") }, lines),
  );
}

/**
 * @param {string} title
 * @param {readonly ReportedQuestion[]} questions
 */
function questionTable(title, questions) {
  if (questions.length === 0) return el("p", {}, t("nothingYet"));
  const heads = [t("question"), t("times"), t("lastAsked"), t("comments")];
  const rows = questions.map(({ question, answers = "0", lastAskedAt = "", comments = [] }) =>
    el(
      "tr",
      {},
      el("th", { scope: "row", ...textAttributes(question) }, question),
      el("td", {}, answers),
      el("td", {}, lastAskedAt.slice(0, 10)),
      el("td", {}, ...comments.map((comment) => el("p", textAttributes(comment), comment))),
    ),
  );
  return el(
    "div",
    { class: "table-box", role: "group", "aria-label": title, tabindex: "0" },
    el("table", {}, el("thead", {}, el("tr", {}, ...heads.map((words) => el("th", { scope: "col" }, words)))), el("tbody", {}, ...rows)),
  );
}
