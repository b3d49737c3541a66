// What all browser tests share: one base, one retriever, gateways with different models behind them, one browser.

import { launch } from "./pages.js";
import { Model } from "./model.js";
import { Servers } from "./servers.js";

const bin = process.argv[2];
if (bin === undefined) throw new Error("usage: node browser.js BIN_DIR");

export const servers = new Servers(bin);
export const model = new Model();
export const browser = await launch();

const modelUrl = await model.start();
const retriever = await servers.retriever(["--allow-roll-back"]);
const withModel = ["--model-url", modelUrl, "--model", "test-model", "--model-reasoning", "none"];
const gatewayOf = async (options) => servers.gateway(retriever, await servers.generator(retriever, options));

/** Answers with sentences of the passages. */
export const plain = await gatewayOf([]);
/** Answers with what the model says and passages bear. */
export const modelled = await gatewayOf(withModel);
/** Answers with whatever the model says. */
export const unchecked = await gatewayOf([...withModel, "--grounding", "off"]);
/** Has a model server that is gone: port 9 is the discard service, which nothing here runs. */
export const bereft = await gatewayOf(["--model-url", "http://127.0.0.1:9/v1", "--model", "test-model"]);

export async function endWorld() {
  await browser.close();
  await model.stop();
  await servers.stop();
}
