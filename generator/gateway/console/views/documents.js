// The view that browses: documents by kind, region and issuer, page by page.

import { get } from "../api.js";
import { el, fill } from "../dom.js";
import { KIND_NAMES, kindLabel, t } from "../messages.js";
import { kindBadge, validityBadge } from "../parts/badges.js";
import { failure, isAbort } from "../parts/failure.js";
import { knownPlaces, select } from "../parts/filters.js";
import { formatRoute } from "../router.js";
import { textAttributes } from "../script.js";

/** @typedef {import("../types.js").DocumentSummary} DocumentSummary */

const PAGE = 50;
const FIELDS = ["kind", "region", "issuer", "query", "asOf", "all"];

export class DocumentsView {
  #route;
  #abort = new AbortController();
  #form = el("form", { class: "browse-form", role: "search" });
  #status = el("p", { class: "progress", role: "status" });
  #list = el("ul", { class: "document-list", role: "list" });
  #more = el("div", {});

  /** @param {import("../router.js").Route} route */
  constructor(route) {
    this.#route = route;
    this.element = el(
      "div",
      { class: "column wide" },
      el("h1", {}, t("documents")),
      el("p", { class: "lead-line" }, t("documentsLead")),
      this.#form,
      this.#status,
      this.#list,
      this.#more,
    );
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#apply();
    });
    this.#form.addEventListener("change", () => this.#apply());
    this.#fields([], []);
    knownPlaces().then(({ regions, issuers }) => this.#fields(regions, issuers));
    this.#load("");
  }

  get route() {
    return formatRoute("documents", "", this.#route.query);
  }

  leave() {
    this.#abort.abort();
  }

  /**
   * @param {readonly string[]} regions
   * @param {readonly string[]} issuers
   */
  #fields(regions, issuers) {
    const query = this.#route.query;
    const options = (/** @type {readonly string[]} */ values, /** @type {string} */ chosen) =>
      [...new Set(chosen === "" ? values : [chosen, ...values])].sort((a, b) => a.localeCompare(b, "zh")).map((value) => ({ value, label: value }));
    fill(
      this.#form,
      el("label", { class: "field grow" }, el("span", {}, t("titleContains")), el("input", { type: "search", name: "query", value: query.query ?? "" })),
      select("kind", t("kind"), t("anyKind"), KIND_NAMES.map((kind) => ({ value: kind, label: kindLabel(kind) })), query.kind ?? ""),
      select("region", t("region"), t("anyRegion"), options(regions, query.region ?? ""), query.region ?? ""),
      select("issuer", t("issuer"), t("anyIssuer"), options(issuers, query.issuer ?? ""), query.issuer ?? ""),
      el("label", { class: "field" }, el("span", {}, t("asOf")), el("input", { type: "date", name: "asOf", value: query.asOf ?? "" })),
      el("label", { class: "check" }, el("input", { type: "checkbox", name: "all", value: "1", checked: query.all === "1" }), t("includeNotInForce")),
      el("button", { type: "submit" }, t("apply")),
    );
  }

  #apply() {
    const data = new FormData(this.#form);
    const query = Object.fromEntries(FIELDS.map((name) => [name, String(data.get(name) ?? "").trim()]));
    const next = formatRoute("documents", "", query);
    if (next !== location.hash) location.hash = next;
  }

  /** @param {string} pageToken */
  async #load(pageToken) {
    const { kind, region, issuer, query, asOf, all } = this.#route.query;
    fill(this.#status, t("loading"));
    fill(this.#more);
    try {
      const request = { kinds: kind, regions: region, issuers: issuer, query, asOfDate: asOf, includeNotInForce: all === "1", pageSize: PAGE, pageToken };
      const response = await get("/v1/documents", request, this.#abort.signal);
      /** @type {DocumentSummary[]} */
      const documents = response.documents ?? [];
      for (const policy of documents) this.#list.append(documentItem(policy, asOf ?? ""));
      const shown = this.#list.childElementCount;
      fill(this.#status, shown === 0 ? t("noDocuments") : t("documentsCount", { count: response.totalSize ?? shown }));
      if (!response.nextPageToken) return;
      fill(this.#more, el("button", { type: "button", class: "quiet", click: () => this.#load(response.nextPageToken) }, t("more")));
    } catch (error) {
      if (isAbort(error)) return;
      fill(this.#status);
      fill(this.#more, failure(error, () => this.#load(pageToken)));
    }
  }
}

/**
 * @param {DocumentSummary} policy
 * @param {string} asOf
 */
function documentItem(policy, asOf) {
  const id = policy.name.replace(/^documents\//, "");
  return el(
    "li",
    { class: "document-item" },
    el("h2", textAttributes(policy.title ?? ""), el("a", { href: formatRoute("documents", id, { asOf }) }, policy.title || id)),
    el("p", { class: "badges" }, kindBadge(policy.kind), validityBadge(policy.validity)),
    el("p", { class: "quiet-text" }, [policy.documentNumber, policy.issuer, policy.region].filter(Boolean).join(" · ")),
  );
}
