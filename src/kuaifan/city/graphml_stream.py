"""Streams a GraphML file, plain or gzipped, into nodes and edges with named attributes.

Written on expat itself, because it must refuse a document type before an entity in it can expand;
nothing but the attributes asked for is kept, so a large file costs no tree.
"""

import gzip
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

# The attack that this rule fears is entity expansion, which `_refuse_doctype` stops at its start.
from xml.parsers import expat

from kuaifan.city.pbf_blocks import DamagedMapError

MAX_GRAPHML_BYTES = 4 * 1024**3
MAX_VALUE_CHARS = 1_000_000
_CHUNK_BYTES = 1 << 20
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """One directed edge as the file says it, attributes by name."""

    source: str
    target: str
    attributes: dict[str, str]


@dataclass(slots=True)
class Graphml:
    """What a GraphML file holds: the graph's own attributes, its nodes and its edges.

    names: of all attributes that are declared, wanted or not.
    """

    is_directed: bool = True
    attributes: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    nodes: dict[str, dict[str, str]] = field(default_factory=dict)
    edges: list[GraphEdge] = field(default_factory=list)


def read_stream(path: Path, wanted: frozenset[str]) -> Graphml:
    """Read the file, keeping only the wanted attributes (those of the graph itself are all kept).

    Raises DamagedMapError if it is cut, is no GraphML or carries a document type.
    """
    reader = _Reader(wanted)
    try:
        with path.open("rb") as file:
            is_packed = file.read(2) == _GZIP_MAGIC
            file.seek(0)
            reader.read(cast("BinaryIO", gzip.GzipFile(fileobj=file)) if is_packed else file)
    except expat.ExpatError as error:
        raise DamagedMapError(
            f"{path} is not whole GraphML ({error}): export or download it again"
        ) from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DamagedMapError(f"{path} is a cut or damaged gzip file: download it again") from error
    except _UnwantedError as error:
        raise DamagedMapError(f"{path} {error}") from error
    if not reader.saw_graph:
        raise DamagedMapError(f"{path} holds no graph: give a GraphML file saved by OSMnx")
    return reader.graph


class _UnwantedError(ValueError):
    """What the parser's handlers raise; the caller puts the file's name before it."""


class _Reader:
    """The handlers of one parse."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self.graph = Graphml()
        self.saw_graph = False
        self._wanted = wanted
        self._keys: dict[str, str] = {}
        self._owner: dict[str, str] = {}
        self._is_graph_owner = True
        self._key = ""
        self._text: list[str] | None = None
        self._n_chars = 0

    def read(self, file: BinaryIO) -> None:
        """Feed the parser chunk by chunk, within the limit of size."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        n_bytes = 0
        while chunk := file.read(_CHUNK_BYTES):
            n_bytes += len(chunk)
            if n_bytes > MAX_GRAPHML_BYTES:
                raise _UnwantedError("is over 4 GiB unpacked: import an OSM PBF instead")
            parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        match element.rpartition(" ")[2]:
            case "key":
                name = attributes.get("attr.name", "")
                self._keys[attributes.get("id", "")] = name
                self.graph.names.add(name)
            case "graph":
                self.saw_graph = True
                self.graph.is_directed = attributes.get("edgedefault") != "undirected"
                self._own(self.graph.attributes, is_graph=True)
            case "node":
                self._own(self.graph.nodes.setdefault(attributes.get("id", ""), {}))
            case "edge":
                edge = GraphEdge(attributes.get("source", ""), attributes.get("target", ""), {})
                self.graph.edges.append(edge)
                self._own(edge.attributes)
            case "data":
                self._key = self._keys.get(attributes.get("key", ""), "")
                is_kept = self._is_graph_owner or self._key in self._wanted
                self._text, self._n_chars = ([] if is_kept else None), 0

    def _own(self, owner: dict[str, str], *, is_graph: bool = False) -> None:
        self._owner, self._is_graph_owner = owner, is_graph

    def _characters(self, text: str) -> None:
        if self._text is None:
            return
        self._n_chars += len(text)
        if self._n_chars > MAX_VALUE_CHARS:
            raise _UnwantedError(f"has a value of over {MAX_VALUE_CHARS:,} characters: not a map")
        self._text.append(text)

    def _end(self, name: str) -> None:
        if name.rpartition(" ")[2] == "data" and self._text is not None:
            self._owner[self._key] = "".join(self._text)
            self._text = None


def _refuse_doctype(*_: object) -> None:
    raise _UnwantedError(
        "declares a document type, which maps do not need and attacks do: save it again with OSMnx"
    )
