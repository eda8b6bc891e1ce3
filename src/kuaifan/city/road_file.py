"""Reads and writes `roads.kfr` (路网文件): the network's arrays, compressed, without pickle."""

import io
import zipfile
import zlib
from pathlib import Path

import numpy as np

from kuaifan.city.whole_folder import CityFolderError
from kuaifan.roads.network import RoadNetwork

MAGIC = "kuaifan roads"
VERSION = 1
_AGAIN = "restore it from a backup or import the map again"


def pack_roads(network: RoadNetwork) -> bytes:
    """The network as the bytes of a roads.kfr; equal networks give equal bytes."""
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        allow_pickle=False,
        kfr_magic=np.array(MAGIC),
        kfr_version=np.array(VERSION),
        kfr_sha256=np.array(network.content_hash()),
        **network.to_arrays(),
    )
    return buffer.getvalue()


def unpack_roads(data: bytes, path: Path) -> RoadNetwork:
    """The network in the bytes of a roads.kfr; `path` is for what it says when they are damaged.

    Raises CityFolderError if the bytes are no roads.kfr, of another version, or damaged.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        magic, version = str(arrays.pop("kfr_magic")), int(arrays.pop("kfr_version"))
        written_hash = str(arrays.pop("kfr_sha256"))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError) as error:
        raise CityFolderError(f"{path} is damaged or no road file: {_AGAIN}") from error
    if magic != MAGIC or version != VERSION:
        raise CityFolderError(
            f"{path} is a road file of version {version}, this build reads {VERSION}: "
            "import the map again"
        )
    try:
        network = RoadNetwork.from_arrays(arrays)
    except (KeyError, TypeError, ValueError) as error:
        raise CityFolderError(f"{path} is damaged ({error}): {_AGAIN}") from error
    if network.content_hash() != written_hash:
        raise CityFolderError(f"{path} does not match its own content hash: {_AGAIN}")
    return network
