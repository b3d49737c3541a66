// Snapshots as a table, the newest first: counts, the gate's verdict with the figures that missed, the way back for operators.

import { el } from "../dom.js";
import { t } from "../messages.js";

/** @typedef {import("../types.js").SnapshotSummary} SnapshotSummary */
/** @typedef {import("../types.js").GateVerdict} GateVerdict */

/**
 * @param {readonly SnapshotSummary[]} snapshots
 * @param {((id: string) => void) | null} rollBack  null: not offered
 */
export function snapshotTable(snapshots, rollBack) {
  const heads = [t("snapshot"), t("publishedAt"), t("documents"), t("passages"), t("lint"), t("gate")];
  const head = el("tr", {}, ...heads.map((words) => el("th", { scope: "col" }, words)), rollBack === null ? null : el("th", { scope: "col" }, t("rollBack")));
  const rows = snapshots.map((snapshot) => row(snapshot, rollBack));
  return el(
    "div",
    { class: "table-box", role: "group", "aria-label": t("snapshots"), tabindex: "0" },
    el("table", { class: "snapshots" }, el("thead", {}, head), el("tbody", {}, ...rows)),
  );
}

/**
 * @param {SnapshotSummary} snapshot
 * @param {((id: string) => void) | null} rollBack
 */
function row(snapshot, rollBack) {
  const { snapshot: id, publishedAt = "", documents = "0", passages = "0", findings = "", live = false, unreadable = "", gate } = snapshot;
  const mayGoBack = rollBack !== null && !live && unreadable === "";
  const button = mayGoBack ? el("button", { type: "button", class: "quiet", "aria-label": `${t("rollBackShort")} ${id}`, click: () => rollBack(id) }, t("rollBackShort")) : null;
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, id, live ? el("span", { class: "badge in-force" }, t("live")) : null),
    el("td", {}, publishedAt.replace("T", " ").slice(0, 16)),
    unreadable === "" ? null : el("td", { colspan: "4" }, unreadable),
    ...(unreadable === "" ? [el("td", {}, grouped(documents)), el("td", {}, grouped(passages)), el("td", {}, grouped(findings)), el("td", {}, verdict(gate))] : []),
    rollBack === null ? null : el("td", {}, button),
  );
}

/** @param {string} count */
function grouped(count) {
  return count === "" ? "" : Number(count).toLocaleString("en");
}

/** @param {GateVerdict | undefined} gate */
function verdict(gate) {
  if (gate === undefined) return null;
  const missed = (gate.figures ?? []).filter(({ passed }) => !passed);
  const badge = el("span", { class: `badge ${gate.passed ? "in-force" : "out-of-force"}` }, t(gate.passed ? "gatePassed" : "gateRefused"));
  const figures = missed.map(({ subject = "", measure = "", value = 0, floor, live }) => {
    const bound = floor ?? live;
    return el("li", {}, `${subject} ${measure} ${value.toFixed(3)}${bound === undefined ? "" : ` < ${bound.toFixed(3)}`}`);
  });
  return el("div", {}, badge, figures.length === 0 ? null : el("ul", { class: "quiet-text", role: "list" }, ...figures));
}
