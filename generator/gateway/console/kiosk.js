// The page of a kiosk: one question, its answer in large type, read aloud if wanted, gone when nobody is there.
//
// Nothing is stored and no link leads away. `?idle=SECONDS` says how long it waits, `?language=en` in which language it begins.
// A terminal logs in once with its key: see docs/console.md.

import { ApiError, logIn, readSession, stream, whenLoggedOut } from "./api.js";
import { newAnswer, plainText, take } from "./answer.js";
import { byId, el, fill } from "./dom.js";
import { IdleWatch, idleSeconds } from "./idle.js";
import { language, setLanguage, t } from "./messages.js";
import { AnswerView } from "./parts/answer_view.js";
import { hideQuote } from "./parts/citations.js";
import { DocumentPanel } from "./parts/document_panel.js";
import { isAbort } from "./parts/failure.js";
import { Suggestions } from "./parts/suggestions.js";
import { textAttributes } from "./script.js";
import { canSpeak, isSpeaking, silence, speak } from "./speech.js";

/** @typedef {import("./answer.js").AnswerState} AnswerState */

const SUGGESTIONS = 6;
const MAX_QUESTION = 500;

const parameters = new URLSearchParams(location.search);
const firstLanguage = parameters.get("language") === "en" ? "en" : "zh";
let abort = new AbortController();
let answering = false;
/** @type {DocumentPanel | null} */
let panel = null;

/** Wipes what the last person left: answer, question, panel, voice, and whatever a browser may have kept. */
function startAgain() {
  abort.abort();
  answering = false;
  silence();
  hideQuote();
  sessionStorage.clear();
  localStorage.clear();
  history.replaceState(null, "", location.pathname + location.search);
  setLanguage(firstLanguage);
  showStart();
  watch.rest();
}

/** @param {number | null} left */
function warn(left) {
  const box = byId("idle");
  box.hidden = left === null;
  if (left !== null) fill(box, t("kioskIdle", { seconds: left }));
}

const clock = { now: () => Date.now(), every: (/** @type {() => void} */ tick) => void setInterval(tick, 500) };
const watch = new IdleWatch(idleSeconds(location.search), clock, { warn, end: startAgain, occupied: () => answering || isSpeaking() });

function frame() {
  document.documentElement.lang = language();
  document.title = t("kioskTitle");
  fill(byId("title"), t("kioskTitle"));
  const other = language() === "zh" ? "en" : "zh";
  const change = () => {
    setLanguage(other);
    showStart();
  };
  fill(
    byId("controls"),
    el("button", { type: "button", class: "quiet", lang: other, click: change }, other === "zh" ? "中文" : "English"),
    el("button", { type: "button", class: "again", click: startAgain }, t("kioskAgain")),
  );
}

function showStart() {
  abort.abort();
  panel?.close();
  answering = false;
  silence();
  frame();
  const suggestions = new Suggestions(ask, SUGGESTIONS);
  const form = questionForm((typed) => suggestions.show(typed));
  const lead = el("p", { class: "kiosk-lead" }, t("kioskLead"));
  fill(byId("main"), el("div", { class: "kiosk-start" }, el("h1", {}, t("kioskTitle")), lead, form, suggestions.element));
}

/** @param {(typed: string) => void} [typing] */
function questionForm(typing = () => {}) {
  const field = el("input", { type: "text", id: "question", name: "question", maxlength: MAX_QUESTION, autocomplete: "off", "aria-label": t("question"), placeholder: t("questionHint") });
  const form = el("form", { class: "kiosk-form" }, field, el("button", { type: "submit" }, t("kioskAsk")));
  field.addEventListener("input", () => typing(field.value.trim()));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value.trim() !== "") ask(field.value.trim());
  });
  return form;
}

/** @param {string} question */
async function ask(question) {
  abort.abort();
  const own = (abort = new AbortController());
  silence();
  const state = newAnswer();
  panel?.close();
  const beside = (panel = new DocumentPanel("no links"));
  const view = new AnswerView(({ document: name = "", span }) => beside.open({ document: name, spans: span ? [span] : [], asOfDate: state.final?.asOfDate ?? "" }));
  const heading = el("h2", { class: "asked", tabindex: "-1", ...textAttributes(question) }, question);
  const tools = el("div", { class: "kiosk-tools" });
  fill(byId("main"), el("div", { class: "beside" }, el("article", { class: "column" }, el("h1", { class: "visually-hidden" }, t("kioskTitle")), heading, tools, view.element, questionForm()), beside.element));
  heading.focus();
  window.scrollTo(0, 0);
  answering = true;
  try {
    for await (const event of stream("/v1/answers:stream", { spec: { question } }, own.signal)) {
      if (own.signal.aborted) return;
      take(state, event);
      view.update(state);
    }
    if (state.final === null) view.breakOff(state, t("errorBroken"));
  } catch (error) {
    if (isAbort(error)) return;
    view.breakOff(state, error instanceof ApiError && error.status.code === 8 ? t("errorBusy") : t("kioskUnavailable"));
  } finally {
    if (own === abort) answering = false;
  }
  if (!own.signal.aborted && plainText(state) !== "") fill(tools, readAloud(state));
}

/** @param {AnswerState} state */
function readAloud(state) {
  if (!canSpeak()) return null;
  let speaking = false;
  const button = el("button", { type: "button", class: "quiet read-aloud", "aria-pressed": "false" }, t("readAloud"));
  const show = (/** @type {boolean} */ now) => {
    speaking = now;
    button.setAttribute("aria-pressed", String(now));
    fill(button, t(now ? "stopReading" : "readAloud"));
  };
  button.addEventListener("click", () => {
    if (speaking) return silence(), show(false);
    show(true);
    speak(plainText(state), () => show(false));
  });
  return button;
}

/** The form for whoever sets the terminal up. */
function showLocked() {
  abort.abort();
  panel?.close();
  frame();
  const key = el("input", { type: "password", id: "key", name: "key", autocomplete: "off", "aria-label": t("apiKey") });
  const error = el("p", { role: "alert" });
  const form = el("form", { class: "kiosk-form" }, key, el("button", { type: "submit" }, t("logIn")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await logIn(key.value.trim());
      showStart();
    } catch {
      fill(error, t("wrongKey"));
    }
    key.value = "";
  });
  fill(byId("main"), el("div", { class: "kiosk-start" }, el("h1", {}, t("kioskTitle")), el("p", {}, t("kioskLocked")), form, error));
}

async function start() {
  setLanguage(firstLanguage);
  frame();
  try {
    await readSession();
    showStart();
  } catch (error) {
    if (error instanceof ApiError && error.http === 401) return showLocked();
    fill(byId("main"), el("div", { class: "kiosk-start" }, el("p", { role: "alert" }, t("kioskUnavailable"))));
    setTimeout(start, 5000);
  }
}

for (const event of ["pointerdown", "keydown", "input", "wheel", "touchmove"]) {
  document.addEventListener(event, () => watch.touch(), { capture: true, passive: true });
}
document.addEventListener("contextmenu", (event) => event.preventDefault());
document.addEventListener("dragstart", (event) => event.preventDefault());
whenLoggedOut(showLocked);
start();
