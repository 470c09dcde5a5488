// Times as people read them; always in the hall's zone, never in the browser's.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const LONG = { month: "long", weekday: "long" } as const;
const SHORT = { month: "short", weekday: "short" } as const;

const two = (n: number): string => String(n).padStart(2, "0");

export interface Span {
  days: number;
  /** HH:MM:SS */
  clock: string;
}

/** A length of time as days and a clock; part seconds are cut off. */
export function span(ms: number): Span {
  const rest = Math.max(0, ms);
  const days = Math.floor(rest / DAY);
  const clock = [(rest % DAY) / HOUR, (rest % HOUR) / MINUTE, (rest % MINUTE) / SECOND];
  return { days, clock: clock.map((part) => two(Math.floor(part))).join(":") };
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, lang: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${lang} ${JSON.stringify(options)}`;
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(lang, { timeZone: zone, hourCycle: "h23", ...options });
    formats.set(key, made);
  }
  return made;
}

/** 10:05:09 in the hall's zone. */
export function clockTime(ms: number, zone: string): string {
  return format(zone, "zh-CN", { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(ms);
}

/** 10:05 in the hall's zone, or 11-23 when that is another day than `today`. */
export function shortTime(ms: number, today: number, zone: string): string {
  const day = format(zone, "en-CA", { year: "numeric", month: "2-digit", day: "2-digit" });
  if (day.format(ms) !== day.format(today)) return day.format(ms).slice(5);
  return format(zone, "zh-CN", { hour: "2-digit", minute: "2-digit" }).format(ms);
}

/** 10:05 in the hall's zone, or 2012-03-14 when that is another day than `today`. */
export function timeOrDate(ms: number, today: number, zone: string): string {
  const day = format(zone, "en-CA", { year: "numeric", month: "2-digit", day: "2-digit" });
  return day.format(ms) === day.format(today) ? shortTime(ms, today, zone) : day.format(ms);
}

/** 2026-11-23 10:05 in the hall's zone. */
export function longTime(ms: number, zone: string): string {
  const day = format(zone, "en-CA", { year: "numeric", month: "2-digit", day: "2-digit" }).format(ms);
  return `${day} ${format(zone, "zh-CN", { hour: "2-digit", minute: "2-digit" }).format(ms)}`;
}

/** The date as a heading: 2026年11月23日 星期一, or Mon, 23 Nov 2026. */
export function longDate(ms: number, zone: string, lang: "zh" | "en"): string {
  const options: Intl.DateTimeFormatOptions = { year: "numeric", day: "numeric", ...(lang === "zh" ? LONG : SHORT) };
  return format(zone, lang === "zh" ? "zh-CN" : "en-GB", options).format(ms).replace(/日星期/, "日 星期");
}
