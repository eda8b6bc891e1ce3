-- The log (日志): records and sightings are the truth, the rest is derived from them.
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE records (
    seq INTEGER PRIMARY KEY,
    input_no INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    jurisdiction TEXT NOT NULL,
    record_class TEXT NOT NULL,
    body BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE TABLE sightings (
    input_no INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE TABLE chain_head (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    seq INTEGER NOT NULL,
    input_no INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    hash BLOB NOT NULL,
    tail BLOB NOT NULL
) STRICT;
CREATE TABLE keys (key TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE rows (
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    jurisdiction TEXT NOT NULL,
    record_class TEXT NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (table_name, row_id)
) STRICT;
CREATE TABLE owner_keys (
    key_no INTEGER PRIMARY KEY,
    owner TEXT NOT NULL UNIQUE,
    wrapped BLOB
) STRICT;
CREATE TABLE lookups (
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    digest BLOB NOT NULL,
    key_no INTEGER NOT NULL,
    PRIMARY KEY (table_name, row_id, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX lookups_by_digest ON lookups (digest);
CREATE INDEX lookups_by_key ON lookups (key_no);
CREATE TABLE snapshots (
    snapshot_no INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    input_no INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    build TEXT NOT NULL,
    chain_hash BLOB NOT NULL,
    body BLOB NOT NULL,
    mac BLOB NOT NULL
) STRICT;
