"""Packs and unpacks with python3-msgpack, one request a line, for PythonConformanceTests.

    unpack HEX    ->  the values in HEX as JSON, one after another in an array
    pack JSON     ->  the value packed, as hex

What JSON lacks is an object with one key: {"$bin": hex}, {"$ext": [type, hex]}, {"$float": its 64 bits as hex},
{"$map": [[key, value], ...]} for a map whose keys are not all strings.
"""
import json
import struct
import sys

import msgpack


def to_json(value):
    if isinstance(value, bytes):
        return {"$bin": value.hex()}
    if isinstance(value, msgpack.ExtType):
        return {"$ext": [value.code, value.data.hex()]}
    if isinstance(value, float):
        return {"$float": struct.pack(">d", value).hex()}
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, Pairs):
        if all(isinstance(key, str) for key, _ in value.items):
            return {key: to_json(item) for key, item in value.items}
        return {"$map": [[to_json(key), to_json(item)] for key, item in value.items]}
    return value


def from_json(value):
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$bin" in value:
        return bytes.fromhex(value["$bin"])
    if "$ext" in value:
        return msgpack.ExtType(value["$ext"][0], bytes.fromhex(value["$ext"][1]))
    if "$float" in value:
        return struct.unpack(">d", bytes.fromhex(value["$float"]))[0]
    if "$map" in value:
        return {from_json(key): from_json(item) for key, item in value["$map"]}
    return {key: from_json(item) for key, item in value.items()}


class Pairs:
    """A map's pairs in their order, also where keys cannot be hashed."""

    def __init__(self, items):
        self.items = list(items)


def unpack(data):
    unpacker = msgpack.Unpacker(
        raw=False, strict_map_key=False, object_pairs_hook=Pairs,
        max_buffer_size=1 << 26, max_bin_len=1 << 26, max_str_len=1 << 26)
    unpacker.feed(data)
    values = [to_json(value) for value in unpacker]
    if unpacker.tell() != len(data):
        raise ValueError("the last value is not whole")
    return values


def main():
    for line in sys.stdin:
        request, argument = line.rstrip("\n").split(" ", 1)
        if request == "unpack":
            answer = json.dumps(unpack(bytes.fromhex(argument)))
        else:
            answer = msgpack.packb(from_json(json.loads(argument)), use_bin_type=True, strict_types=False).hex()
        print(answer, flush=True)


main()
