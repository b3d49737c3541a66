// Tells when nobody has touched a page for a while: first a warning, then the end.
//
// Not for what ends. The clock and the timer are given, so that tests need not wait. One per page.

/** @typedef {{ now: () => number, every: (tick: () => void) => void }} Clock  milliseconds; `every` calls about once a second */

/** Seconds of warning before the end. */
export const WARNING = 10;
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
  #warn;
  #end;
  #last;
  #armed = false;

  /**
   * @param {number} seconds
   * @param {Clock} clock
   * @param {(left: number | null) => void} warn  with the seconds left, null when the warning is over
   * @param {() => void} end
   */
  constructor(seconds, clock, warn, end) {
    this.#seconds = seconds;
    this.#clock = clock;
    this.#warn = warn;
    this.#end = end;
    this.#last = clock.now();
    clock.every(() => this.#tick());
  }

  /** Somebody is there. From now on there is something to end. */
  touch() {
    this.#armed = true;
    this.#last = this.#clock.now();
    this.#warn(null);
  }

  /** There is nothing left to end until somebody comes. */
  rest() {
    this.#armed = false;
    this.#warn(null);
  }

  #tick() {
    if (!this.#armed) return;
    const left = this.#seconds - (this.#clock.now() - this.#last) / 1000;
    if (left <= 0) {
      this.rest();
      this.#end();
    } else if (left <= WARNING) {
      this.#warn(Math.ceil(left));
    }
  }
}
