// The lines of a document with what each is: heading of a part, chapter, section or topic, article, paragraph; and its contents.
//
// Not for elements. Lines are those of the canonical text; every character of it is in one of them. Pure functions.

import { unitsOfBytes } from "./spans.js";

/** @typedef {import("./types.js").PolicyDocument} PolicyDocument */
/** @typedef {import("./types.js").Provision} Provision */
/** @typedef {{ start: number, end: number, level: string, address: string, label: string, depth: number }} Line */
/** @typedef {{ address: string, title: string, level: string, articles: { address: string, label: string }[], children: Entry[] }} Entry */

/** Levels that have a heading of their own, outermost first. */
export const HEADINGS = ["LEVEL_PART", "LEVEL_CHAPTER", "LEVEL_SECTION", "LEVEL_TOPIC"];

/**
 * @param {PolicyDocument} policy
 * @returns {Line[]}
 */
export function linesOf(policy) {
  const text = policy.text ?? "";
  const provisions = policy.provisions ?? [];
  const starts = startsOf(text, provisions);
  const depths = depthsOf(provisions);
  /** @type {Line[]} */
  const lines = [];
  let next = 0;
  for (let start = 0; start <= text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    /** @type {Line} */
    const line = { start, end, level: "", address: "", label: "", depth: 0 };
    for (; next < starts.length; ++next) {
      const { unit, index } = /** @type {{ unit: number, index: number }} */ (starts[next]);
      if (unit > end || (unit === end && end > start)) break;
      const provision = /** @type {Provision} */ (provisions[index]);
      if (line.address !== "") continue;
      line.level = provision.level ?? "";
      line.address = provision.address;
      line.label = provision.label ?? "";
      line.depth = depths[index] ?? 0;
    }
    if (end > start) lines.push(line);
    start = end + 1;
  }
  return lines;
}

/**
 * Where provisions begin, in order of the text; of those that begin together the outermost first.
 * @param {string} text
 * @param {readonly Provision[]} provisions
 */
function startsOf(text, provisions) {
  const bytes = provisions.map((provision, index) => ({ byte: Number(provision.span?.start ?? 0), index }));
  bytes.sort((a, b) => a.byte - b.byte || a.index - b.index);
  const units = unitsOfBytes(text, bytes.map(({ byte }) => byte));
  return bytes.map(({ index }, i) => ({ unit: /** @type {number} */ (units[i]), index }));
}

/**
 * How many provisions stand above each.
 * @param {readonly Provision[]} provisions
 */
function depthsOf(provisions) {
  /** @type {number[]} */
  const depths = [];
  for (const provision of provisions) depths.push((depths[provision.parent ?? 0] ?? -1) + 1);
  return depths;
}

/**
 * The text of each article or topic that has no such below it, for comparing revisions.
 * @param {PolicyDocument} policy
 * @returns {import("./revisions.js").Article[]}
 */
export function articlesOf(policy) {
  const text = policy.text ?? "";
  const provisions = policy.provisions ?? [];
  const units = ["LEVEL_ARTICLE", "LEVEL_TOPIC", "LEVEL_PREAMBLE"];
  const parents = new Set(provisions.filter(({ level }) => units.includes(level ?? "")).map(({ parent }) => parent ?? 0));
  const chosen = provisions.filter((provision, i) => units.includes(provision.level ?? "") && !(parents.has(i) && provision.level === "LEVEL_TOPIC"));
  const offsets = chosen.flatMap(({ span }) => [Number(span?.start ?? 0), Number(span?.end ?? 0)]).sort((a, b) => a - b);
  const places = unitsOfBytes(text, offsets);
  const unitOf = new Map(offsets.map((offset, i) => [offset, places[i]]));
  return chosen.map(({ address, label, heading, span }) => ({
    address,
    label: label || heading || "",
    text: text.slice(unitOf.get(Number(span?.start ?? 0)), unitOf.get(Number(span?.end ?? 0))),
  }));
}

/**
 * The table of contents: headed provisions nested as they are, each with the articles directly below it. Articles below no
 * heading stand in an entry without title.
 * @param {PolicyDocument} policy
 * @returns {Entry[]}
 */
export function contentsOf(policy) {
  const provisions = policy.provisions ?? [];
  /** @type {Entry[]} */
  const top = [];
  /** @type {(Entry | undefined)[]} */
  const entries = [];
  provisions.forEach((provision, i) => {
    const above = entries[provision.parent ?? 0];
    if (HEADINGS.includes(provision.level ?? "")) {
      const title = [provision.label, provision.heading].filter(Boolean).join(" ");
      const entry = { address: provision.address, title, level: provision.level ?? "", articles: [], children: [] };
      (above?.children ?? top).push(entry);
      entries[i] = entry;
      return;
    }
    entries[i] = above;
    if (provision.level !== "LEVEL_ARTICLE") return;
    const place = above ?? looseEntry(top);
    place.articles.push({ address: provision.address, label: provision.label || provision.address });
  });
  return top;
}

/** @param {Entry[]} top */
function looseEntry(top) {
  const last = top.at(-1);
  if (last !== undefined && last.title === "") return last;
  /** @type {Entry} */
  const entry = { address: "", title: "", level: "", articles: [], children: [] };
  top.push(entry);
  return entry;
}

/**
 * The headings above a place of the text, outermost first, the provision itself last.
 * @param {PolicyDocument} policy
 * @param {number} byte
 * @returns {string[]}
 */
export function headingPath(policy, byte) {
  const path = [];
  for (const { span, label, heading, level } of policy.provisions ?? []) {
    if (Number(span?.start ?? 0) > byte || Number(span?.end ?? 0) <= byte) continue;
    const title = [label, heading].filter(Boolean).join(" ");
    if (title !== "" && (HEADINGS.includes(level ?? "") || level === "LEVEL_ARTICLE")) path.push(title);
  }
  return path;
}
