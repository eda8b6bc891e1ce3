"""All SQL (存储): decision log, tracks, read tables, keys, snapshots and recovery."""
