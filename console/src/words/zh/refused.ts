/** What a refused command says after its reason (拒绝). */

export const refusedWords = {
  "refused.version": "{said}　请看清后再操作一次。",
  "refused.unknown": "服务器没有回音，是否已执行未知；请勿另派，稍候看时间线。",
};
