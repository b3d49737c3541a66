// Calls of the gateway: JSON in, JSON out, errors as ApiError, the CSRF token added where it is needed.
//
// Not for what is shown. One session per page; a 401 tells whoever listens and is thrown as well.

import { SseParser } from "./sse.js";

/** @typedef {import("./types.js").Session} Session */
/** @typedef {import("./types.js").RpcStatus} RpcStatus */
/** @typedef {import("./types.js").StreamEvent} StreamEvent */

export class ApiError extends Error {
  /**
   * @param {number} http  status of HTTP; 0 when no response came
   * @param {RpcStatus} status
   */
  constructor(http, status) {
    super(status.message ?? "");
    this.http = http;
    this.status = status;
  }
}

let csrfToken = "";
/** @type {() => void} */
let onLoggedOut = () => {};

/** @param {() => void} listener  called when the gateway wants a login */
export function whenLoggedOut(listener) {
  onLoggedOut = listener;
}

/**
 * @param {string} path
 * @param {RequestInit} init
 * @returns {Promise<Response>}  with a status of 200
 */
async function send(path, init) {
  const headers = new Headers(init.headers);
  if (init.method !== "GET" && csrfToken !== "") headers.set("X-CSRF-Token", csrfToken);
  if (init.body !== undefined) headers.set("Content-Type", "application/json");
  /** @type {Response} */
  let response;
  try {
    response = await fetch(path, { ...init, headers, credentials: "same-origin", redirect: "error" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, { message: String(error) });
  }
  if (response.ok) return response;
  /** @type {RpcStatus} */
  const status = await response.json().catch(() => ({ message: response.statusText }));
  if (response.status === 401 && path !== "/session") onLoggedOut();
  throw new ApiError(response.status, status);
}

/**
 * @param {string} path
 * @param {Record<string, string | number | boolean | undefined>} [query]  empty values are left out
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function get(path, query = {}, signal) {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "" && value !== false) parts.set(name, String(value));
  }
  const tail = parts.toString();
  const response = await send(tail === "" ? path : `${path}?${tail}`, { method: "GET", signal: signal ?? null });
  return response.json();
}

/**
 * @param {string} path
 * @param {unknown} body
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function post(path, body, signal) {
  const response = await send(path, { method: "POST", body: JSON.stringify(body), signal: signal ?? null });
  return response.json();
}

/**
 * Posts and gives each event of the answer's stream as it comes; an `error` event is thrown.
 * @param {string} path
 * @param {unknown} body
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<StreamEvent, void, void>}
 */
export async function* stream(path, body, signal) {
  const init = { method: "POST", body: JSON.stringify(body), signal, headers: { Accept: "text/event-stream" } };
  const response = await send(path, init);
  if (response.body === null) return;
  const parser = new SseParser();
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (const { event, data } of parser.push(value)) {
        const message = JSON.parse(data);
        if (event === "error") throw new ApiError(200, message);
        yield message;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** @returns {Promise<Session>} */
export async function readSession() {
  return keep(await get("/session"));
}

/**
 * @param {string} apiKey
 * @returns {Promise<Session>}
 */
export async function logIn(apiKey) {
  return keep(await post("/session", { apiKey }));
}

export async function logOut() {
  await send("/session", { method: "DELETE" });
  csrfToken = "";
}

/**
 * @param {Session} session
 * @returns {Session}
 */
function keep(session) {
  csrfToken = session.csrfToken ?? "";
  return session;
}

/**
 * The path of a document of the REST interface; `suffix` goes behind the id.
 * @param {string} name  `documents/{document}`
 */
export function documentPath(name) {
  return `/v1/documents/${encodeURIComponent(name.replace(/^documents\//, ""))}`;
}
