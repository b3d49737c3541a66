// Routes, idle time, spoken text, languages, charts, the question bank: the small pure parts of the pages.

import assert from "node:assert/strict";
import test from "node:test";

const console_ = "../../../generator/gateway/console";
const { steps } = await import(`${console_}/chart.js`);
const { IdleWatch, idleSeconds } = await import(`${console_}/idle.js`);
const { languageOf, MESSAGES, setLanguage, t } = await import(`${console_}/messages.js`);
const { gateSeries, inOrder, questionBankLines } = await import(`${console_}/quality.js`);
const { formatRoute, parseRoute } = await import(`${console_}/router.js`);
const { directionOf, guessLanguage, textAttributes } = await import(`${console_}/script.js`);
const { spokenPieces, spokenText } = await import(`${console_}/speech.js`);

test("a route leads to its address and back", () => {
  const query = { asOf: "2020-01-01", span: "10-20" };
  assert.deepEqual(parseRoute(formatRoute("documents", "a/b 条%", query)), { view: "documents", path: "a/b 条%", query });
});

test("an empty or broken address is still a route", () => {
  assert.deepEqual(parseRoute(""), { view: "ask", path: "", query: {} });
  assert.equal(parseRoute("#/documents/%E7%zz").path, "%E7%zz");
});

test("every message has both languages and the same places", () => {
  const places = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const [key, row] of Object.entries(MESSAGES)) {
    assert.equal(row.length, 2, key);
    assert.ok(row.every((text) => text.trim() !== ""), key);
    assert.deepEqual(places(row[0]), places(row[1]), key);
    assert.match(row[0], /\p{Script=Han}/u, key);
    assert.doesNotMatch(row[1], /\p{Script=Han}/u, key);
  }
});

test("a message takes values as they are, dollar signs and braces too", () => {
  setLanguage("en");
  assert.equal(t("errorOther", { message: "$& {message}" }), "Something went wrong: $& {message}");
  setLanguage("zh");
});

test("the page begins in the first language of the browser that it has", () => {
  assert.equal(languageOf(["fr", "en-GB", "zh"]), "en");
  assert.equal(languageOf(["zh-Hans-CN", "en"]), "zh");
  assert.equal(languageOf(["fr"]), "zh");
});

test("Uyghur, Arabic and Persian run from right to left unless they are written otherwise", () => {
  assert.deepEqual(["ug", "ug-Arab-CN", "ar", "fa", "he"].map(directionOf), Array(5).fill("rtl"));
  assert.deepEqual(["zh", "en", "ug-Latn", "ug-Cyrl-KZ", "bo"].map(directionOf), Array(5).fill("ltr"));
  assert.equal(directionOf(""), "auto");
});

test("a text without a tag has the language of its letters", () => {
  assert.equal(guessLanguage("养犬登记 dog"), "zh");
  assert.equal(guessLanguage("What does it cost? 元"), "en");
  assert.equal(guessLanguage("قانۇن بويىچە بېجىرىلىدۇ"), "ug");
  assert.equal(guessLanguage("القانون المدني"), "ar");
  assert.deepEqual(textAttributes("12.5 %"), { dir: "auto" });
  assert.deepEqual(textAttributes("قانۇن"), { lang: "ug", dir: "rtl" });
});

test("what is read aloud has no marks", () => {
  assert.equal(spokenText("- 不收费。 [1][2]\n事项 | 时限\n**注意**"), "不收费。\n事项 时限\n注意");
});

test("what is read aloud is cut at sentences and never lost", () => {
  const text = `第一句。第二句！${"长".repeat(400)}。`;
  const pieces = spokenPieces(text);
  assert.equal(pieces.join(""), text);
  assert.ok(pieces.every((piece) => piece.length <= 180));
  assert.deepEqual(pieces.slice(0, 2), ["第一句。", "第二句！"]);
});

test("the idle time comes from the address, within bounds", () => {
  assert.deepEqual(["", "?idle=90", "?idle=1", "?idle=999999", "?idle=-5", "?idle=abc"].map(idleSeconds), [60, 90, 15, 3600, 60, 60]);
});

test("an idle page warns for ten seconds, then ends once, and a touch puts it off", () => {
  let now = 0;
  let tick = () => {};
  const said = [];
  const events = { warn: (left) => said.push(left), end: () => said.push("end"), occupied: () => false };
  const watch = new IdleWatch(60, { now: () => now * 1000, every: (f) => (tick = f) }, events);
  const at = (second) => {
    now = second;
    said.length = 0;
    tick();
    return [...said];
  };
  assert.deepEqual(at(500), [], "nobody was there yet");
  watch.touch();
  assert.deepEqual(at(549), []);
  assert.deepEqual(at(551), [9]);
  watch.touch();
  assert.deepEqual(at(560), []);
  assert.deepEqual(at(611), [null, "end"]);
  assert.deepEqual(at(900), []);
});

test("who waits or listens is there without a touch, for ten minutes", () => {
  let now = 0;
  let tick = () => {};
  const said = [];
  let occupied = true;
  const events = { warn: (left) => left !== null && said.push(left), end: () => said.push("end"), occupied: () => occupied };
  new IdleWatch(60, { now: () => now * 1000, every: (f) => (tick = f) }, events).touch();
  const until = (second) => {
    for (; now < second; ++now) tick();
    return said.splice(0);
  };
  assert.deepEqual(until(599), []);
  // From second 600 on it does not count; the last that did was 599, so that 60 seconds end at 659.
  assert.deepEqual(until(660), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, "end"]);
  occupied = false;
  assert.deepEqual(until(900), []);
});

test("steps of a chart are round and cover the values", () => {
  assert.deepEqual(steps(0, 57), [0, 20, 40, 60]);
  assert.deepEqual(steps(0.71, 0.85), [0.7, 0.75, 0.8, 0.85]);
  const flat = steps(776, 776);
  assert.ok(flat[0] <= 776 && flat.at(-1) >= 776 && flat.length >= 2);
  assert.ok(steps(0, 0).length >= 2);
});

test("figures of gates become one series each, the oldest first, counts left out", () => {
  const figure = (value) => ({ subject: "q", measure: "recall@10", value, floor: 0.7 });
  const snapshots = [
    { snapshot: "c", unreadable: "damaged" },
    { snapshot: "b", publishedAt: "2026-02-01T00:00:00Z", gate: { figures: [figure(0.8), { subject: "counts", measure: "documents", value: 9 }] } },
    { snapshot: "a", publishedAt: "2026-01-01T00:00:00Z", gate: { figures: [figure(0.9)] } },
  ];
  const [series, ...rest] = gateSeries(inOrder(snapshots));
  assert.equal(rest.length, 0);
  assert.equal(series.name, "q recall@10");
  assert.equal(series.floor, 0.7);
  assert.deepEqual(series.samples.map(({ label, value }) => [label, value]), [["a", 0.9], ["b", 0.8]]);
});

test("the question bank is offered each question once, the most asked first, as lines of JSON", () => {
  const lines = questionBankLines([{ question: "甲", answers: "1" }, { question: "\"乙\"", answers: "2" }, { question: "甲", answers: "3" }]);
  assert.deepEqual(lines.split("\n").map((line) => JSON.parse(line)), [{ question: "甲", passages: [] }, { question: "\"乙\"", passages: [] }]);
});
