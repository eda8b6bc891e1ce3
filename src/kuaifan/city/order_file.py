"""Reads and writes `roads.order` (收缩次序): in which order the fast engine contracts the nodes.

It decides nothing: whatever the order, the road times are the same integers. So it is no part of
the city's content hash, and a folder without one gets it made at start, some seconds later.
"""

import io
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kuaifan.city.whole_folder import CityFolderError
from kuaifan.roads.cch_order import order_nodes
from kuaifan.roads.network import RoadNetwork

ORDER_FILE = "roads.order"
MAGIC = "kuaifan order"
_AGAIN = "restore it from a backup, or import the map again"

Int32s = NDArray[np.int32]


def pack_order(network: RoadNetwork) -> bytes:
    """Work out the order of a network; some seconds for 60,000 nodes."""
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        allow_pickle=False,
        magic=np.array(MAGIC),
        network=np.array(network.content_hash()),
        ranks=order_nodes(network),
    )
    return buffer.getvalue()


def unpack_order(data: bytes, path: Path) -> tuple[str, Int32s]:
    """The content hash of the network it is of, and (n_nodes,) the ranks.

    Raises CityFolderError if the bytes are no such file, or the ranks no permutation.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            magic, network_hash = str(stored["magic"]), str(stored["network"])
            ranks = np.asarray(stored["ranks"], np.int32)
    except (zipfile.BadZipFile, EOFError, OSError, KeyError, ValueError) as error:
        raise CityFolderError(f"{path} is damaged or no order of roads: {_AGAIN}") from error
    if magic != MAGIC or not np.array_equal(np.sort(ranks), np.arange(len(ranks))):
        raise CityFolderError(f"{path} holds no order of a road network: {_AGAIN}")
    return network_hash, ranks
