"""All HTTP (网页): commands, views, stream, files and pages."""
