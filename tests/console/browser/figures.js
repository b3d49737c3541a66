// Prints what the console weighs and how soon it is there: bytes over the wire, first paint, on loopback.
//
// usage: tests/console/run.sh figures BIN_DIR
// Medians of ten fresh contexts, so that nothing is cached. Figures, not a test: they depend on the machine.

import { loadFresh, openPage } from "./pages.js";
import { browser, endWorld, plain, servers } from "./world.js";

const ROUNDS = 10;
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function measure(path) {
  const loads = [];
  for (let round = 0; round < ROUNDS; ++round) {
    const page = await openPage(browser, plain, servers.keys.desk);
    loads.push(await loadFresh(await page.context().newPage(), path));
    await page.context().close();
  }
  const of = (name) => median(loads.map((load) => load[name]));
  const kilobytes = (of("bytes") / 1000).toFixed(1);
  console.log(`${path}: ${kilobytes} kB over the wire, first contentful paint ${of("paint").toFixed(0)} ms, field to type in ${of("ready").toFixed(0)} ms (medians of ${ROUNDS})`);
}

try {
  await measure("/");
  await measure("/kiosk");
} finally {
  await endWorld();
}
