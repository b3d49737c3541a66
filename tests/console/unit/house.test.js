// House rules of the console's sources: no HTML out of text, no way round dom.js, comments first and in ASCII, short files.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";

const root = new URL("../../../generator/gateway/console/", import.meta.url).pathname;
const files = readdirSync(root, { recursive: true }).map(String).sort();
const read = (name) => readFileSync(join(root, name), "utf8");
const sources = files.filter((name) => name.endsWith(".js"));
const pages = files.filter((name) => name.endsWith(".html"));
const styles = files.filter((name) => name.endsWith(".css"));

test("no source makes HTML or code of text", () => {
  const forbidden =
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|setHTML|parseHTMLUnsafe|srcdoc\s*=|\beval\b|new Function|\.setAttribute\(\s*["'`]on|javascript:/;
  for (const name of sources) assert.doesNotMatch(read(name), forbidden, name);
});

test("elements and attributes are made in dom.js alone", () => {
  for (const name of sources.filter((source) => source !== "dom.js")) {
    assert.doesNotMatch(read(name), /createElement|\.href\s*=|\.src\s*=/, name);
  }
});

test("a page has no inline script, style or handler, and loads from this site alone", () => {
  for (const name of pages) {
    const text = read(name);
    assert.doesNotMatch(text, /<style|\sstyle=|\son\w+=|<script(?![^>]* src=)/i, name);
    for (const [, place] of text.matchAll(/(?:href|src)="([^"]*)"/g)) assert.match(place, /^(\/assets\/|#|data:,$)/, `${name}: ${place}`);
  }
});

test("no style or source names another host", () => {
  for (const name of [...styles, ...sources]) {
    const places = [...read(name).matchAll(/https?:\/\/[^\s"'`)/]+/g)].map(String).filter((place) => place !== "http://www.w3.org");
    assert.deepEqual(places, [], name);
  }
});

test("every source and style begins with what it is for", () => {
  for (const name of sources) assert.match(read(name), /^\/\/ [A-Z].*\n/, name);
  for (const name of styles) assert.match(read(name), /^\/\* [A-Z].* \*\/\n/, name);
});

test("no file is longer than 300 lines, messages apart", () => {
  for (const name of [...sources, ...styles]) {
    if (name !== "messages.js") assert.ok(read(name).split("\n").length <= 300, name);
  }
});

test("comments are ASCII", () => {
  for (const name of sources) {
    for (const line of read(name).split("\n")) {
      if (/^\s*(\/\/|\/?\*)/.test(line)) assert.match(line, /^[\x00-\x7f]*$/, `${name}: ${line}`);
    }
  }
});

for (const [page, entry] of [["index.html", "app.js"], ["kiosk.html", "kiosk.js"]]) {
  test(`what ${page} asks for ahead is there, and is all that its first view needs`, () => {
    const ahead = [...read(page).matchAll(/modulepreload" href="\/assets\/([^"]+)"/g)].map(([, name]) => name);
    const needed = new Set();
    const visit = (name) => {
      for (const [, target] of read(name).matchAll(/^import [^;]*from "([^"]+)";$/gms)) {
        const path = new URL(target, `file:///${name}`).pathname.slice(1);
        if (needed.has(path)) continue;
        needed.add(path);
        visit(path);
      }
    };
    visit(entry);
    assert.deepEqual([...ahead].sort(), [...needed].sort());
  });
}

test("every message is used", () => {
  const text = sources.filter((name) => name !== "messages.js").map(read).join("\n") + read("messages.js").split("const KINDS")[1];
  const keys = [...read("messages.js").matchAll(/^ {2}(\w+): \[/gm)].map(([, key]) => key);
  assert.deepEqual(keys.filter((key) => !text.includes(`"${key}"`)), []);
});
