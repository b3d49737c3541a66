// Takes pictures of every view at three widths, to be looked at: nothing is compared.
//
// usage: tests/console/run.sh screenshots BIN_DIR FOLDER [WIDTH...]

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { ask, go, openPage } from "./pages.js";
import { bereft, browser, endWorld, plain, servers } from "./world.js";

const [, , , folder = "screenshots", ...widths] = process.argv;
const DOGS = "养犬登记要交多少钱";

async function openPanel(page) {
  const answer = await ask(page, DOGS);
  await answer.locator(".chip").first().click();
  await page.locator(".panel mark").first().waitFor();
}

async function askKiosk(page) {
  await page.goto("/kiosk");
  await page.fill("#question", "身份证丢了要多久才能拿到新的");
  await page.press("#question", "Enter");
  await page.waitForSelector(".answer[data-status]");
}

/** What is done before each picture; a page that asks begins anew. */
const SHOTS = {
  start: async (page) => go(page, ""),
  filters: async (page) => go(page, "#/ask?asOf=2020-01-01&kind=law,rule"),
  answer: async (page) => void (await go(page, ""), await ask(page, "身份证丢了要多久才能拿到新的")),
  english: async (page) => void (await go(page, ""), await ask(page, "Which documents are needed to register a sole proprietorship enterprise?")),
  panel: async (page) => void (await go(page, ""), await openPanel(page)),
  quote: async (page) => void (await go(page, ""), await (await ask(page, DOGS)).locator(".chip").first().hover()),
  refusal: async (page) => void (await go(page, ""), await ask(page, "火星移民补贴怎么领")),
  search: async (page) => go(page, `#/search?q=${encodeURIComponent("物业费 不交")}`),
  documents: async (page) => go(page, "#/documents?all=1"),
  document: async (page) => go(page, "#/documents/cangning-dog-keeping-2023"),
  uyghur: async (page) => go(page, "#/documents/ug-dogs"),
  compare: async (page) => go(page, "#/compare?old=documents/yuanlan-pension-rules-2018&new=documents/yuanlan-pension-rules-2023"),
  data: async (page) => go(page, "#/data"),
  kiosk: async (page) => void (await page.goto("/kiosk"), await page.waitForSelector(".suggestions li")),
  kiosk_answer: askKiosk,
};

async function take(page, name, width, dark) {
  await page.screenshot({ path: join(folder, `${name}-${width}${dark ? "-dark" : ""}.png`) });
}

mkdirSync(folder, { recursive: true });
try {
  for (const width of widths.length > 0 ? widths.map(Number) : [360, 1024, 2560]) {
    for (const colorScheme of ["light", "dark"]) {
      const options = { viewport: { width, height: Math.round(Math.max(740, width * 0.6)) }, colorScheme, locale: colorScheme === "dark" ? "en-GB" : "zh-CN" };
      const page = await openPage(browser, plain, servers.keys.operator, options);
      for (const [name, prepare] of Object.entries(SHOTS)) {
        await prepare(page);
        await take(page, name, width, colorScheme === "dark");
      }
      await page.context().close();
      const without = await openPage(browser, bereft, servers.keys.desk, options);
      await ask(without, DOGS);
      await take(without, "no_model", width, colorScheme === "dark");
      await without.context().close();
    }
  }
} finally {
  await endWorld();
}
