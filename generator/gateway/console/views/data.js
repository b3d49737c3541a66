// The data team's view: snapshots and what their gates found, over time; findings of the corpus; questions that went badly.
//
// Reads only, but for an operator's roll back. Each part loads by itself, so that one that is not offered hides no other.

import { get, post } from "../api.js";
import { el, fill } from "../dom.js";
import { t } from "../messages.js";
import { confirmed } from "../parts/confirm.js";
import { failure, failureText, isAbort } from "../parts/failure.js";
import { lineChart } from "../parts/line_chart.js";
import { questionReport } from "../parts/question_report.js";
import { snapshotTable } from "../parts/snapshot_table.js";
import { countSamples, gateSeries, inOrder } from "../quality.js";
import { formatRoute } from "../router.js";

/** @typedef {import("../types.js").ListSnapshotsResponse} ListSnapshotsResponse */

const DAYS = 30;
const MOST = 50;

export class DataView {
  #abort = new AbortController();
  #operator;
  #status = el("p", { role: "status", class: "progress" });
  #snapshots = el("div", { class: "part" });
  #lint = el("div", { class: "part" });
  #questions = el("div", { class: "part" });

  /**
   * @param {import("../router.js").Route} _route
   * @param {import("../types.js").Session} session
   */
  constructor(_route, session) {
    this.#operator = (session.roles ?? []).includes("operator");
    this.element = el(
      "div",
      { class: "column wide data-page" },
      el("h1", {}, t("data")),
      this.#status,
      part("snapshots", t("snapshots"), this.#snapshots),
      part("findings", t("lint"), this.#lint),
      part("questions", t("questionsAsked"), this.#questions),
    );
    this.#load(this.#snapshots, "/v1/admin/snapshots", {}, (answer) => this.#showSnapshots(answer));
    this.#load(this.#lint, "/v1/admin/lint", {}, findings);
    this.#load(this.#questions, "/v1/admin/report", { days: DAYS, most: MOST }, (report) => questionReport(report, DAYS));
  }

  get route() {
    return formatRoute("data");
  }

  leave() {
    this.#abort.abort();
  }

  /**
   * @param {HTMLElement} place
   * @param {string} path
   * @param {Record<string, number>} query
   * @param {(answer: any) => Node} build
   */
  async #load(place, path, query, build) {
    fill(place, el("p", { role: "status" }, t("loading")));
    try {
      fill(place, build(await get(path, query, this.#abort.signal)));
    } catch (error) {
      if (!isAbort(error)) fill(place, failure(error, () => this.#load(place, path, query, build)));
    }
  }

  /** @param {ListSnapshotsResponse} answer */
  #showSnapshots(answer) {
    const snapshots = answer.snapshots ?? [];
    const ordered = inOrder(snapshots);
    const charts = [
      lineChartOf(t("documents"), countSamples(ordered, "documents")),
      lineChartOf(t("passages"), countSamples(ordered, "passages")),
      ...gateSeries(ordered).map(({ name, samples, floor }) => lineChartOf(name, samples, floor)),
    ];
    const rollBack = this.#operator ? (/** @type {string} */ id) => this.#rollBack(id) : null;
    return el("div", { class: "part" }, el("div", { class: "charts" }, ...charts), snapshotTable(snapshots, rollBack));
  }

  /** @param {string} id */
  async #rollBack(id) {
    if (!(await confirmed(t("rollBackAsk", { id }), t("rollBack")))) return;
    try {
      const answer = await post(`/v1/admin/snapshots/${encodeURIComponent(id)}:rollBack`, {});
      fill(this.#status, t("rolledBack", { id: answer.snapshot ?? id }));
      await this.#load(this.#snapshots, "/v1/admin/snapshots", {}, (list) => this.#showSnapshots(list));
    } catch (error) {
      fill(this.#status, failureText(error));
    }
  }
}

/**
 * @param {string} title
 * @param {import("../parts/line_chart.js").Sample[]} samples
 * @param {number} [floor]
 */
function lineChartOf(title, samples, floor) {
  return samples.length === 0 ? null : lineChart(title, samples, floor);
}

/**
 * @param {string} id
 * @param {string} title
 * @param {HTMLElement} content
 */
function part(id, title, content) {
  return el("section", { "aria-labelledby": `part-${id}` }, el("h2", { id: `part-${id}` }, title), content);
}

/** @type {Record<string, "findingUnread" | "findingSkipped" | "findingLeftOut" | "findingWarning" | "findingWithdrawn">} */
const FINDINGS = {
  KIND_UNREAD: "findingUnread",
  KIND_SKIPPED: "findingSkipped",
  KIND_LEFT_OUT: "findingLeftOut",
  KIND_WARNING: "findingWarning",
  KIND_WITHDRAWN: "findingWithdrawn",
};

/** @param {import("../types.js").SnapshotReport} report */
function findings(report) {
  const all = report.findings ?? [];
  if (all.length === 0) return el("p", {}, t("noLint"));
  const total = Number(report.totalFindings ?? all.length);
  const items = all.map(({ kind = "", line = "" }) => {
    const key = FINDINGS[kind];
    return el("li", {}, el("span", { class: "badge" }, key === undefined ? kind : t(key)), " ", el("span", { dir: "auto" }, line));
  });
  return el("div", {}, el("p", { class: "quiet-text" }, t("findingCount", { shown: all.length, total })), el("ul", { class: "findings", role: "list" }, ...items));
}
