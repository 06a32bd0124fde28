"""Runs one query in ClickHouse's engine, for ClickHouseConformanceTests.

    clickhouse.py LIBRARY FORMAT QUERY  ->  the answer on stdout

The engine is libchdb, called in a process of its own: it installs signal handlers, and may end its process where it meets bytes that it does not expect.
"""
import ctypes
import os
import sys


class Result(ctypes.Structure):
    """local_result_v2 of chdb.h."""

    _fields_ = [
        ("buffer", ctypes.c_void_p), ("length", ctypes.c_size_t), ("vector", ctypes.c_void_p), ("elapsed", ctypes.c_double),
        ("rows", ctypes.c_uint64), ("bytes", ctypes.c_uint64), ("error", ctypes.c_char_p)]


def main(library, answer_format, query):
    engine = ctypes.CDLL(library)
    engine.query_stable_v2.restype = ctypes.POINTER(Result)
    arguments = [b"clickhouse", b"--output-format=" + answer_format.encode(), b"--query=" + query.encode()]
    result = engine.query_stable_v2(len(arguments), (ctypes.c_char_p * len(arguments))(*arguments)).contents
    if result.error:
        sys.stderr.write(result.error.decode())
        sys.stderr.flush()
        os._exit(1)
    if result.buffer:
        sys.stdout.buffer.write(ctypes.string_at(result.buffer, result.length))
    sys.stdout.buffer.flush()
    os._exit(0)  # without the engine's own shutdown: nothing is open


main(*sys.argv[1:])
