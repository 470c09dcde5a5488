// What the start page says.

import { language, say, type Words } from "../shared/language";

export const WORDS = {
  title: ["政务大厅电子监察", "Service hall supervision"],
  wall: ["打开大屏", "Open the wall"],
  metrics: ["运行指标", "Metrics"],
  status: ["运行状态", "Status"],
  search: ["办件查询", "Find a case"],
  placeholder: ["办件编号，如 pingliang/2026-000123", "Case number, e.g. pingliang/2026-000123"],
  explain: ["查看计时明细", "Explain its clocks"],
  alerts: ["最新督办", "Latest alerts"],
  level: ["级别", "Level"],
  since: ["发生时间", "True since"],
  caseNo: ["办件编号", "Case"],
  what: ["情况", "What"],
  state: ["状态", "State"],
  noAlerts: ["暂无督办", "No alerts"],
  back: ["返回督办列表", "Back to the alerts"],
  until: ["截至", "as of"],
  calendars: ["日历版本", "calendar version"],
  due: ["到期", "due"],
  clocks: ["计时明细", "Clocks"],
  noClocks: ["没有时限", "No clock runs on this case"],
  findings: ["监察发现", "Findings"],
  noFindings: ["没有监察发现", "Nothing was found"],
  remarks: ["说明", "Remarks"],
  event: ["事件编号", "event"],
  loading: ["正在查询", "Looking it up"],
} satisfies Record<string, Words>;

/** Why an alert was told, or is held; the codes are those of alerting/telling.py and streams/contracts/push.py. */
const REASON_WORDS: Record<string, Words> = {
  opened: ["新发现", "newly found"],
  raised: ["级别上升", "level raised"],
  reopened: ["再次发生", "opened again"],
  withdrawn: ["监察发现已撤回", "finding withdrawn"],
  moved: ["仅到期时刻变动", "only its due moved"],
  ended: ["情况已结束", "already over"],
  lowered: ["级别下降", "level lowered"],
  old: ["得知时已久", "too old when it became known"],
  quiet: ["只记录，不督办", "recorded only"],
  provisional: ["日历暂定，待确认", "calendar not confirmed yet"],
  overtaken: ["已有更高级别", "a higher level holds by now"],
  already_told: ["同一级别已督办", "told at this level before"],
  nobody_was_told: ["撤回前未督办", "withdrawn before anybody was told"],
  no_route: ["此类发现未设督办对象", "no route for such findings"],
  nobody: ["督办对象均无人担任", "nobody holds any role of the route"],
};

/** The roles that people are told in; the codes are those of alerting/routing.py. */
const ROLE_WORDS: Record<string, Words> = {
  chief_representative: ["首席代表", "chief representative"],
  section_head: ["科室负责人", "section head"],
  leader: ["分管领导", "leader in charge"],
  hall_office: ["政务大厅办公室", "hall office"],
  supervision: ["监察", "supervision"],
};

const MISSING = "missing:";
const inWords = (words: Record<string, Words>, code: string): string => (words[code] ? say(words[code]) : code);

/** The reason of an alert in words: why, and which roles were passed over. A code without words is shown as it is. */
export function reasonWords(reason: string): string[] {
  return reason.split(" ").filter(Boolean).map((part) => {
    if (!part.startsWith(MISSING)) return inWords(REASON_WORDS, part);
    const roles = part.slice(MISSING.length).split(",").map((role) => inWords(ROLE_WORDS, role));
    return language === "zh" ? `空缺：${roles.join("、")}` : `vacant: ${roles.join(", ")}`;
  });
}
