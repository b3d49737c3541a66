// Citations as footnotes: the chip in the text, the quote that hovering, focus or a first tap shows, the list of sources.
//
// Opening a document is the caller's.

import { el } from "../dom.js";
import { t } from "../messages.js";
import { textAttributes } from "../script.js";
import { validityBadge } from "./badges.js";
import { policyText } from "./policy_text.js";

/** @typedef {import("../types.js").Citation} Citation */
/** @typedef {(citation: Citation) => void} Open */

/** One quote is shown at a time. */
const popover = { element: /** @type {HTMLElement | null} */ (null), chip: /** @type {HTMLElement | null} */ (null) };

export function hideQuote() {
  popover.element?.remove();
  popover.chip?.removeAttribute("aria-describedby");
  popover.element = null;
  popover.chip = null;
}

/**
 * @param {HTMLElement} button
 * @param {Citation} citation
 * @param {Open} open
 */
function showQuote(button, citation, open) {
  if (popover.chip === button) return;
  hideQuote();
  const quote = citation.quote ?? "";
  const element = el(
    "div",
    { class: "quote-popover", role: "tooltip", id: "quote-popover" },
    el("p", { class: "quote-label", ...textAttributes(citation.label ?? "") }, citation.label ?? ""),
    el("blockquote", textAttributes(quote), ...policyText(quote)),
    el("p", { class: "quote-foot" }, validityBadge(citation.validity), citation.documentNumber ?? ""),
    el("button", { type: "button", class: "touch-only", tabindex: "-1", click: () => open(citation) }, t("openDocument")),
  );
  document.body.append(element);
  place(element, button.getBoundingClientRect());
  button.setAttribute("aria-describedby", "quote-popover");
  popover.element = element;
  popover.chip = button;
}

/**
 * Below the chip where there is room, else above it, never beyond the window's edges.
 * @param {HTMLElement} element
 * @param {DOMRect} beside
 */
function place(element, beside) {
  const margin = 8;
  const { width, height } = element.getBoundingClientRect();
  const left = Math.max(margin, Math.min(beside.left, window.innerWidth - width - margin));
  const below = beside.bottom + margin + height <= window.innerHeight;
  element.style.left = `${left}px`;
  element.style.top = `${Math.max(margin, below ? beside.bottom + margin : beside.top - margin - height)}px`;
}

/**
 * The chip of a citation. With a mouse or the keyboard, pressing opens; a finger's first tap shows the quote, its second opens.
 * @param {Citation} citation
 * @param {Open} open
 */
export function chip(citation, open) {
  const label = t("citation", { number: citation.number ?? "", label: citation.label ?? "" });
  const button = el("button", { type: "button", class: "chip", "aria-label": label }, citation.number);
  let touched = false;
  const show = () => showQuote(button, citation, open);
  button.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && show());
  button.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && hideQuote());
  button.addEventListener("pointerdown", (event) => (touched = event.pointerType === "touch"));
  button.addEventListener("focus", () => button.matches(":focus-visible") && show());
  button.addEventListener("blur", () => setTimeout(() => popover.chip === button && !touched && hideQuote()));
  button.addEventListener("click", () => {
    if (touched && popover.chip !== button) return show();
    hideQuote();
    open(citation);
  });
  return button;
}

/**
 * Citations as a list: number, label, validity, quote; pressing the label opens the document.
 * @param {readonly Citation[]} citations
 * @param {Open | null} open  null: nothing opens
 * @param {"numbered" | "plain"} [form]
 */
export function sourceList(citations, open, form = "numbered") {
  const items = citations.map((citation) => {
    const quote = citation.quote ?? "";
    const label = citation.label ?? citation.documentTitle ?? "";
    const title =
      open === null
        ? el("span", { class: "source-label", ...textAttributes(label) }, label)
        : el("button", { type: "button", class: "source-label link", click: () => open(citation), ...textAttributes(label) }, label);
    return el(
      "li",
      { class: "source" },
      form === "numbered" ? el("span", { class: "source-number", "aria-hidden": "true" }, citation.number) : null,
      el(
        "div",
        {},
        el("p", { class: "source-head" }, title, citation.documentNumber ? el("span", { class: "quiet-text" }, citation.documentNumber) : null, validityBadge(citation.validity)),
        el("blockquote", textAttributes(quote), ...policyText(quote)),
      ),
    );
  });
  return el("ol", { class: `sources ${form}`, role: "list" }, ...items);
}

document.addEventListener("keydown", (event) => event.key === "Escape" && hideQuote());
document.addEventListener("scroll", hideQuote, { capture: true, passive: true });
document.addEventListener("pointerdown", (event) => {
  const target = event.target instanceof Node ? event.target : null;
  if (popover.element?.contains(target) || popover.chip?.contains(target)) return;
  hideQuote();
});
