import type { Name } from "./contract";

export type Language = "zh" | "en";

/** The page's language: ?lang=en, else Chinese. */
export const language: Language = new URLSearchParams(location.search).get("lang") === "en" ? "en" : "zh";

/** The same words in both languages; `say(…)` gives those of the page. */
export type Words = readonly [zh: string, en: string];

export const say = (words: Words): string => words[language === "zh" ? 0 : 1];

export const called = (name: Name): string => name[language];

/** How wide a name is, in letters as wide as a Chinese one; Latin letters are about half of that. */
export const widthOf = (name: string): number => [...name].reduce((sum, letter) => sum + (letter > "\u2e7f" ? 1 : 0.55), 0);

export const NO_HALL: Words = [
  "尚无生效的大厅台账：hallwatch registry apply <大厅>",
  "No hall is in force yet: hallwatch registry apply <hall>",
];

export const LEVEL_WORDS: Record<string, Words> = {
  notice: ["提示", "Notice"],
  warn: ["预警", "Warning"],
  yellow: ["黄牌", "Yellow"],
  red: ["红牌", "Red"],
};

export const CLOCK_WORDS: Record<string, Words> = {
  acceptance: ["受理", "Acceptance"],
  promise: ["承诺", "Promise"],
  statutory: ["法定", "Statutory"],
  step: ["环节", "Step"],
  first_review: ["初审", "First review"],
  upper_stage: ["上级办理", "Upper stage"],
  joint_parent: ["联办总", "Joint case"],
  joint_child: ["联办分项", "Joint part"],
  special_procedure: ["特别程序", "Special procedure"],
  delivery: ["送达", "Delivery"],
  instant: ["即办", "Instant"],
};

export const STATE_WORDS: Record<string, Words> = {
  held: ["未推送", "Held"],
  told: ["已督办", "Told"],
  acknowledged: ["已签收", "Acknowledged"],
  answered: ["已反馈", "Answered"],
  corrected: ["已整改", "Corrected"],
  reviewed: ["已复核", "Reviewed"],
  closed: ["已办结", "Closed"],
  withdrawn: ["已撤回", "Withdrawn"],
};
