// What the server sends; the shapes of dashboards/wall/snapshot.py and streams/contracts.

export type Level = "notice" | "warn" | "yellow" | "red";

export interface Name {
  zh: string;
  en: string;
}

/** When a frame left the server; the screen's clock runs on from here. */
export interface Moment {
  hall: string;
  zone: string;
  now_ms: number;
  /** How fast the server's clock runs against real time; 1 unless it is virtual. */
  speed: number;
  /** How old the figures were when the frame left, in real milliseconds. */
  age_ms: number;
  store_up: boolean;
  /** Which front end the server has; when it changes, the page is old. */
  build: string;
}

export interface DueRow {
  case_no: string;
  item: Name;
  org: Name;
  clock: string;
  case_class: string;
  due_ms: number;
  level: Level | null;
  provisional: boolean;
  /** The case's feed has not been live since then: the countdown stands as it stood then. Null: it runs on. */
  as_of_ms: number | null;
}

export interface AlertRow {
  alert_id: string;
  case_no: string;
  item: Name;
  org: Name;
  level: Level;
  state: string;
  title: Name;
  at_ms: number;
}

export interface OrgRow {
  org: string;
  name: Name;
  open_cases: number;
  levels: Record<Level, number>;
}

export interface FeedRow {
  feed: string;
  horizon_ms: number | null;
  silent: boolean;
}

export interface WallSnapshot extends Moment {
  hall_name: Name;
  open_cases: number;
  accepted_today: number;
  finished_today: number;
  overdue: number;
  due_today: number;
  levels: Record<Level, number>;
  due: DueRow[];
  alerts: AlertRow[];
  orgs: OrgRow[];
  feeds: FeedRow[];
}

export interface HallServed {
  hall: string;
  name: Name;
  zone: string;
}

/** An alert as the API lists it (streams/contracts/alert.py); instants are RFC 3339. */
export interface Alert {
  alert_id: string;
  subject: string;
  rule: string;
  state: string;
  level: Level;
  /** Why it was told or held, as codes: "raised missing:section_head". */
  reason?: string;
  raised_at: string;
  told_at?: string;
  receivers?: string[];
  title_zh?: string;
  title_en?: string;
  message_zh?: string;
  message_en?: string;
  org?: string;
  item?: string;
}

/** Why a case stands where it stands, in words, in one language (streams/processes/case/explain.py). */
export interface Explanation {
  case_no: string;
  until: string;
  state: string;
  item: string;
  clocks: { title: string; state: string; due: string; lines: string[] }[];
  /** Each stretch in words, and the level of each. */
  findings: { rule: string; title: string; message: string; stretches: string[]; levels: Level[] }[];
  /** The versions of the calendars that the clocks go by. */
  calendars: string[];
  remarks: string[];
}
