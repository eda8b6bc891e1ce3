/** Words of sending more than one unit（派警方式）. */

export const sendWords = {
  "send.title": "增援、联动与移交",
  "send.reserved": "预留（未派警）：",
  "send.release": "取消预留",
  "send.backup": "增援",
  "send.escalate": "升级响应",
  "send.agency": "联动",
  "send.hand": "移交",
  "send.traffic": "122 交警",
  "send.n_units": "几组",
  "send.skill": "能力要求",
  "send.any_skill": "不限能力",
  "send.desk": "移交给",
  "send.what": "请对方做什么",
} as const;
