/** Words of the button that saves the emergency board, in English. */

export const boardWords = {
  "board.save": "Save emergency board",
  "board.saved": "The board of {at} is saved",
} as const;
