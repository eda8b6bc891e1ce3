"""Open311 服务请求交换 (GeoReport v2): others hand requests over, and read what became."""

from __future__ import annotations

from typing import Final

NEIGHBOUR: Final = {
    "title": "Open311 GeoReport v2 (12345、城市部门服务请求)",
    "seat": "hotline",
    "takes": "ReceiveTicket",
    "tells": "told",
}
"""The seat that has the requests, its command that takes one, its table that tells of them."""

__all__ = ["NEIGHBOUR"]
