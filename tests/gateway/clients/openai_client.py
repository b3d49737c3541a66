"""The official openai client for Python against a gateway: whole and streamed completions, models, errors."""

import os

import openai

client = openai.OpenAI(base_url=os.environ["GATEWAY_URL"] + "/v1", api_key=os.environ.get("POLICYKB_API_KEY", "none"), max_retries=0)
question = [{"role": "user", "content": "养狗要交多少钱登记费"}]

assert [model.id for model in client.models.list()] == ["policykb"]

whole = client.chat.completions.create(model="policykb", messages=question, temperature=0)
message = whole.choices[0].message
assert whole.choices[0].finish_reason == "stop", whole
assert "[1]" in message.content, message
assert whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens
assert message.annotations, message
for annotation in message.annotations:
    assert annotation.type == "url_citation"
    cited = annotation.url_citation
    # Python counts characters as the gateway does.
    assert message.content[cited.start_index : cited.end_index].startswith("["), (cited, message.content)
    assert cited.title and "/#/documents/" in cited.url, cited

text, last, usage = "", None, None
stream = client.chat.completions.create(
    model="policykb", messages=question, stream=True, stream_options={"include_usage": True}
)
for piece in stream:
    usage = piece.usage or usage
    for choice in piece.choices:
        text += choice.delta.content or ""
        last = choice.finish_reason or last
assert text == message.content, (text, message.content)
assert last == "stop" and usage is not None

followed = client.chat.completions.create(
    model="policykb",
    messages=[
        {"role": "system", "content": "Answer as a pirate."},
        *question,
        {"role": "assistant", "content": message.content},
        {"role": "user", "content": "犬牌丢了补办要多少钱？"},
    ],
)
assert followed.choices[0].message.content

try:
    client.chat.completions.create(model="gpt-4", messages=question)
    raise AssertionError("a model that there is not")
except openai.NotFoundError as error:
    assert error.code == "model_not_found", error
try:
    client.chat.completions.create(model="policykb", messages=question, n=2)
    raise AssertionError("two choices")
except openai.BadRequestError as error:
    assert error.type == "invalid_request_error", error
