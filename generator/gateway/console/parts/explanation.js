// Why a hit was found: its words with what each added, its ranks, and the features of the ranking as a table.

import { el } from "../dom.js";
import { t } from "../messages.js";
import { textAttributes } from "../script.js";

/** @param {import("../types.js").Explanation} why */
export function explanation(why) {
  const terms = why.terms ?? [];
  const questions = why.questions ?? [];
  const ranks = [
    why.resolvedReference ? t("byReference") : "",
    why.lexicalRank ? `${t("lexicalRank")} ${why.lexicalRank}` : "",
    why.denseRank ? `${t("denseRank")} ${why.denseRank}` : "",
    why.rerankerScore === undefined ? "" : `reranker ${why.rerankerScore.toFixed(3)}`,
  ].filter(Boolean);
  return el(
    "div",
    { class: "explanation" },
    el("p", {}, ranks.join(" · ")),
    terms.length === 0
      ? null
      : el("p", {}, el("b", {}, t("words")), " ", ...terms.flatMap(({ term = "", weight = 0 }) => [el("span", { class: "term", ...textAttributes(term) }, `${term} ${weight.toFixed(2)}`), " "])),
    questions.length === 0
      ? null
      : el("p", {}, el("b", {}, t("byKnownQuestion")), " ", questions.map(({ text, similarity = 0 }) => `${text} (${similarity.toFixed(2)})`).join("; ")),
    featureTable(why.features ?? []),
  );
}

/** @param {readonly { name?: string, value?: number, weight?: number }[]} features */
function featureTable(features) {
  const rows = features
    .map(({ name = "", value = 0, weight = 0 }) => ({ name, value, weight, added: value * weight }))
    .filter(({ added }) => added !== 0)
    .sort((a, b) => Math.abs(b.added) - Math.abs(a.added));
  if (rows.length === 0) return null;
  const head = ["features", "value", "weight", "contribution"];
  return el(
    "div",
    { class: "table-box", tabindex: "0", role: "group", "aria-label": t("features") },
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, ...head.map((key) => el("th", { scope: "col" }, t(/** @type {"features"} */ (key)))))),
      el(
        "tbody",
        {},
        ...rows.map(({ name, value, weight, added }) =>
          el("tr", {}, el("th", { scope: "row" }, name), ...[value, weight, added].map((number) => el("td", {}, number.toFixed(3)))),
        ),
      ),
    ),
  );
}
