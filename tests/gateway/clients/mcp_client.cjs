// The official MCP client for Node against a gateway: tools and resources.

const assert = require("node:assert");
const { Client } = require("@modelcontextprotocol/sdk/client/index.js");
const { StreamableHTTPClientTransport } = require("@modelcontextprotocol/sdk/client/streamableHttp.js");

async function main() {
  const client = new Client({ name: "policykb-test", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(new URL(process.env.GATEWAY_URL + "/mcp")));
  const tools = (await client.listTools()).tools.map((tool) => tool.name);
  assert.deepStrictEqual(tools, ["search_policy", "get_provision", "answer_question"]);
  const found = await client.callTool({ name: "search_policy", arguments: { query: "养犬登记收费", k: 2 } });
  assert.strictEqual(found.structuredContent.passages.length, 2);
  const answer = await client.callTool({ name: "answer_question", arguments: { question: "养狗要交多少钱登记费" } });
  assert.strictEqual(answer.structuredContent.status, "ANSWER_STATUS_ANSWERED");
  const { resources } = await client.listResources();
  const { contents } = await client.readResource({ uri: resources[0].uri });
  assert.ok(contents[0].text.length > 0);
  await client.close();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
