// What the data team's view is made of: series over snapshots, and lines for the question bank.
//
// Not for fetching or elements. Pure functions.

/** @typedef {import("./types.js").SnapshotSummary} SnapshotSummary */
/** @typedef {import("./types.js").ReportedQuestion} ReportedQuestion */
/** @typedef {import("./parts/line_chart.js").Sample} Sample */
/** @typedef {{ name: string, samples: Sample[], floor: number | undefined }} Series */

/** Figures of a gate that count documents and passages, which have charts of their own. */
const COUNTS = "counts";

/**
 * Readable snapshots, the oldest first.
 * @param {readonly SnapshotSummary[]} snapshots  newest first
 */
export function inOrder(snapshots) {
  return snapshots.filter(({ unreadable, publishedAt }) => !unreadable && publishedAt).reverse();
}

/**
 * A count of each snapshot over time.
 * @param {readonly SnapshotSummary[]} snapshots  in order of time
 * @param {"documents" | "passages" | "findings"} field
 * @returns {Sample[]}
 */
export function countSamples(snapshots, field) {
  return snapshots
    .filter((snapshot) => field !== "findings" || snapshot.findings !== undefined)
    .map((snapshot) => ({ at: snapshot.publishedAt ?? "", label: snapshot.snapshot, value: Number(snapshot[field] ?? 0) }));
}

/**
 * Each figure that gates looked at, over time, with its latest bound.
 * @param {readonly SnapshotSummary[]} snapshots  in order of time
 * @returns {Series[]}  by name
 */
export function gateSeries(snapshots) {
  /** @type {Map<string, Series>} */
  const series = new Map();
  for (const { snapshot, publishedAt = "", gate } of snapshots) {
    for (const { subject = "", measure = "", value = 0, floor } of gate?.figures ?? []) {
      if (subject === COUNTS) continue;
      const name = `${subject} ${measure}`;
      const one = series.get(name) ?? { name, samples: [], floor: undefined };
      one.samples.push({ at: publishedAt, label: snapshot, value });
      one.floor = floor;
      series.set(name, one);
    }
  }
  return [...series.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * Lines to begin with for `questions.jsonl`: each question once, the most asked first; whoever knows the answer names the passages.
 * @param {readonly ReportedQuestion[]} questions
 * @param {number} [most]
 */
export function questionBankLines(questions, most = 20) {
  /** @type {Map<string, number>} */
  const asked = new Map();
  for (const { question, answers } of questions) asked.set(question, (asked.get(question) ?? 0) + Number(answers ?? 0));
  return [...asked]
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([question]) => JSON.stringify({ question, passages: [] }))
    .join("\n");
}
