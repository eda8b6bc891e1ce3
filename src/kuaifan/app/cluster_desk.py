"""The desk of a cluster that is tried on one machine (集群席位): its door stands open, as a demo's.

python -m kuaifan.app.cluster_desk CITY DATABASE-URL PORT SILENT-SECONDS
"""

from __future__ import annotations

import sys
from pathlib import Path

from kuaifan.app.database import log_place
from kuaifan.app.serve import ServeOptions, serve


def main() -> int:
    """Serve this machine only, standing by while the other desk writes."""
    city, url, port, silent_s = sys.argv[1:]
    return serve(
        ServeOptions(
            city=Path(city), log=log_place(url), port=int(port), stand_by_s=float(silent_s)
        )
    )


if __name__ == "__main__":
    sys.exit(main())
