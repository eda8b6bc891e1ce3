"""The city folder (城市): read, check, invent and import a map; place forces."""
