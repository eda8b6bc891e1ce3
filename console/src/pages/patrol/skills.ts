/** What a unit can be asked for, or brings, beyond being a patrol; the server's own list. */
export const SKILLS = [
  "armed",
  "traffic",
  "female_officer",
  "first_aid",
  "mediation",
  "interpreter",
  "minors",
  "forensics",
  "inspection",
] as const;
