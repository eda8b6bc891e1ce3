/** Words of the button that saves the emergency board (应急看板). */

export const boardWords = {
  "board.save": "保存应急看板",
  "board.saved": "已保存 {at} 的看板",
} as const;
