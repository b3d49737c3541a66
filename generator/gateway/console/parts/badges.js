// Small marks beside titles: is it in force, which kind is it.
//
// Colour never says it alone: each badge has its words.

import { validityDays, validityWords } from "../answer.js";
import { el } from "../dom.js";
import { kindLabel } from "../messages.js";

/** @type {Record<string, string>} */
const CLASSES = {
  STATE_IN_FORCE: "in-force",
  STATE_NO_LONGER_IN_FORCE: "out-of-force",
  STATE_NOT_YET_IN_FORCE: "not-yet",
};

/**
 * State and days; null when the state is not known.
 * @param {import("../types.js").Validity | undefined} validity
 */
export function validityBadge(validity) {
  const name = CLASSES[validity?.state ?? ""];
  if (name === undefined) return null;
  const days = validityDays(validity);
  const words = validityWords(validity);
  const state = days === "" ? words : words.slice(0, words.length - days.length).trim();
  return el("span", { class: `badge ${name}` }, el("strong", {}, state), days === "" ? null : ` ${days}`);
}

/** @param {string | undefined} kind */
export function kindBadge(kind) {
  return kind ? el("span", { class: "badge" }, kindLabel(kind)) : null;
}
