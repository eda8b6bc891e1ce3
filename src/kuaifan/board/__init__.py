"""The city now (态势): state and one fold per event; the only code that mutates."""
