/** Words of a form that came back after a reload. */

export const formWords = {
  "form.restored": "已恢复上次未提交的内容",
  "form.clear": "清空重填",
} as const;
