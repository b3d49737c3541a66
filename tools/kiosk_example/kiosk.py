"""Asks one question of a policykb generator and prints each sentence as soon as it is checked.

An example for who writes a client in Python; kiosk.sh makes its stubs and runs it. It sets a deadline, repeats attempts that
find the server unavailable before a first word, starts a trace, and keeps what came when an answer breaks off.
"""

import argparse
import json
import secrets
import sys

import grpc

from policykb.v1 import generator_service_pb2 as messages
from policykb.v1 import generator_service_pb2_grpc as stubs

# As the C++ programs have it: core/rpc/channel.cc.
SERVICE_CONFIG = json.dumps({
    "methodConfig": [{
        "name": [{"service": "policykb.v1.GeneratorService", "method": "StreamGenerateAnswer"}],
        "retryPolicy": {
            "maxAttempts": 3,
            "initialBackoff": "0.05s",
            "maxBackoff": "0.5s",
            "backoffMultiplier": 3,
            "retryableStatusCodes": ["UNAVAILABLE"],
        },
    }]
})


def open_channel(address, tls_ca):
    options = [("grpc.service_config", SERVICE_CONFIG), ("grpc.enable_http_proxy", 0)]
    if tls_ca is None:
        return grpc.insecure_channel(address, options)
    with open(tls_ca, "rb") as file:
        return grpc.secure_channel(address, grpc.ssl_channel_credentials(file.read()), options)


def ask(channel, question, key, limit_seconds):
    trace = secrets.token_hex(16)
    metadata = [("traceparent", f"00-{trace}-{secrets.token_hex(8)}-00")]
    if key:
        metadata.append(("authorization", f"Bearer {key}"))
    request = messages.StreamGenerateAnswerRequest(spec=messages.AnswerSpec(question=question))
    stub = stubs.GeneratorServiceStub(channel)
    final = None
    try:
        for event in stub.StreamGenerateAnswer(request, timeout=limit_seconds, metadata=metadata):
            kind = event.WhichOneof("event")
            if kind == "sentence":
                sentence = event.sentence.sentence
                print(sentence.text + "".join(f"[{number}]" for number in sentence.citations), flush=True)
            elif kind == "notice":
                print(f"({event.notice.message})", flush=True)
            elif kind == "final":
                final = event.final
    except grpc.RpcError as error:
        print(f"{error.code().name}: {error.details()} (trace {trace})", file=sys.stderr)
        return 1
    if final is None:
        print(f"the answer ended without its last event (trace {trace})", file=sys.stderr)
        return 1
    if final.refusal:
        print(final.refusal)
    for citation in final.citations:
        print(f"[{citation.number}] {citation.label}")
    return 0


def main():
    parser = argparse.ArgumentParser(description="asks one question as a kiosk does")
    parser.add_argument("--generator", default="127.0.0.1:50052", help="host:port")
    parser.add_argument("--tls-ca", help="PEM file of the certificates to trust; none: plain text")
    parser.add_argument("--api-key-file", help="file with the key to be known by")
    parser.add_argument("--limit-seconds", type=float, default=20)
    parser.add_argument("question")
    arguments = parser.parse_args()
    key = None
    if arguments.api_key_file:
        with open(arguments.api_key_file, encoding="ascii") as file:
            key = file.read().strip()
    with open_channel(arguments.generator, arguments.tls_ca) as channel:
        sys.exit(ask(channel, arguments.question, key, arguments.limit_seconds))


if __name__ == "__main__":
    main()
