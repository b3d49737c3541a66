// Routes: the part of the address behind `#`, as `#/documents/some-id?asOf=2024-01-01`.
//
// Pure functions; app.js listens to the browser.

/** @typedef {{ view: string, path: string, query: Record<string, string> }} Route */

/**
 * @param {string} hash  with or without `#`; empty leads to the questions
 * @returns {Route}
 */
export function parseRoute(hash) {
  const [place = "", tail = ""] = split(hash.replace(/^#\/?/, ""), "?");
  const [view = "", path = ""] = split(place, "/");
  return { view: view || "ask", path: decode(path), query: Object.fromEntries(new URLSearchParams(tail)) };
}

/**
 * The opposite of parseRoute; empty values are left out.
 * @param {string} view
 * @param {string} [path]
 * @param {Record<string, string | undefined>} [query]
 */
export function formatRoute(view, path = "", query = {}) {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== "") parts.set(name, value);
  const tail = parts.toString();
  const place = path === "" ? view : `${view}/${encodeURIComponent(path)}`;
  return `#/${place}${tail === "" ? "" : `?${tail}`}`;
}

/**
 * @param {string} text
 * @param {string} mark
 * @returns {[string, string]}  around the first mark
 */
function split(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/**
 * What a percent sign that is none leaves as it is.
 * @param {string} text
 */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
