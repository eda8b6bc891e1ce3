/** Words of a seat's archive (专席归档). */

export const archiveWords = {
  "archive.work": "办理",
  "archive.title": "归档",
  "archive.about": "事项了结、警情离开席面后的本席材料。列表不含个人信息；每次查询和打开都记入日志。",
  "archive.text": "查找",
  "archive.text_hint": "编号、警情号、字样（不查个人信息）",
  "archive.from": "归档日期从",
  "archive.search": "查询",
  "archive.found": "归档材料 {n} 份，查阅 {looked} 份",
  "archive.none": "这些日子没有符合的归档材料",
  "archive.withheld": "另有 {n} 份，以此事由不得调阅",
  "archive.cut": "只列最近的部分：请缩短日期或加查找字样",
  "archive.paper": "材料",
  "archive.at": "归档时间",
  "archive.what": "摘要",
  "archive.open": "打开",
  "archive.opened": "警情 {incident} 的归档材料",
  "archive.logged": "已调阅并记入日志",
  "archive.masked": "个人信息未显示",
  "archive.gone": "材料已随警情调档，不在归档中",
  "archive.rest": "其余字段（原样）",
} as const;
