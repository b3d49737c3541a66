// The view that searches: passages with the words found marked, why each was found on demand, the document beside them.

import { post } from "../api.js";
import { el, fill } from "../dom.js";
import { t } from "../messages.js";
import { kindBadge, validityBadge } from "../parts/badges.js";
import { DocumentPanel } from "../parts/document_panel.js";
import { explanation } from "../parts/explanation.js";
import { failure, isAbort } from "../parts/failure.js";
import { Filters, filtersOfQuery, queryOfFilters, searchFilter } from "../parts/filters.js";
import { policyText } from "../parts/policy_text.js";
import { formatRoute } from "../router.js";
import { directionOf } from "../script.js";
import { rangesOfSpans } from "../spans.js";

/** @typedef {import("../types.js").Hit} Hit */
/** @typedef {import("../types.js").SearchResponse} SearchResponse */

const PAGE = 10;
const MOST = 1000;

export class SearchView {
  #query = el("input", { type: "search", name: "query", id: "query", maxlength: "2700", required: true });
  #results = el("div", { class: "results", "aria-busy": "false" });
  #status = el("p", { class: "progress", role: "status" });
  #panel = new DocumentPanel();
  #abort = new AbortController();
  #filters;
  #k = PAGE;
  /** @type {Promise<Map<string, Hit>> | null} */
  #explained = null;

  /** @param {import("../router.js").Route} route */
  constructor(route) {
    this.#query.value = route.query.q ?? "";
    this.#query.setAttribute("placeholder", t("searchHint"));
    this.#filters = new Filters(filtersOfQuery(route.query), () => this.#start());
    const form = el(
      "form",
      { class: "search-form", role: "search" },
      el("label", { for: "query" }, t("search")),
      el("div", { class: "form-row" }, this.#query, el("button", { type: "submit" }, t("search"))),
      this.#filters.element,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#start();
    });
    this.element = el(
      "div",
      { class: "beside" },
      el("div", { class: "column" }, el("h1", {}, t("search")), form, this.#status, this.#results),
      this.#panel.element,
    );
    if (this.#query.value !== "") this.#start();
  }

  get route() {
    return formatRoute("search", "", { q: this.#query.value.trim(), ...queryOfFilters(this.#filters.values()) });
  }

  leave() {
    this.#abort.abort();
    this.#panel.close();
  }

  #start() {
    if (this.#query.value.trim() === "") return;
    this.#k = PAGE;
    history.replaceState(null, "", this.route);
    this.#search();
  }

  /** @returns {import("../types.js").SearchRequest} */
  #request() {
    const filters = this.#filters.values();
    return { query: this.#query.value.trim(), k: this.#k, asOfDate: filters.asOfDate, filter: searchFilter(filters) };
  }

  async #search() {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const request = this.#request();
    this.#explained = null;
    fill(this.#status, t("searching"));
    this.#results.setAttribute("aria-busy", "true");
    try {
      /** @type {SearchResponse} */
      const response = await post("/v1/search", request, signal);
      this.#show(request, response);
    } catch (error) {
      if (isAbort(error)) return;
      fill(this.#status);
      fill(this.#results, failure(error, () => this.#search()));
    }
    this.#results.setAttribute("aria-busy", "false");
  }

  /**
   * @param {import("../types.js").SearchRequest} request
   * @param {SearchResponse} response
   */
  #show(request, response) {
    const hits = response.hits ?? [];
    const explain = (/** @type {Hit} */ hit) => {
      this.#explained ??= post("/v1/search", { ...request, explain: true }).then(byName);
      return this.#explained.then((all) => all.get(hit.passage.name)?.explanation ?? {});
    };
    fill(this.#status, hits.length === 0 ? t("noHits") : t("hits", { count: hits.length }), " · ", t("asOfLine", { date: response.asOfDate ?? "", snapshot: response.snapshot ?? "" }));
    const open = (/** @type {Hit} */ hit) => {
      const { document: name, span } = hit.passage;
      this.#panel.open({ document: name, spans: span ? [span] : [], asOfDate: response.asOfDate ?? "" });
    };
    const list = el("ol", { class: "hits", role: "list" }, ...hits.map((hit) => hitItem(hit, open, explain)));
    fill(this.#results, notInForce(response.notInForce ?? []), list);
    if (hits.length < this.#k || this.#k >= MOST) return;
    const more = () => {
      this.#k = Math.min(MOST, this.#k + PAGE);
      this.#search();
    };
    this.#results.append(el("button", { type: "button", class: "quiet", click: more }, t("more")));
  }
}

/**
 * @param {SearchResponse} response
 * @returns {Map<string, Hit>}
 */
function byName(response) {
  return new Map((response.hits ?? []).map((hit) => [hit.passage.name, hit]));
}

/**
 * @param {Hit} hit
 * @param {(hit: Hit) => void} open
 * @param {(hit: Hit) => Promise<import("../types.js").Explanation>} explain
 */
function hitItem(hit, open, explain) {
  const { passage } = hit;
  const text = passage.text ?? "";
  const language = passage.language ?? "";
  const words = { lang: language || null, dir: directionOf(language) };
  const path = passage.headingPath ?? [];
  return el(
    "li",
    { class: "hit" },
    el("h2", {}, el("button", { type: "button", class: "link", click: () => open(hit), ...words }, passage.label || passage.documentTitle || passage.name)),
    el("p", { class: "badges" }, kindBadge(passage.kind), validityBadge(passage.validity)),
    el("p", { class: "quiet-text" }, [passage.documentNumber, passage.issuer, path.join(" › ")].filter(Boolean).join(" · ")),
    el("div", { class: "passage", ...words }, ...policyText(text, rangesOfSpans(text, hit.matchedSpans ?? []))),
    (hit.duplicates ?? []).length === 0 ? null : el("p", { class: "quiet-text" }, t("duplicates", { count: (hit.duplicates ?? []).length })),
    whyBox(hit, explain),
  );
}

/**
 * @param {Hit} hit
 * @param {(hit: Hit) => Promise<import("../types.js").Explanation>} explain
 */
function whyBox(hit, explain) {
  const content = el("div", {});
  const box = el("details", { class: "why" }, el("summary", {}, t("whyFound")), content);
  let asked = false;
  box.addEventListener("toggle", async () => {
    if (!box.open || asked) return;
    asked = true;
    fill(content, el("p", { role: "status" }, t("loading")));
    try {
      fill(content, explanation(await explain(hit)));
    } catch (error) {
      asked = false;
      fill(content, failure(error));
    }
  });
  return box;
}

/** @param {readonly import("../types.js").NotInForceMatch[]} matches */
function notInForce(matches) {
  if (matches.length === 0) return null;
  const items = matches.map((match) => {
    const id = match.document.replace(/^documents\//, "");
    return el("li", {}, el("a", { href: formatRoute("documents", id) }, match.documentTitle || id), " ", validityBadge(match.validity));
  });
  return el("div", { class: "notice" }, el("p", {}, t("notInForceNamed")), el("ul", {}, ...items));
}
