// A document beside an answer or a hit: who issued it, is it in force, the quoted words highlighted and in view.
//
// One panel per view; opening another document replaces what it shows. Closing gives the focus back.

import { documentPath, get } from "../api.js";
import { add, el, fill } from "../dom.js";
import { t } from "../messages.js";
import { formatRoute } from "../router.js";
import { directionOf } from "../script.js";
import { headingPath } from "../structure.js";
import { kindBadge, validityBadge } from "./badges.js";
import { documentText, goTo } from "./document_text.js";
import { failure, isAbort } from "./failure.js";

/** @typedef {import("../types.js").PolicyDocument} PolicyDocument */
/** @typedef {import("../types.js").Span} Span */
/** @typedef {{ document: string, spans: Span[], asOfDate: string }} Place */

/** Below this width the panel covers the page, as document.css has it. */
const COVERS = "(max-width: 59.99rem)";

export class DocumentPanel {
  #links;
  #covers = matchMedia(COVERS);
  #abort = new AbortController();
  /** @type {Element | null} */
  #opener = null;
  element = el("aside", { class: "panel", hidden: true, "aria-label": t("documentText"), tabindex: "-1" });

  /** @param {"links" | "no links"} [links]  no links: nothing leads to another page */
  constructor(links = "links") {
    this.#links = links;
    this.element.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  /** @param {Place} place */
  async open(place) {
    if (!this.element.contains(document.activeElement)) this.#opener = document.activeElement;
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.element.hidden = false;
    this.element.parentElement?.classList.add("with-panel");
    this.#hideWhatIsCovered();
    this.#covers.addEventListener("change", this.#hideWhatIsCovered);
    fill(this.element, this.#bar(null, place), el("p", { class: "progress", role: "status" }, t("loading")));
    this.element.focus({ preventScroll: true });
    try {
      const { document: policy } = await get(documentPath(place.document), { asOfDate: place.asOfDate }, signal);
      if (!signal.aborted) this.#show(policy, place);
    } catch (error) {
      if (isAbort(error)) return;
      fill(this.element, this.#bar(null, place), failure(error, () => this.open(place)));
    }
  }

  /** To be called as well before the view goes that has the panel. */
  close() {
    if (this.element.hidden) return;
    this.#abort.abort();
    this.element.hidden = true;
    fill(this.element);
    this.element.parentElement?.classList.remove("with-panel");
    this.#covers.removeEventListener("change", this.#hideWhatIsCovered);
    this.#hideWhatIsCovered();
    if (this.#opener instanceof HTMLElement && this.#opener.isConnected) this.#opener.focus();
    this.#opener = null;
  }

  /** What lies below the panel is for nobody, neither keyboard nor screen reader, until it is closed. */
  #hideWhatIsCovered = () => {
    const covered = !this.element.hidden && this.#covers.matches;
    for (const other of [this.element.previousElementSibling, document.querySelector(".top")]) {
      if (other instanceof HTMLElement) other.inert = covered;
    }
  };

  /**
   * @param {PolicyDocument} policy
   * @param {Place} place
   */
  #show(policy, place) {
    const { element, firstMark } = documentText(policy, place.spans);
    const path = headingPath(policy, Number(place.spans[0]?.start ?? 0));
    const language = policy.language ?? "";
    const words = { lang: language || null, dir: directionOf(language) };
    const facts = [policy.documentNumber, policy.issuer].filter(Boolean).join(" · ");
    fill(
      this.element,
      el(
        "div",
        { class: "panel-top" },
        this.#bar(policy, place),
        el("h2", words, policy.title ?? ""),
        el("p", { class: "badges" }, kindBadge(policy.kind), validityBadge(policy.validity)),
        facts === "" ? null : el("p", { class: "quiet-text" }, facts),
        path.length === 0 ? null : el("p", { class: "heading-path", ...words }, path.join(" › ")),
      ),
      element,
    );
    if (firstMark === null) this.element.focus();
    else goTo(firstMark);
  }

  /**
   * @param {PolicyDocument | null} policy
   * @param {Place} place
   */
  #bar(policy, place) {
    const bar = el("div", { class: "panel-bar" });
    if (policy !== null && this.#links === "links") {
      const { start = "0", end = "0" } = place.spans[0] ?? {};
      const query = { asOf: place.asOfDate, span: place.spans.length > 0 ? `${start}-${end}` : "" };
      add(bar, el("a", { href: formatRoute("documents", place.document.replace(/^documents\//, ""), query) }, t("openAsPage")));
    }
    add(bar, el("button", { type: "button", class: "quiet panel-close", click: () => this.close() }, t("closeDocument")));
    return bar;
  }
}
