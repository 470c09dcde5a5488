// Everything the wall says, and what each tile means (shown on the tile's back).

import type { Words } from "../shared/language";

export const TILES: Record<string, { title: Words; meaning: Words }> = {
  red: {
    title: ["红牌", "Red"],
    meaning: [
      "已超过法定时限、尚未办结的办件产生的监察发现，只计当前未解除的。",
      "Findings open now whose case has run over its statutory limit.",
    ],
  },
  yellow: {
    title: ["黄牌", "Yellow"],
    meaning: [
      "已超过承诺时限、尚未超过法定时限的监察发现，只计当前未解除的。",
      "Findings open now whose case has run over its promised limit, but not over the statutory one.",
    ],
  },
  warn: {
    title: ["预警", "Warning"],
    meaning: [
      "临近承诺时限（一般为到期前两个工作日）的监察发现，只计当前未解除的。",
      "Findings open now whose case comes near its promised limit, as a rule two working days before it is due.",
    ],
  },
  open: {
    title: ["在办", "Open"],
    meaning: [
      "已收件或已受理、尚未办结也未退出的办件数，含暂停和待补正的办件。",
      "Cases received or accepted and not yet ended, suspended and waiting ones included.",
    ],
  },
  accepted: {
    title: ["今日受理", "Accepted"],
    meaning: ["今天零时起受理的办件数，按受理时间计。", "Cases accepted since midnight, by the time of acceptance."],
  },
  finished: {
    title: ["今日办结", "Finished"],
    meaning: ["今天零时起办结的办件数，按办结时间计。", "Cases finished since midnight, by the time of finishing."],
  },
  overdue: {
    title: ["超期未结", "Overdue"],
    meaning: [
      "到期时刻已过、仍未办结的办件数。最后一刻办结不算超期。数据源中断后只算到中断时为止。",
      "Open cases whose due instant has passed; the last instant is still in time. Where a feed has stopped, as of then.",
    ],
  },
  due: {
    title: ["临期与超期", "Over and due next"],
    meaning: [
      "先列红牌办件三件，超期最久的在前；再列其他超期办件两件，最近超期的在前；后列未到期办件两件，最先到期的在前。某类不足时，余位先让给更重的。每件按发现最重的时限显示；同等的，按最先到期的时限。到期前倒计时，到期后累计超期时长，均为自然时间。灰色的办件，其数据源已不再更新，停在所注的截至时点，排在有实时数据的之后。",
      "Three red cases, the longest over first; two other cases over their due, the latest first; two still in time, the next due first. Lines that one kind leaves go to the gravest that has more. A case stands by the limit with its gravest finding, among equals by the one due first. It counts down to the due instant and up after it, in plain time. Where it is grey, the feed of the case has stopped: it stands as of the time beside it and gives way to live ones.",
    ],
  },
  alerts: {
    title: ["最新督办", "Latest alerts"],
    meaning: [
      "监察发现产生的督办，新的在上。时间是情况发生的时刻，不是推送的时刻。",
      "Alerts that came of findings, newest first. The time is when it became true, not when it was told.",
    ],
  },
  orgs: {
    title: ["部门红黄牌", "Cards by department"],
    meaning: [
      "各部门当前未解除的红牌、黄牌和预警数，按红牌、黄牌、预警依次排序。",
      "Open red cards, yellow cards and warnings of each department, ordered by red, then yellow, then warnings.",
    ],
  },
};

export const WORDS = {
  subtitle: ["电子监察", "Supervision"],
  over: ["超期", "over"],
  day: ["天", "d"],
  ago: ["秒前", "s ago"],
  stale: ["秒未更新", "s stale"],
  staleMinutes: ["分未更新", "min stale"],
  lost: ["连接中断，正在重连", "Connection lost, reconnecting"],
  storeAway: ["数据库无响应，显示的是旧数据", "The store does not answer, these figures are old"],
  asOf: ["数据截至", "figures of"],
  countOf: ["截至", "as of"],
  waiting: ["正在连接", "Connecting"],
  hallUnknown: ["没有这个大厅：", "There is no such hall:"],
  noneDue: ["没有临期或超期办件", "Nothing near its due"],
  noAlerts: ["暂无督办", "No alerts"],
  noOrgs: ["各部门均无未解除的监察发现", "No department has an open finding"],
  feedsFine: ["数据源正常", "Feeds fine"],
  feedsUnheard: ["数据源尚无数据", "No data from the feeds yet"],
  feedSilent: ["数据源静默", "Feed silent"],
  dueToday: ["今日到期", "due today"],
  provisional: ["暂定", "provisional"],
  fast: ["演示时钟", "virtual clock"],
} satisfies Record<string, Words>;
