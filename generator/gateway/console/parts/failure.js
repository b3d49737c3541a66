// What went wrong, in words for the person at the page.
//
// Not for logs: nothing is sent anywhere.

import { ApiError } from "../api.js";
import { el } from "../dom.js";
import { t } from "../messages.js";

/** @param {unknown} error */
export function failureText(error) {
  if (!(error instanceof ApiError)) return t("errorOther", { message: error instanceof Error ? error.message : String(error) });
  if (error.http === 0) return t("errorOffline");
  const code = error.status.code;
  if (error.http === 429 || code === 8) return t("errorBusy");
  if (error.http === 403 || code === 7) return t("errorForbidden");
  if (error.http === 404 || code === 5) return t("errorNotFound");
  if (error.http === 504 || code === 4) return t("errorLate");
  return t("errorOther", { message: error.message || String(error.http) });
}

/** @param {unknown} error */
export function isAbort(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

/**
 * @param {unknown} error
 * @param {() => void} [again]  offered as a button
 */
export function failure(error, again) {
  const button = again === undefined ? null : el("button", { type: "button", class: "quiet", click: again }, t("again"));
  return el("div", { class: "failure", role: "alert" }, el("p", {}, failureText(error)), button);
}
