// Server-sent events out of the chunks of a response body: the stream format of the HTML standard, "Interpreting an event
// stream", less retry and reconnection. EventSource itself can only GET.
//
// Not for JSON: what `data` says is the caller's. One parser per stream.

/** @typedef {{ event: string, data: string }} ServerEvent */

/** Longest event that is taken, in UTF-16 code units; a whole answer is far below it. */
const MAX_EVENT = 8 * 1024 * 1024;

export class SseParser {
  #decoder = new TextDecoder("utf-8");
  #rest = "";
  #event = "";
  /** @type {string[]} */
  #data = [];
  #size = 0;
  #afterReturn = false;

  /**
   * The events that `chunk` completes, in order.
   * @param {Uint8Array} chunk  cut anywhere, inside a character as well
   * @returns {ServerEvent[]}
   * @throws {RangeError} when one event is longer than 8 Mi characters
   */
  push(chunk) {
    let text = this.#decoder.decode(chunk, { stream: true });
    if (this.#afterReturn && text !== "") {
      if (text.startsWith("\n")) text = text.slice(1);
      this.#afterReturn = false;
    }
    if (text.endsWith("\r")) this.#afterReturn = true;
    this.#size += text.length;
    if (this.#size > MAX_EVENT) throw new RangeError("event longer than 8 Mi characters");
    const lines = (this.#rest + text).split(/\r\n|\n|\r/);
    this.#rest = /** @type {string} */ (lines.pop());
    /** @type {ServerEvent[]} */
    const events = [];
    for (const line of lines) {
      const event = this.#line(line);
      if (event !== null) events.push(event);
    }
    return events;
  }

  /**
   * @param {string} line
   * @returns {ServerEvent | null}
   */
  #line(line) {
    if (line === "") {
      const event = this.#data.length === 0 ? null : { event: this.#event || "message", data: this.#data.join("\n") };
      this.#event = "";
      this.#data = [];
      this.#size = 0;
      return event;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    if (field === "data") this.#data.push(value);
    if (field === "") this.#size -= line.length;
    return null;
  }
}
