// The stream of the wall: the last snapshot, the server's clock, the age of the figures, and how the line stands.

import { computed, onMounted, onUnmounted, ref, shallowRef } from "vue";
import type { HallServed, Moment, WallSnapshot } from "../shared/contract";

/** Figures older than this look stale. */
export const STALE_MS = 10_000;
/** How many lines each list of the wall shows; more would be too small to read across the room. */
export const ROWS_SHOWN = 7;
/** A line that has been silent for so long is taken as lost, though the browser may not have noticed. */
const SILENT_MS = 8_000;
/** How long to wait before trying again where the browser itself has given up. */
const AGAIN_MS = 2_000;

/** A moment of the server and the browser's own steady clock when it came. */
interface Sync {
  moment: Moment;
  cameAt: number;
}

export function useWall(hall: string) {
  const snapshot = shallowRef<WallSnapshot | null>(null);
  const lost = ref(false);
  /** The server is there, but serves no such hall; with nothing in force it serves none at all. */
  const absent = ref<"" | "none" | "unknown">("");
  const sync = shallowRef<Sync | null>(null);
  const tick = ref(performance.now());

  let build: string | undefined;
  let source: EventSource | null = null;
  let heardAt = performance.now();
  let again: number | undefined;
  let ticker: number | undefined;

  function heard(moment: Moment): void {
    build ??= moment.build;
    // A wall runs for months; after an update of the server it takes the new pages by itself.
    if (moment.build !== build) location.reload();
    heardAt = performance.now();
    sync.value = { moment, cameAt: heardAt };
    tick.value = heardAt;
    lost.value = false;
    absent.value = "";
  }

  /** Why the server gave no stream: a hall that is not there is no lost line. */
  async function askWhy(): Promise<void> {
    const answer = await fetch("/api/halls").catch(() => null);
    if (!answer?.ok) return;
    const halls = (await answer.json()) as HallServed[];
    if (!halls.length) absent.value = "none";
    else if (hall && !halls.some((served) => served.hall === hall)) absent.value = "unknown";
  }

  function connect(): void {
    source?.close();
    clearTimeout(again);
    heardAt = performance.now();
    const line = new EventSource(`/api/wall/stream?hall=${encodeURIComponent(hall)}`);
    source = line;
    line.addEventListener("snapshot", (event: MessageEvent<string>) => {
      const frame = JSON.parse(event.data) as WallSnapshot;
      snapshot.value = frame;
      heard(frame);
    });
    line.addEventListener("beat", (event: MessageEvent<string>) => heard(JSON.parse(event.data) as Moment));
    line.onerror = async () => {
      // The browser tries again by itself, unless the answer was no stream at all.
      if (line.readyState === EventSource.CLOSED) {
        again = window.setTimeout(connect, AGAIN_MS);
        await askWhy();
      }
      if (source === line) lost.value = true;
    };
  }

  function watch(): void {
    tick.value = performance.now();
    if (tick.value - heardAt > SILENT_MS) {
      lost.value = true;
      connect();
    }
  }

  onMounted(() => {
    connect();
    // Five times a second, so that a second on the screen is never late by more than a fifth.
    ticker = window.setInterval(watch, 200);
  });
  onUnmounted(() => {
    source?.close();
    clearTimeout(again);
    clearInterval(ticker);
  });

  /** The server's clock in epoch milliseconds, cut to whole seconds so that nothing is drawn more often than it changes. */
  const nowMs = computed(() => {
    if (!sync.value) return 0;
    const { moment, cameAt } = sync.value;
    return Math.floor((moment.now_ms + (tick.value - cameAt) * moment.speed) / 1000) * 1000;
  });

  /** How old the figures are, in real milliseconds, cut to whole seconds. */
  const ageMs = computed(() => {
    if (!sync.value || !snapshot.value) return 0;
    const { moment, cameAt } = sync.value;
    return Math.floor((moment.age_ms + tick.value - cameAt) / 1000) * 1000;
  });

  return { snapshot, lost, absent, nowMs, ageMs };
}
