// The official openai client for Node against a gateway: whole and streamed completions, models, errors.

const assert = require("node:assert");
const { OpenAI, NotFoundError } = require("openai");

async function main() {
  const client = new OpenAI({ baseURL: process.env.GATEWAY_URL + "/v1", apiKey: process.env.POLICYKB_API_KEY ?? "none", maxRetries: 0 });
  const messages = [{ role: "user", content: "养狗要交多少钱登记费" }];

  assert.deepStrictEqual((await client.models.list()).data.map((model) => model.id), ["policykb"]);

  const whole = await client.chat.completions.create({ model: "policykb", messages });
  const { content, annotations } = whole.choices[0].message;
  assert.match(content, /\[1\]/);
  assert.ok(annotations.length > 0 && annotations[0].url_citation.url.includes("/#/documents/"));

  let text = "";
  for await (const piece of await client.chat.completions.create({ model: "policykb", messages, stream: true }))
    text += piece.choices[0]?.delta?.content ?? "";
  assert.strictEqual(text, content);

  // The client's own gathering of a stream.
  const gathered = await client.chat.completions.stream({ model: "policykb", messages }).finalContent();
  assert.strictEqual(gathered, content);

  await assert.rejects(client.chat.completions.create({ model: "gpt-4", messages }), NotFoundError);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
