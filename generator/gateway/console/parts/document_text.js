// The text of a document: its lines as headings and paragraphs, quoted words marked, an anchor where each provision begins.
//
// Not for fetching. `lang` and `dir` are the document's own.

import { el } from "../dom.js";
import { t } from "../messages.js";
import { directionOf } from "../script.js";
import { rangesOfSpans } from "../spans.js";
import { contentsOf, HEADINGS, linesOf } from "../structure.js";
import { blocksOf } from "../tables.js";
import { pieces, table } from "./policy_text.js";

/** @typedef {import("../types.js").PolicyDocument} PolicyDocument */
/** @typedef {import("../types.js").Span} Span */

/**
 * @param {PolicyDocument} policy
 * @param {readonly Span[]} quoted
 * @returns {{ element: HTMLElement, firstMark: HTMLElement | null, anchors: Map<string, HTMLElement> }}
 */
export function documentText(policy, quoted) {
  const text = policy.text ?? "";
  const language = policy.language ?? "";
  const ranges = rangesOfSpans(text, quoted);
  /** @type {Map<string, HTMLElement>} */
  const anchors = new Map();
  /** @type {HTMLElement | null} */
  let firstMark = null;
  const mark = (/** @type {string} */ words) => {
    const element = el("mark", { tabindex: firstMark === null ? "-1" : null }, words);
    firstMark ??= element;
    return element;
  };
  const lines = linesOf(policy);
  const addressOf = new Map(lines.map((line) => [line.start, line.address]));
  const show = (/** @type {import("../structure.js").Line} */ line, /** @type {number} */ i) => {
    const words = pieces(text, ranges, line.start, line.end, mark);
    const isTitle = i === 0 && line.address === "" && text.slice(line.start, line.end) === policy.title;
    return isTitle ? el("p", { class: "document-title-line" }, ...words) : lineBlock(line, words);
  };
  let shown = 0;
  /** @type {HTMLElement[]} */
  const blocks = [];
  for (const { lines: { length }, cells } of blocksOf(text, lines)) {
    const own = lines.slice(shown, shown + length);
    const made = cells === null ? own.map((line, i) => show(line, shown + i)) : [el("div", { class: "table-box", tabindex: "-1" }, table(text, cells, ranges, mark))];
    own.forEach(({ start }, i) => anchors.set(addressOf.get(start) ?? "", /** @type {HTMLElement} */ (made[i] ?? made[0])));
    blocks.push(...made);
    shown += length;
  }
  anchors.delete("");
  const attributes = { class: "document-text", lang: language || null, dir: directionOf(language) };
  return { element: el("div", attributes, ...blocks), firstMark, anchors };
}

/**
 * @param {import("../structure.js").Line} line
 * @param {(string | HTMLElement)[]} words
 * @returns {HTMLElement}
 */
function lineBlock(line, words) {
  if (HEADINGS.includes(line.level)) {
    const tag = /** @type {"h3" | "h4" | "h5"} */ (`h${Math.min(5, 3 + line.depth)}`);
    return el(tag, { class: line.level.toLowerCase().replaceAll("_", "-"), tabindex: "-1" }, ...words);
  }
  const level = line.level === "" ? "continued" : line.level.toLowerCase().replaceAll("_", "-");
  const block = el("p", { class: level, tabindex: line.address === "" ? null : "-1" });
  const first = words[0];
  if (line.label !== "" && typeof first === "string" && first.startsWith(line.label)) {
    block.append(el("b", { class: "label" }, line.label), first.slice(line.label.length), ...words.slice(1));
  } else {
    block.append(...words);
  }
  return block;
}

/**
 * @param {PolicyDocument} policy
 * @param {(address: string) => void} go
 */
export function tableOfContents(policy, go) {
  const entries = contentsOf(policy);
  if (entries.length === 0) return null;
  return el("nav", { class: "contents", "aria-label": t("contents") }, list(entries, go));
}

/**
 * @param {import("../structure.js").Entry[]} entries
 * @param {(address: string) => void} go
 * @returns {HTMLElement}
 */
function list(entries, go) {
  const items = entries.map((entry) =>
    el(
      "li",
      {},
      entry.title === "" ? null : el("button", { type: "button", class: "link", click: () => go(entry.address) }, entry.title),
      entry.articles.length === 0
        ? null
        : el(
            "p",
            { class: "contents-articles" },
            ...entry.articles.map(({ address, label }) => el("button", { type: "button", class: "link", click: () => go(address) }, label)),
          ),
      entry.children.length === 0 ? null : list(entry.children, go),
    ),
  );
  return el("ul", {}, ...items);
}

/**
 * Brings a place of the text into view and gives it the focus, so that reading goes on from there.
 * @param {HTMLElement | null | undefined} place
 */
export function goTo(place) {
  if (!place) return;
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "center" });
}
