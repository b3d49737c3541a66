// Tests the console as a person would use it: the real programs, a real browser, a base of the sample corpus.
//
// usage: tests/console/run.sh browser BIN_DIR

import { after } from "node:test";

import { endWorld } from "./world.js";

await import("./ask_cases.js");
await import("./stream_cases.js");
await import("./document_cases.js");
await import("./login_cases.js");
await import("./kiosk_cases.js");
await import("./data_cases.js");
await import("./text_cases.js");
await import("./access_cases.js");

after(endWorld);
