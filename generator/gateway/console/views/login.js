// The view that takes a key and gives a session for it. The key goes nowhere else and is not kept.

import { ApiError, logIn } from "../api.js";
import { el, fill } from "../dom.js";
import { t } from "../messages.js";
import { failureText } from "../parts/failure.js";

export class LoginView {
  #key = el("input", { type: "password", name: "key", id: "key", autocomplete: "current-password", required: true, "aria-describedby": "key-hint login-error" });
  #error = el("p", { class: "failure", id: "login-error", role: "alert" });

  /**
   * @param {(session: import("../types.js").Session) => void} done
   * @param {string} why  shown above the field
   */
  constructor(done, why) {
    const form = el(
      "form",
      { class: "login-form" },
      el("label", { for: "key" }, t("apiKey")),
      this.#key,
      el("small", { id: "key-hint" }, t("apiKeyHint")),
      this.#error,
      el("button", { type: "submit" }, t("logIn")),
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      fill(this.#error);
      try {
        const session = await logIn(this.#key.value.trim());
        this.#key.value = "";
        done(session);
      } catch (error) {
        fill(this.#error, error instanceof ApiError && error.http === 401 ? t("wrongKey") : failureText(error));
        this.#key.focus();
      }
    });
    this.element = el("div", { class: "column narrow" }, el("h1", {}, t("logIn")), el("p", {}, why), form);
  }

  get route() {
    return location.hash;
  }

  leave() {
    this.#key.value = "";
  }
}
