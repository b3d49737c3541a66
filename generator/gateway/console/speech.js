// Reads text aloud with the browser's own voices, where it has any; marks such as [1] are not read.
//
// One voice at a time. Nothing leaves the machine: voices that a browser fetches from elsewhere are not used.

import { guessLanguage } from "./script.js";

/** Longest piece given to a voice at once; some stop in the middle of longer ones. */
const PIECE = 180;

/**
 * Text as it is read: without citation marks, brackets of list numbers and runs of white space.
 * @param {string} text
 */
export function spokenText(text) {
  return text
    .replace(/\s*\[\d+\]/g, "")
    .replace(/^[-*#>|]+\s*/gm, "")
    .replace(/[|*_#`]+/g, " ")
    .replace(/[ \t\u3000]+/g, " ")
    .trim();
}

/**
 * Pieces that end with a sentence where they can.
 * @param {string} text
 * @returns {string[]}
 */
export function spokenPieces(text) {
  const sentences = spokenText(text).match(/[^。！？；.!?;\n]+[。！？；.!?;\n]*/gu) ?? [];
  /** @type {string[]} */
  const pieces = [];
  for (const sentence of sentences) {
    for (let at = 0; at < sentence.length; at += PIECE) {
      const piece = sentence.slice(at, at + PIECE).trim();
      if (piece !== "") pieces.push(piece);
    }
  }
  return pieces;
}

export function canSpeak() {
  return "speechSynthesis" in window && "SpeechSynthesisUtterance" in window;
}

/**
 * @param {string} text
 * @param {() => void} ended  when all is read, or reading stopped
 */
export function speak(text, ended) {
  silence();
  const pieces = spokenPieces(text);
  const last = pieces.length - 1;
  if (last < 0) return ended();
  pieces.forEach((piece, i) => {
    const utterance = new SpeechSynthesisUtterance(piece);
    utterance.lang = guessLanguage(piece) === "en" ? "en" : "zh-CN";
    const voice = speechSynthesis.getVoices().find(({ lang, localService }) => localService && lang.startsWith(utterance.lang.slice(0, 2)));
    if (voice !== undefined) utterance.voice = voice;
    if (i === last) utterance.addEventListener("end", ended);
    utterance.addEventListener("error", ended);
    speechSynthesis.speak(utterance);
  });
}

export function isSpeaking() {
  return canSpeak() && speechSynthesis.speaking;
}

export function silence() {
  if (canSpeak()) speechSynthesis.cancel();
}
