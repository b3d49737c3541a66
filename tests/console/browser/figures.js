// Prints what the console weighs and how soon it is there: bytes over the wire, first paint, on loopback.
//
// usage: tests/console/run.sh figures BIN_DIR
// Medians of ten fresh contexts, so that nothing is cached. Figures, not a test: they depend on the machine.

import { openPage } from "./pages.js";
import { browser, endWorld, plain, servers } from "./world.js";

const ROUNDS = 10;
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function measure(path) {
  const bytes = [];
  const paints = [];
  const ready = [];
  for (let round = 0; round < ROUNDS; ++round) {
    const page = await openPage(browser, plain, servers.keys.desk);
    const context = page.context();
    await page.close();
    const fresh = await context.newPage();
    const client = await context.newCDPSession(fresh);
    await client.send("Network.enable");
    await client.send("Network.setCacheDisabled", { cacheDisabled: true });
    let sum = 0;
    client.on("Network.loadingFinished", ({ encodedDataLength }) => (sum += encodedDataLength));
    await fresh.goto(path);
    await fresh.waitForSelector("#question");
    const shown = await fresh.evaluate(() => performance.now());
    await fresh.waitForLoadState("networkidle");
    const paint = await fresh.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN);
    bytes.push(sum);
    paints.push(paint);
    ready.push(shown);
    await context.close();
  }
  console.log(`${path}: ${(median(bytes) / 1000).toFixed(1)} kB over the wire, first contentful paint ${median(paints).toFixed(0)} ms, field to type in ${median(ready).toFixed(0)} ms (medians of ${ROUNDS})`);
}

try {
  await measure("/");
  await measure("/kiosk");
} finally {
  await endWorld();
}
