// Which language and direction a text has that is shown: from its BCP 47 tag or, where none came with it, from its letters.
//
// For `lang` and `dir` attributes only: enough for a screen reader to choose a voice and a browser to choose fonts. Pure functions.

const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ps", "sd", "ug", "ur", "yi"]);
const RIGHT_TO_LEFT_SCRIPTS = new Set(["arab", "hebr", "syrc", "thaa", "nkoo"]);
/** Letters of Uyghur that Arabic, Persian and Urdu do not write. */
const UYGHUR = /[\u06c6\u06c7\u06c8\u06cb\u06d0\u06d5\u06ad]/u;

/**
 * @param {string} tag  BCP 47; empty when not known
 * @returns {"rtl" | "ltr" | "auto"}
 */
export function directionOf(tag) {
  const [language = "", ...rest] = tag.toLowerCase().split("-");
  if (language === "") return "auto";
  const script = rest.find((part) => part.length === 4);
  if (script !== undefined) return RIGHT_TO_LEFT_SCRIPTS.has(script) ? "rtl" : "ltr";
  return RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
}

/**
 * The language of a text that came without a tag: by the script of most of its letters; empty without letters.
 * @param {string} text
 */
export function guessLanguage(text) {
  const sample = text.slice(0, 2000);
  const count = (/** @type {RegExp} */ pattern) => sample.match(pattern)?.length ?? 0;
  // A Han character says as much as a few letters.
  const han = 3 * count(/\p{Script=Han}/gu);
  const arabic = count(/\p{Script=Arabic}/gu);
  const latin = count(/\p{Script=Latin}/gu);
  if (han + arabic + latin === 0) return "";
  if (arabic > han && arabic > latin) return UYGHUR.test(sample) ? "ug" : "ar";
  return han >= latin ? "zh" : "en";
}

/**
 * The attributes of an element with policy text.
 * @param {string} text
 * @param {string} [tag]
 * @returns {{ lang?: string, dir: string }}
 */
export function textAttributes(text, tag = "") {
  const language = tag || guessLanguage(text);
  return language === "" ? { dir: "auto" } : { lang: language, dir: directionOf(language) };
}
