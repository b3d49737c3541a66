// The page of the staff: its frame, its routes, its session. Each view is an element, the address it stands for, and a leave().
//
// Views beyond the first are fetched when they are first wanted.

import { ApiError, logOut, readSession, whenLoggedOut } from "./api.js";
import { byId, el, fill } from "./dom.js";
import { language, languageOf, setLanguage, t } from "./messages.js";
import { failure } from "./parts/failure.js";
import { parseRoute } from "./router.js";
import { AskView, forgetConversation } from "./views/ask.js";

/** @typedef {import("./types.js").Session} Session */
/** @typedef {import("./router.js").Route} Route */
/** @typedef {{ element: HTMLElement, route: string, leave: () => void }} View */

/** What the gateway calls its caller where it knows no callers. */
const EVERYBODY = "everybody";
const LANGUAGE_KEY = "policykb.language";

/** @type {Record<string, (route: Route, session: Session) => View | Promise<View>>} */
const VIEWS = {
  ask: (route) => new AskView(route),
  search: async (route) => new (await import("./views/search.js")).SearchView(route),
  documents: async (route) =>
    route.path === "" ? new (await import("./views/documents.js")).DocumentsView(route) : new (await import("./views/document.js")).DocumentView(route),
  compare: async (route) => new (await import("./views/compare.js")).CompareView(route),
  data: async (route, session) => new (await import("./views/data.js")).DataView(route, session),
};

/** @type {Session} */
let session = {};
let loginWanted = false;
/** @type {View | null} */
let view = null;
let shows = 0;

/** Who may see the data team's view, and what the view itself asks again. */
function seesData() {
  return (session.roles ?? []).some((role) => role === "data" || role === "operator");
}

/** @param {string} current  name of the view */
function frame(current) {
  document.documentElement.lang = language();
  document.title = t("product");
  fill(byId("skip"), t("skip"));
  fill(byId("brand"), t("product"));
  const names = /** @type {("ask" | "search" | "documents" | "data")[]} */ (["ask", "search", "documents"]);
  if (seesData()) names.push("data");
  const at = current === "compare" ? "documents" : current;
  const links = names.map((name) => el("a", { href: `#/${name}`, "aria-current": name === at ? "page" : null }, t(name)));
  byId("navigation").setAttribute("aria-label", t("navigation"));
  fill(byId("navigation"), ...(loginWanted ? [] : links));
  const other = language() === "zh" ? "en" : "zh";
  const change = () => {
    setLanguage(other);
    localStorage.setItem(LANGUAGE_KEY, other);
    show();
  };
  const leave = async () => {
    await logOut().catch(() => undefined);
    askForKey(t("loginLead"));
  };
  // Who is let in without a key may still have one; without an access file there is nobody but everybody.
  const mayLogIn = session.principal !== undefined && !session.loginRequired && session.principal !== EVERYBODY;
  const signedIn = session.loginRequired && !loginWanted;
  fill(
    byId("account"),
    el("button", { type: "button", class: "quiet", lang: other, click: change }, other === "zh" ? "中文" : "English"),
    signedIn ? el("span", { class: "quiet-text principal", title: t("signedInAs", { name: session.principal ?? "" }) }, session.principal ?? "") : null,
    signedIn ? el("button", { type: "button", class: "quiet", click: leave }, t("logOut")) : null,
    mayLogIn ? el("button", { type: "button", class: "quiet", click: () => askForKey(t("loginLead")) }, t("logIn")) : null,
  );
}

/** Shows the view of the address and gives the focus to the content, except when the page was just opened. */
async function show() {
  const turn = ++shows;
  const route = parseRoute(location.hash);
  const main = byId("main");
  view?.leave();
  frame(route.view);
  const make = VIEWS[route.view];
  /** @type {View | null} */
  let next = null;
  let shown = el("div", { class: "column" }, el("h1", {}, t("notFoundPage")));
  try {
    if (make !== undefined) next = await make(route, session);
  } catch (error) {
    // The module of the view could not be fetched.
    shown = el("div", { class: "column" }, el("h1", {}, t("product")), failure(error, show));
  }
  if (turn !== shows) return next?.leave();
  view = next;
  fill(main, next?.element ?? shown);
  document.title = `${main.querySelector("h1")?.textContent ?? ""} · ${t("product")}`;
  if (turn > 1 && !main.contains(document.activeElement)) main.focus({ preventScroll: true });
}

/** @param {string} why */
async function askForKey(why) {
  if (loginWanted && view !== null) return;
  loginWanted = true;
  session = {};
  forgetConversation();
  view?.leave();
  ++shows;
  frame("");
  const { LoginView } = await import("./views/login.js");
  const login = new LoginView((opened) => {
    session = opened;
    loginWanted = false;
    show();
  }, why);
  view = login;
  fill(byId("main"), login.element);
  byId("key").focus();
}

async function start() {
  const chosen = localStorage.getItem(LANGUAGE_KEY);
  setLanguage(chosen === "zh" || chosen === "en" ? chosen : languageOf(navigator.languages));
  frame(parseRoute(location.hash).view);
  try {
    session = await readSession();
  } catch (error) {
    if (error instanceof ApiError && error.http === 401) return askForKey(t("loginLead"));
    fill(byId("main"), failure(error, start));
    return;
  }
  await show();
}

byId("skip").addEventListener("click", (event) => {
  // Not by the address, which names the view.
  event.preventDefault();
  byId("main").focus();
});
whenLoggedOut(() => askForKey(t("sessionEnded")));
window.addEventListener("hashchange", () => !loginWanted && show());
start();
