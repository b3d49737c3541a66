// A chat model for tests, in this process: an OpenAI-compatible server that replies what it is told to.
//
// Not for what real models do; tests/testing/fake_chat_server.h is its twin for C++.

import http from "node:http";

export class Model {
  /** What it replies; a pause between the pieces, milliseconds; none of them ends while `holds`. */
  reply = "";
  holds = false;
  #server;

  /** @returns {Promise<string>} base URL */
  async start() {
    this.#server = http.createServer((request, response) => {
      request.resume();
      request.on("end", () => this.#answer(response));
    });
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${this.#server.address().port}/v1`;
  }

  /** @param {http.ServerResponse} response */
  #answer(response) {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    for (const piece of this.reply.match(/[^]{1,200}/gu) ?? []) {
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: piece } }] })}\n\n`);
    }
    if (this.holds) return;
    response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}\n\n`);
    response.end("data: [DONE]\n\n");
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
