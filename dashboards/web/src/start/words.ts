// What the start page says.

import type { Words } from "../shared/language";

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
  due: ["到期", "due"],
  clocks: ["计时明细", "Clocks"],
  noClocks: ["没有时限", "No clock runs on this case"],
  findings: ["监察发现", "Findings"],
  noFindings: ["没有监察发现", "Nothing was found"],
  remarks: ["说明", "Remarks"],
  loading: ["正在查询", "Looking it up"],
} satisfies Record<string, Words>;
