// The real programs with a base of their own, for one run of browser tests: indexer, retriever, generator, gateway.
//
// Ports are free ones, files temporary; stop() ends all and removes them. Not for questions of what the programs answer.

import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const project = new URL("../../../", import.meta.url).pathname;

export const payloads = JSON.parse(readFileSync(new URL("../xss.json", import.meta.url), "utf8"));

/** Words of the Uyghur sample that are quoted in tests. */
export const UYGHUR = "بۇ بەلگىلىمە ئىت بېقىش ئىشلىرىغا تەتبىقلىنىدۇ";

/**
 * The sample corpus with a question bank, a Uyghur rule, and one document per payload, its text and metadata full of it.
 * @param {string} folder
 */
function writeCorpus(folder) {
  cpSync(join(project, "data/corpus"), folder, { recursive: true });
  const known = [
    { question: "养犬登记要交多少钱？", passages: ["documents/cangning-dog-keeping-2023/provisions/art13"] },
    { question: "身份证丢了要多久才能拿到新的？", passages: ["documents/guide-id-card-renewal/provisions/s5"] },
  ];
  writeFileSync(join(folder, "questions.jsonl"), known.map((line) => `${JSON.stringify(line)}\n`).join(""));
  mkdirSync(join(folder, "ug"));
  writeFileSync(
    join(folder, "ug/dogs.md"),
    `---\nid: ug-dogs\ntitle: ئىت بېقىش بەلگىلىمىسى\nkind: rule\nlanguage: ug\nregion: 沧宁市\nvalid_from: 2024-01-01\n---\n# ئىت بېقىش بەلگىلىمىسى\n\n${UYGHUR}.\n`,
  );
  mkdirSync(join(folder, "xss"));
  payloads.forEach((payload, i) => {
    const id = `xss-${String(i).padStart(2, "0")}`;
    writeFileSync(join(folder, "xss", `${id}.txt`), `标记测试${i}\n\n第一条　标记测试甲${i} ${payload} 结束。\n\n第二条　标记测试乙${i} ${payload}\n`);
    const value = JSON.stringify(`标记${i} ${payload}`);
    const lines = [`id = "${id}"`, `title = ${value}`, `document_number = ${value}`, `issuer = ${value}`, `region = ${value}`];
    const rest = ['kind = "rule"', 'valid_from = "2024-01-01"', 'visibility = ["xss"]', `source = ${JSON.stringify(`javascript:window.hacked=1//${payload}`)}`];
    writeFileSync(join(folder, "xss", `${id}.txt.meta.toml`), [...lines, ...rest].map((line) => `${line}\n`).join(""));
  });
}

/**
 * A key and the lines of the access file that know it.
 * @param {string} policykb
 * @param {string} name
 * @param {string} role
 * @param {string} labels
 */
function newKey(policykb, name, role, labels) {
  const text = execFileSync(policykb, ["access", "new-key", name, "--role", ...role.split(","), "--labels", labels], { encoding: "utf8" });
  const key = /^pkb_\S+$/m.exec(text)?.[0];
  if (key === undefined) throw new Error(`access new-key printed no key: ${text}`);
  return { key, lines: text.slice(text.indexOf("[[principal]]")) };
}

export class Servers {
  #bin;
  #children = [];
  folder = mkdtempSync(join(tmpdir(), "policykb-console-"));
  keys = {};

  /** @param {string} bin  folder of the programs */
  constructor(bin) {
    this.#bin = bin;
    const corpus = join(this.folder, "corpus");
    writeCorpus(corpus);
    // Few steps: what is searched here is found by its words.
    execFileSync(join(bin, "policykb-indexer"), ["build", "--kb", this.#kb, "--corpus", corpus, "--training-steps", "20"], { stdio: ["ignore", "ignore", "pipe"] });
    const principals = [
      ["kiosk", "kiosk", "public"],
      ["desk", "staff", "public,staff"],
      ["tester", "staff", "public,staff,xss"],
      ["data", "data", "public"],
      ["operator", "operator", "public,staff"],
      ["generator", "service", "*"],
      // It asks for what its callers may: their roles are its own matter.
      ["gateway", "service,data,operator", "*"],
    ];
    let access = `labels = ["public", "staff", "xss"]\n\n`;
    for (const [name, role, labels] of principals) {
      const { key, lines } = newKey(join(bin, "policykb"), name, role, labels);
      this.keys[name] = key;
      access += `${lines}\n`;
    }
    writeFileSync(this.#access, access, { mode: 0o600 });
    for (const name of ["generator", "gateway"]) writeFileSync(this.#keyFile(name), this.keys[name], { mode: 0o600 });
  }

  get #kb() {
    return join(this.folder, "kb");
  }
  get #access() {
    return join(this.folder, "access.toml");
  }

  /** @param {string} name */
  #keyFile(name) {
    return join(this.folder, `${name}.key`);
  }

  /** Publishes a second snapshot, so that there is something to go back to. */
  update() {
    const corpus = join(this.folder, "corpus");
    writeFileSync(join(corpus, "later.md"), "---\nid: later\ntitle: 后来的通知\nkind: normative\nvalid_from: 2024-01-01\n---\n# 后来的通知\n\n后来的内容。\n");
    execFileSync(join(this.#bin, "policykb-indexer"), ["update", "--kb", this.#kb, "--corpus", corpus], { stdio: ["ignore", "ignore", "pipe"] });
  }

  /**
   * @param {string[]} [options]  of the retriever
   * @returns {Promise<string>} host:port
   */
  retriever(options = []) {
    return this.#start("policykb-retriever", ["--kb", this.#kb, "--access", this.#access, ...options]);
  }

  /**
   * @param {string} retriever
   * @param {string[]} [options]
   * @returns {Promise<string>} host:port
   */
  generator(retriever, options = []) {
    const upstream = ["--retriever", retriever, "--retriever-api-key-file", this.#keyFile("generator")];
    const feedback = mkdtempSync(join(this.folder, "feedback-"));
    return this.#start("policykb-generator", [...upstream, "--access", this.#access, "--feedback", feedback, ...options]);
  }

  /**
   * @param {string} retriever
   * @param {string} generator
   * @returns {Promise<string>} http://host:port
   */
  async gateway(retriever, generator) {
    const upstream = ["--retriever", retriever, "--generator", generator, "--access", this.#access, ...["retriever", "generator"].flatMap((name) => [`--${name}-api-key-file`, this.#keyFile("gateway")])];
    return `http://${await this.#start("policykb-gateway", upstream)}`;
  }

  /**
   * Starts a program and waits for the line with its address.
   * @param {string} name
   * @param {string[]} options
   * @returns {Promise<string>}
   */
  #start(name, options) {
    const child = spawn(join(this.#bin, name), ["--listen", "127.0.0.1:0", ...options], { stdio: ["ignore", "pipe", "pipe"] });
    this.#children.push(child);
    let log = "";
    child.stderr.on("data", (chunk) => (log = (log + chunk).slice(-4000)));
    return new Promise((resolve, reject) => {
      let text = "";
      child.stdout.on("data", (chunk) => {
        text += chunk;
        const address = /listening on (\S+)/.exec(text)?.[1];
        if (address !== undefined) resolve(address);
      });
      child.on("error", reject);
      child.on("exit", (code) => reject(new Error(`${name} ended with ${code}: ${log}`)));
    });
  }

  async stop() {
    for (const child of this.#children.reverse()) {
      if (child.exitCode !== null) continue;
      const ended = new Promise((resolve) => child.on("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    }
    if (existsSync(this.folder)) rmSync(this.folder, { recursive: true });
  }
}
