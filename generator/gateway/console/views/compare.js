// The view of two revisions side by side: articles paired by what they say, words that differ marked on both sides.

import { documentPath, get } from "../api.js";
import { diff, words } from "../diff.js";
import { el, fill } from "../dom.js";
import { t } from "../messages.js";
import { validityBadge } from "../parts/badges.js";
import { failure, isAbort } from "../parts/failure.js";
import { pairArticles } from "../revisions.js";
import { formatRoute } from "../router.js";
import { directionOf } from "../script.js";
import { articlesOf } from "../structure.js";

/** @typedef {import("../types.js").PolicyDocument} PolicyDocument */
/** @typedef {import("../revisions.js").ArticlePair} ArticlePair */
/** @typedef {"same" | "changed" | "added" | "removed"} Change */

export class CompareView {
  #route;
  #abort = new AbortController();
  element = el("div", { class: "column full" }, el("h1", {}, t("compareTitle")), el("p", { class: "progress", role: "status" }, t("loading")));

  /** @param {import("../router.js").Route} route */
  constructor(route) {
    this.#route = route;
    this.#load();
  }

  get route() {
    return formatRoute("compare", "", this.#route.query);
  }

  leave() {
    this.#abort.abort();
  }

  async #load() {
    const { old = "", new: fresh = "" } = this.#route.query;
    try {
      const [before, after] = await Promise.all([old, fresh].map((name) => get(documentPath(name), {}, this.#abort.signal)));
      this.#show(before.document, after.document);
    } catch (error) {
      if (!isAbort(error)) fill(this.element, el("h1", {}, t("compareTitle")), failure(error, () => this.#load()));
    }
  }

  /**
   * @param {PolicyDocument} before
   * @param {PolicyDocument} after
   */
  #show(before, after) {
    const pairs = pairArticles(articlesOf(before), articlesOf(after));
    const changes = pairs.map(changeOf);
    const count = (/** @type {Change} */ change) => changes.filter((other) => other === change).length;
    const rows = pairs.map((pair, i) => row(pair, /** @type {Change} */ (changes[i]), before, after));
    const table = el("div", { class: "compare-rows only-changes" }, ...rows);
    const box = el("input", { type: "checkbox", checked: true, change: () => table.classList.toggle("only-changes", box.checked) });
    fill(
      this.element,
      el("h1", {}, t("compareTitle")),
      el("div", { class: "compare-heads" }, head(before, t("before")), head(after, t("after"))),
      el("p", { role: "status" }, t("compareCounts", { changed: count("changed"), added: count("added"), removed: count("removed"), same: count("same") })),
      el("label", { class: "check" }, box, t("onlyChanges")),
      table,
    );
  }
}

/**
 * @param {ArticlePair} pair
 * @returns {Change}
 */
function changeOf({ before, after }) {
  if (before === null) return "added";
  if (after === null) return "removed";
  return before.text === after.text ? "same" : "changed";
}

/**
 * @param {PolicyDocument} policy
 * @param {string} side
 */
function head(policy, side) {
  const language = policy.language ?? "";
  const id = policy.name.replace(/^documents\//, "");
  return el(
    "div",
    {},
    el("p", { class: "quiet-text" }, side),
    el("h2", { lang: language || null, dir: directionOf(language) }, el("a", { href: formatRoute("documents", id) }, policy.title || id)),
    el("p", { class: "badges" }, validityBadge(policy.validity)),
    el("p", { class: "quiet-text" }, policy.documentNumber ?? ""),
  );
}

/**
 * @param {ArticlePair} pair
 * @param {Change} change
 * @param {PolicyDocument} before
 * @param {PolicyDocument} after
 */
function row(pair, change, before, after) {
  const runs = diff(words(pair.before?.text ?? ""), words(pair.after?.text ?? ""));
  const side = (/** @type {"old" | "new"} */ kind, /** @type {PolicyDocument} */ policy, /** @type {unknown} */ there) => {
    const language = policy.language ?? "";
    const tag = kind === "old" ? "del" : "ins";
    const shown = there === null ? [] : runs.filter((run) => run.kind === "same" || run.kind === kind);
    const pieces = shown.map((run) => (run.kind === "same" ? run.items.join("") : el(tag, {}, run.items.join(""))));
    return el("p", { lang: language || null, dir: directionOf(language) }, ...pieces);
  };
  const name = t(change === "same" ? "unchanged" : change);
  return el(
    "section",
    { class: `compare-row ${change}`, "aria-label": `${pair.after?.label || pair.before?.label || ""} ${name}` },
    el("p", { class: "change" }, name),
    side("old", before, pair.before),
    side("new", after, pair.after),
  );
}
