// The filters of questions and searches: the day, the regions, the kinds, text not in force.
//
// Folded away until wanted, with the number of those in use in its title. Regions are offered as the gateway names them.

import { get } from "../api.js";
import { el, fill } from "../dom.js";
import { KIND_NAMES, kindLabel, t } from "../messages.js";

/** @typedef {{ asOfDate: string, regions: string[], kinds: string[], includeNotInForce: boolean }} FilterValues */

/** @type {Promise<{ regions: string[], issuers: string[] }> | null} */
let known = null;

/**
 * Regions and issuers that documents have; asked for once. Empty where the gateway has no list.
 * @returns {Promise<{ regions: string[], issuers: string[] }>}
 */
export function knownPlaces() {
  known ??= get("/v1/documents", { pageSize: 1, includeNotInForce: true })
    .then((/** @type {import("../types.js").ListDocumentsResponse} */ list) => ({
      regions: namesOf(list.regions),
      issuers: namesOf(list.issuers),
    }))
    .catch(() => {
      known = null;
      return { regions: [], issuers: [] };
    });
  return known;
}

/** @param {import("../types.js").FacetCount[] | undefined} facets */
function namesOf(facets) {
  return (facets ?? []).map(({ value = "" }) => value).filter((value) => value !== "");
}

/**
 * @param {string} name
 * @param {string} label
 * @param {string} any
 * @param {readonly { value: string, label: string }[]} options
 * @param {string} value
 */
export function select(name, label, any, options, value) {
  const list = options.map((option) => el("option", { value: option.value, selected: option.value === value }, option.label));
  const box = el("select", { name }, el("option", { value: "" }, any), ...list);
  box.value = options.some((option) => option.value === value) ? value : "";
  return el("label", { class: "field" }, el("span", {}, label), box);
}

export class Filters {
  #values;
  #day;
  #region = el("select", { name: "region" });
  #kinds;
  #notInForce;
  #summary = el("summary", {});

  /**
   * @param {FilterValues} values  at first
   * @param {() => void} [changed]
   */
  constructor(values, changed = () => {}) {
    this.#values = values;
    this.#day = el("input", { type: "date", name: "asOf", value: values.asOfDate, "aria-describedby": "as-of-hint" });
    this.#kinds = KIND_NAMES.map((kind) => el("input", { type: "checkbox", name: "kind", value: kind, checked: values.kinds.includes(kind) }));
    this.#notInForce = el("input", { type: "checkbox", name: "notInForce", checked: values.includeNotInForce });
    this.element = el(
      "details",
      { class: "filters" },
      this.#summary,
      el(
        "div",
        { class: "filter-grid" },
        el("label", { class: "field" }, el("span", {}, t("asOf")), this.#day, el("small", { id: "as-of-hint" }, t("asOfToday"))),
        el("label", { class: "field" }, el("span", {}, t("region")), this.#region),
        el(
          "fieldset",
          { class: "field" },
          el("legend", {}, t("kinds")),
          ...this.#kinds.map((box) => el("label", { class: "check" }, box, kindLabel(box.value))),
        ),
        el("label", { class: "check" }, this.#notInForce, t("includeNotInForce")),
        el("button", { type: "button", class: "quiet", click: () => this.#clear(changed) }, t("clearFilters")),
      ),
    );
    this.element.open = this.#count() > 0;
    this.element.addEventListener("change", () => {
      this.#label();
      changed();
    });
    this.#offerRegions([]);
    this.#label();
    knownPlaces().then(({ regions }) => this.#offerRegions(regions));
  }

  /** @returns {FilterValues} */
  values() {
    return {
      asOfDate: this.#day.value,
      regions: this.#region.value === "" ? [] : [this.#region.value],
      kinds: this.#kinds.filter((box) => box.checked).map((box) => box.value),
      includeNotInForce: this.#notInForce.checked,
    };
  }

  /** @param {readonly string[]} regions */
  #offerRegions(regions) {
    const chosen = this.#region.value || (this.#values.regions[0] ?? "");
    const all = [...new Set(chosen === "" ? regions : [chosen, ...regions])].sort((a, b) => a.localeCompare(b, "zh"));
    fill(this.#region, el("option", { value: "" }, t("anyRegion")), ...all.map((region) => el("option", { value: region }, region)));
    this.#region.value = chosen;
  }

  #count() {
    const { asOfDate, regions, kinds, includeNotInForce } = this.values();
    return Number(asOfDate !== "") + regions.length + Number(kinds.length > 0) + Number(includeNotInForce);
  }

  #label() {
    const count = this.#count();
    fill(this.#summary, count === 0 ? t("filters") : t("filtersActive", { count }));
  }

  /** @param {() => void} changed */
  #clear(changed) {
    this.#day.value = "";
    this.#region.value = "";
    for (const box of this.#kinds) box.checked = false;
    this.#notInForce.checked = false;
    this.#label();
    changed();
  }
}

/**
 * Values of the address as filters.
 * @param {Record<string, string>} query
 * @returns {FilterValues}
 */
export function filtersOfQuery(query) {
  return {
    asOfDate: /^\d{4}-\d{2}-\d{2}$/.test(query.asOf ?? "") ? (query.asOf ?? "") : "",
    regions: query.region ? [query.region] : [],
    kinds: (query.kind ?? "").split(",").filter((kind) => KIND_NAMES.includes(kind)),
    includeNotInForce: query.all === "1",
  };
}

/**
 * The opposite of filtersOfQuery.
 * @param {FilterValues} values
 * @returns {Record<string, string>}
 */
export function queryOfFilters({ asOfDate, regions, kinds, includeNotInForce }) {
  return { asOf: asOfDate, region: regions[0] ?? "", kind: kinds.join(","), all: includeNotInForce ? "1" : "" };
}

/**
 * Filters as the API takes them.
 * @param {FilterValues} values
 * @returns {import("../types.js").SearchFilter}
 */
export function searchFilter({ regions, kinds, includeNotInForce }) {
  return { regions, kinds, includeNotInForce };
}
