"""The official MCP client for Python against a gateway (http) or policykb mcp (stdio): tools and resources."""

import asyncio
import contextlib
import os
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

try:
    from mcp.client.streamable_http import streamable_http_client
except ImportError:  # before 1.23
    from mcp.client.streamable_http import streamablehttp_client as streamable_http_client


def member(value, name):
    """A member by its name of release 2 of the SDK, or of release 1, which has camel case."""
    first, *rest = name.split("_")
    return getattr(value, name, None) if hasattr(value, name) else getattr(value, first + "".join(map(str.capitalize, rest)))


@contextlib.asynccontextmanager
async def connect(kind):
    if kind == "http":
        async with streamable_http_client(os.environ["GATEWAY_URL"] + "/mcp") as streams:
            yield streams[0], streams[1]
    else:
        arguments = ["mcp", "--retriever", os.environ["RETRIEVER"], "--generator", os.environ["GENERATOR"]]
        async with stdio_client(StdioServerParameters(command=os.environ["POLICYKB"], args=arguments)) as (read, write):
            yield read, write


async def main(kind):
    async with connect(kind) as (read, write), ClientSession(read, write) as session:
        server = await session.initialize()
        assert member(server, "server_info").name == "policykb", server
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        assert set(tools) == {"search_policy", "get_provision", "answer_question"}, tools
        # The client checks structured content against the tools' output schemas.
        found = await session.call_tool("search_policy", {"query": "养犬登记收费", "k": 3})
        assert not member(found, "is_error") and len(member(found, "structured_content")["passages"]) == 3, found
        name = member(found, "structured_content")["passages"][0]["name"]
        provision = await session.call_tool("get_provision", {"name": name})
        assert member(provision, "structured_content")["passages"][0]["name"] == name, provision
        answer = await session.call_tool("answer_question", {"question": "养狗要交多少钱登记费"})
        assert member(answer, "structured_content")["status"] == "ANSWER_STATUS_ANSWERED", answer
        assert member(answer, "structured_content")["citations"][0]["quote"], answer
        wrong = await session.call_tool("search_policy", {"query": 1})
        assert member(wrong, "is_error"), wrong
        resources = (await session.list_resources()).resources
        assert len(resources) > 10, resources
        text = (await session.read_resource(resources[0].uri)).contents[0].text
        assert text, resources[0]
        templates = member(await session.list_resource_templates(), "resource_templates")
        assert len(templates) == 2, templates
        passage = await session.read_resource(type(resources[0].uri)("policykb://" + name))
        assert passage.contents[0].text == member(found, "structured_content")["passages"][0]["text"]
        await session.send_ping()


asyncio.run(main(sys.argv[1]))
