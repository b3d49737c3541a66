// Tells when nobody has touched a page for a while: first a warning, then the end.
//
// Who waits for an answer or listens to one is there without a touch, for ten minutes at the most. Not for what ends. The clock and
// the timer are given, so that tests need not wait. One per page.

/** @typedef {{ now: () => number, every: (tick: () => void) => void }} Clock  milliseconds; `every` calls about once a second */
/**
 * @typedef {object} IdleEvents
 * @property {(left: number | null) => void} warn  with the seconds left, null when the warning is over
 * @property {() => void} end
 * @property {() => boolean} occupied  whether something goes on that one waits for
 */

/** Seconds of warning before the end. */
export const WARNING = 10;
/** Seconds after the last touch from which on nothing counts as being there: a voice or a stream may hang. */
const LONGEST = 600;
const LEAST = 15;
const MOST = 3600;

/**
 * Seconds that a page may lie idle, from its address; 60 where it does not say, 15 to 3,600.
 * @param {string} search  as location.search
 */
export function idleSeconds(search) {
  const given = new URLSearchParams(search).get("idle") ?? "";
  if (!/^\d{1,6}$/.test(given)) return 60;
  return Math.min(MOST, Math.max(LEAST, Number(given)));
}

export class IdleWatch {
  #seconds;
  #clock;
  #events;
  #last;
  #touched;
  #armed = false;

  /**
   * @param {number} seconds
   * @param {Clock} clock
   * @param {IdleEvents} events
   */
  constructor(seconds, clock, events) {
    this.#seconds = seconds;
    this.#clock = clock;
    this.#events = events;
    this.#last = this.#touched = clock.now();
    clock.every(() => this.#tick());
  }

  /** Somebody is there. From now on there is something to end. */
  touch() {
    this.#armed = true;
    this.#last = this.#touched = this.#clock.now();
    this.#events.warn(null);
  }

  /** There is nothing left to end until somebody comes. */
  rest() {
    this.#armed = false;
    this.#events.warn(null);
  }

  #tick() {
    if (!this.#armed) return;
    const now = this.#clock.now();
    if (this.#events.occupied() && now - this.#touched < LONGEST * 1000) this.#last = now;
    const left = this.#seconds - (now - this.#last) / 1000;
    if (left <= 0) {
      this.rest();
      this.#events.end();
    } else if (left <= WARNING) {
      this.#events.warn(Math.ceil(left));
    }
  }
}
