"""Points, areas, distance and datums (坐标): WGS-84 inside, GCJ-02 and BD-09 only at the edges."""
