"""Looks at a running server through gRPC reflection: what it serves, what messages hold, and calls of any method.

explore.py ADDRESS                       services and their methods
explore.py ADDRESS SERVICE/METHOD        the request and response of a method
explore.py ADDRESS SERVICE/METHOD JSON   calls it and prints each response as JSON
"""

import sys

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase


SCALARS = {1: "double", 2: "float", 3: "int64", 4: "uint64", 5: "int32", 8: "bool", 9: "string", 12: "bytes", 13: "uint32"}


def fields(message):
    lines = [message.full_name]
    for field in message.fields:
        kind = field.message_type or field.enum_type
        name = kind.full_name if kind else SCALARS.get(field.type, field.type)
        repeated = "repeated " if field.is_repeated else ""
        lines.append(f"  {field.number:3} {field.name}: {repeated}{name}")
    return "\n".join(lines)


def call(channel, method, text):
    path = f"/{method.containing_service.full_name}/{method.name}"
    response_type = message_factory.GetMessageClass(method.output_type)
    request = json_format.Parse(text, message_factory.GetMessageClass(method.input_type)())
    make = channel.unary_stream if method.server_streaming else channel.unary_unary
    responses = make(path, request_serializer=lambda m: m.SerializeToString(), response_deserializer=response_type.FromString)(
        request, timeout=20)
    for response in responses if method.server_streaming else [responses]:
        print(json_format.MessageToJson(response, ensure_ascii=False))


def main():
    if len(sys.argv) not in (2, 3, 4):
        sys.exit(__doc__)
    with grpc.insecure_channel(sys.argv[1]) as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        pool = descriptor_pool.DescriptorPool(database)
        if len(sys.argv) == 2:
            for name in sorted(database.get_services()):
                print(name)
                if name.startswith("policykb."):
                    for method in pool.FindServiceByName(name).methods:
                        stream = "stream " if method.server_streaming else ""
                        print(f"  {method.name}({method.input_type.name}) -> {stream}{method.output_type.name}")
            return
        service, _, name = sys.argv[2].partition("/")
        method = pool.FindServiceByName(service).methods_by_name[name]
        if len(sys.argv) == 3:
            print(fields(method.input_type))
            print(fields(method.output_type))
            return
        try:
            call(channel, method, sys.argv[3])
        except grpc.RpcError as error:
            sys.exit(f"{error.code().name}: {error.details()}")


if __name__ == "__main__":
    main()
