// Elements out of text. Whatever is shown goes through here, and nothing here reads HTML: children are elements or text.
//
// The one place that sets attributes; a link leads inside this page or, by `sourceLink`, to http or https.

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Record<string, unknown>} Attributes */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]  as `put` takes them
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  put(element, attributes);
  add(element, ...children);
  return element;
}

/**
 * @param {string} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  put(element, attributes);
  add(element, ...children);
  return element;
}

/**
 * Sets attributes. A function is a listener of the event of its name; true is an attribute without value; false, null and
 * undefined leave it out. `href` takes places of this site only.
 * @param {Element} element
 * @param {Attributes} attributes
 */
function put(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") {
      element.addEventListener(name, /** @type {EventListener} */ (value));
    } else if (/^on|^(src|srcdoc|style|action|formaction)$/i.test(name)) {
      throw new TypeError(`attribute ${name} is not set from here`);
    } else if (name === "href" && !/^#|^\/(?!\/)/.test(String(value))) {
      throw new TypeError(`href ${String(value)} leads out of this site`);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
}

/**
 * @param {Element} element
 * @param {...Child} children
 */
export function add(element, ...children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/**
 * Replaces what is in an element.
 * @param {Element} element
 * @param {...Child} children
 */
export function fill(element, ...children) {
  element.replaceChildren();
  add(element, ...children);
}

/**
 * A link to where a document came from; text alone when the address is no http or https.
 * @param {string} address
 * @returns {HTMLElement}
 */
export function sourceLink(address) {
  const link = el("a", { target: "_blank", rel: "noopener noreferrer" }, address);
  // Whole addresses only: what is not http or https from its first letter is text.
  if (!/^https?:\/\/[^\s]+$/i.test(address)) return el("span", {}, address);
  link.setAttribute("href", address);
  return link;
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 * @throws {Error} when the page has no such element
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no element ${id}`);
  return element;
}
