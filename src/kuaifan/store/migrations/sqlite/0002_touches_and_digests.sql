-- Which records changed a row (触及), and a digest over the owners' keys (密钥摘要).
-- For some days format 1 was written with touches too.
DROP TABLE IF EXISTS touches;
CREATE TABLE touches (
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (table_name, row_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE owner_keys_digest (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    n_keys INTEGER NOT NULL,
    digest BLOB NOT NULL
) STRICT;
