// The event stream as the gateway sends it, whole and cut at every byte.

import assert from "node:assert/strict";
import test from "node:test";

import { SseParser } from "../../../generator/gateway/console/sse.js";

const bytes = (text) => new TextEncoder().encode(text);
const parse = (...chunks) => {
  const parser = new SseParser();
  return chunks.flatMap((chunk) => parser.push(typeof chunk === "string" ? bytes(chunk) : chunk));
};

test("an event has a name and data", () => {
  assert.deepEqual(parse("event: final\ndata: {\"a\":1}\n\n"), [{ event: "final", data: "{\"a\":1}" }]);
});

test("an event without a name is a message", () => {
  assert.deepEqual(parse("data: x\n\n"), [{ event: "message", data: "x" }]);
});

test("comments keep a connection alive and say nothing", () => {
  assert.deepEqual(parse(": keep-alive\n\n: keep-alive\n\ndata: x\n\n"), [{ event: "message", data: "x" }]);
});

test("several lines of data are one text with line ends", () => {
  assert.deepEqual(parse("data: a\ndata:b\ndata\n\n"), [{ event: "message", data: "a\nb\n" }]);
});

test("one space behind the colon is dropped, a second stays", () => {
  assert.deepEqual(parse("data:  x\n\n"), [{ event: "message", data: " x" }]);
});

test("line ends of every kind end a line, also cut between their bytes", () => {
  const expected = [{ event: "e", data: "x" }];
  assert.deepEqual(parse("event: e\r\ndata: x\r\n\r\n"), expected);
  assert.deepEqual(parse("event: e\rdata: x\r\r"), expected);
  assert.deepEqual(parse("event: e\r", "\ndata: x\r", "\n\r", "\n"), expected);
});

test("a name without data is no event, and does not go over to the next", () => {
  assert.deepEqual(parse("event: e\n\ndata: x\n\n"), [{ event: "message", data: "x" }]);
});

test("an event that is not ended is not given", () => {
  assert.deepEqual(parse("data: x\n"), []);
});

test("a stream cut at any byte gives the same events", () => {
  const stream = bytes(": hello\n\nevent: sentence\ndata: {\"t\":\"第十三条\u{20BB7}\"}\r\n\r\nevent: final\ndata: 1\ndata: 2\n\n");
  const whole = parse(stream);
  assert.equal(whole.length, 2);
  for (let at = 0; at <= stream.length; ++at) {
    assert.deepEqual(parse(stream.slice(0, at), stream.slice(at)), whole, `cut at ${at}`);
  }
  assert.deepEqual(parse(...Array.from(stream, (byte) => Uint8Array.of(byte))), whole);
});

test("an endless event is refused", () => {
  const parser = new SseParser();
  const chunk = bytes(`data: ${"x".repeat(1 << 20)}`);
  assert.throws(() => {
    for (let i = 0; i < 20; ++i) parser.push(chunk);
  }, RangeError);
});

test("an endless stream of small events and comments is not refused", () => {
  const parser = new SseParser();
  const chunk = bytes(`: ${"k".repeat(1 << 18)}\n\ndata: ${"x".repeat(1 << 18)}\n\n`);
  let events = 0;
  for (let i = 0; i < 40; ++i) events += parser.push(chunk).length;
  assert.equal(events, 40);
});
