/** Words for looking at the photos of crews (调阅照片). */

export const photoWords = {
  "photo.title": "现场照片",
  "photo.purpose": "调阅事由（记入日志）",
  "photo.usual": "核对现场情况、研判增援、核查反馈、通报参战警力",
  "photo.no_purpose": "请先填写调阅事由：每次查看都记入日志。",
  "photo.open": "查看",
  "photo.taken": "{at} 拍摄",
  "photo.arrived": "{at} 上传（手机时间不可信）",
  "photo.seen": "本席已看",
  "photo.loading": "正在调阅…",
  "photo.logged": "本次调阅已记入日志，事由：{purpose}",
  "photo.alt": "{unit} 的现场照片，{order}",
  "photo.before": "上一张",
  "photo.next": "下一张",
} as const;
