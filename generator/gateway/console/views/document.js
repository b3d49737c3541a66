// The view of one document: what it is, its contents, its text, what it replaces and what replaces it.

import { documentPath, get } from "../api.js";
import { add, el, fill, sourceLink } from "../dom.js";
import { kindLabel, t } from "../messages.js";
import { kindBadge, validityBadge } from "../parts/badges.js";
import { documentText, goTo, tableOfContents } from "../parts/document_text.js";
import { failure, isAbort } from "../parts/failure.js";
import { formatRoute } from "../router.js";
import { directionOf } from "../script.js";

/** @typedef {import("../types.js").PolicyDocument} PolicyDocument */

export class DocumentView {
  #route;
  #abort = new AbortController();
  element = el("div", { class: "column wide document-page" }, el("p", { class: "progress", role: "status" }, t("loading")));

  /** @param {import("../router.js").Route} route */
  constructor(route) {
    this.#route = route;
    this.#load();
  }

  get route() {
    return formatRoute("documents", this.#route.path, this.#route.query);
  }

  leave() {
    this.#abort.abort();
  }

  async #load() {
    const { path, query } = this.#route;
    try {
      const { document: policy, snapshot } = await get(documentPath(path), { asOfDate: query.asOf }, this.#abort.signal);
      this.#show(policy, snapshot);
    } catch (error) {
      if (!isAbort(error)) fill(this.element, el("h1", {}, path), failure(error, () => this.#load()));
    }
  }

  /**
   * @param {PolicyDocument} policy
   * @param {string} snapshot
   */
  #show(policy, snapshot) {
    const { query } = this.#route;
    const [start = "", end = ""] = /^\d+-\d+$/.test(query.span ?? "") ? (query.span ?? "").split("-") : [];
    const { element, firstMark, anchors } = documentText(policy, end === "" ? [] : [{ start, end }]);
    const language = policy.language ?? "";
    const contents = tableOfContents(policy, (address) => goTo(anchors.get(address)));
    fill(
      this.element,
      el("h1", { lang: language || null, dir: directionOf(language) }, policy.title ?? this.#route.path),
      el("p", { class: "badges" }, kindBadge(policy.kind), validityBadge(policy.validity)),
      this.#facts(policy, snapshot),
      el(
        "div",
        { class: contents === null ? "reading" : "reading with-contents" },
        contents === null ? null : el("div", { class: "contents-box" }, el("h2", {}, t("contents")), el("p", { class: "quiet-text" }, counts(policy)), contents),
        el("section", { "aria-label": t("documentText") }, element),
      ),
    );
    goTo(firstMark ?? anchors.get(query.at ?? ""));
  }

  /**
   * @param {PolicyDocument} policy
   * @param {string} snapshot
   */
  #facts(policy, snapshot) {
    const list = el("dl", { class: "facts" });
    const fact = (/** @type {string} */ name, /** @type {(Node | string | null)[]} */ ...values) => {
      if (values.some((value) => value !== null && value !== "")) add(list, el("div", {}, el("dt", {}, name), el("dd", {}, ...values)));
    };
    fact(t("documentNumber"), policy.documentNumber ?? "");
    fact(t("issuer"), policy.issuer ?? "");
    fact(t("region"), policy.region ?? "");
    fact(t("kind"), kindLabel(policy.kind ?? ""));
    fact(t("promulgated"), policy.promulgatedOn ?? "");
    fact(t("supersedes"), ...this.#revisions(policy.supersedes ?? [], (other) => ({ old: other, new: policy.name })));
    fact(t("supersededBy"), ...this.#revisions(policy.validity?.supersededBy ?? [], (other) => ({ old: policy.name, new: other })));
    fact(t("source"), policy.sourceUri ? sourceLink(policy.sourceUri) : null);
    fact(t("snapshot"), snapshot);
    return list;
  }

  /**
   * A link to each document and one to the differences.
   * @param {readonly string[]} names
   * @param {(other: string) => { old: string, new: string }} sides
   */
  #revisions(names, sides) {
    return names.map((name) => {
      const id = name.replace(/^documents\//, "");
      const link = el("a", { href: formatRoute("documents", id) }, id);
      get(documentPath(name), {}, this.#abort.signal).then(({ document: other }) => fill(link, other.title || id)).catch(() => undefined);
      return el("span", { class: "revision" }, link, " ", el("a", { href: formatRoute("compare", "", sides(name)) }, t("compare")));
    });
  }
}

/** @type {[string, "levelPart" | "levelChapter" | "levelSection" | "levelArticle" | "levelTopic"][]} */
const LEVELS = [
  ["LEVEL_PART", "levelPart"],
  ["LEVEL_CHAPTER", "levelChapter"],
  ["LEVEL_SECTION", "levelSection"],
  ["LEVEL_ARTICLE", "levelArticle"],
  ["LEVEL_TOPIC", "levelTopic"],
];

/** @param {PolicyDocument} policy */
function counts(policy) {
  const provisions = policy.provisions ?? [];
  return LEVELS.map(([level, key]) => [provisions.filter((provision) => provision.level === level).length, t(key)])
    .filter(([count]) => count !== 0)
    .map(([count, name]) => `${count} ${name}`)
    .join(" · ");
}
