"""What every program of a process compiles alike is compiled once: its templates and its routes."""

from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class Templates(BytecodeCache):
    """Templates' code by their name and their source."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code:
            self._kept[bucket.key, bucket.checksum] = bucket.code


def once() -> None:
    """Tests make a program each; without this they would spend half their time on compiling the same again."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Templates()}
    compile_, kept = Rule._compile_builder, {}

    def compile_once(self: Rule, append_unknown: bool = True) -> Any:
        key = (append_unknown, self.rule, tuple(self._trace), repr(self.defaults))
        if key not in kept:
            kept[key] = compile_(self, append_unknown)
        return kept[key]

    Rule._compile_builder = compile_once  # type: ignore[method-assign]
