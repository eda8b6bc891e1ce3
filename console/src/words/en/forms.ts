/** Words of a form that came back after a reload, in English. */

export const formWords = {
  "form.restored": "What was not sent last time is here again",
  "form.clear": "Start afresh",
} as const;
