-- Who may write (任期): each opening for writing begins an epoch, each commit asks for its own.
CREATE TABLE epoch (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    epoch INTEGER NOT NULL,
    holder TEXT NOT NULL,
    taken_at_ms INTEGER NOT NULL
) STRICT;
INSERT INTO epoch VALUES (1, 0, '', 0);
