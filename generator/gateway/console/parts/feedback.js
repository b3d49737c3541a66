// Was it helpful? Two buttons below an answer, and a line for what was wrong.
//
// Shown only where the server keeps feedback, which is where an answer has an id.

import { post } from "../api.js";
import { el, fill } from "../dom.js";
import { t } from "../messages.js";
import { failure } from "./failure.js";

/** What the server takes, in bytes; a Han character has three. */
const MAX_COMMENT = 600;
/** Answers that this page has had a word on; the server takes one. */
const rated = new Set();

/** @param {string} answerId */
export function feedback(answerId) {
  const box = el("div", { class: "feedback" });
  const status = el("p", { role: "status" });
  const thank = () => {
    fill(box, status);
    fill(status, t("thanks"));
  };
  const send = async (/** @type {string} */ rating, /** @type {string} */ comment) => {
    try {
      await post("/v1/feedback", { answerId, rating, comment });
      rated.add(answerId);
      thank();
    } catch (error) {
      fill(status, failure(error));
    }
  };
  const askComment = () => {
    const words = el("textarea", { name: "comment", rows: "2", maxlength: MAX_COMMENT, "aria-describedby": "comment-hint" });
    const form = el(
      "form",
      {},
      el("label", { class: "field" }, el("span", {}, t("comment")), words, el("small", { id: "comment-hint" }, t("commentHint"))),
      el("button", { type: "submit" }, t("send")),
      el("button", { type: "button", class: "quiet", click: () => ask() }, t("cancel")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send("RATING_NOT_HELPFUL", words.value.trim());
    });
    fill(box, form, status);
    words.focus();
  };
  const ask = () =>
    fill(
      box,
      el("span", {}, t("feedbackQuestion")),
      el("button", { type: "button", class: "quiet", click: () => send("RATING_HELPFUL", "") }, t("helpful")),
      el("button", { type: "button", class: "quiet", click: askComment }, t("notHelpful")),
      status,
    );
  if (rated.has(answerId)) thank();
  else ask();
  return box;
}
