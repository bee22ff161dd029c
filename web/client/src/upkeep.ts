// Does what falls due: by a timer, and when the page wakes up.

/** How long a timer runs at most: one that slept with the machine is noticed so much later. */
const LONGEST_NAP = 30_000;

export interface Upkeep {
  /** Something changed: sets the timer again. */
  arm(): void;
  stop(): void;
}

interface Work {
  /** Milliseconds until there is something to do; Infinity: nothing. */
  dueIn(): number;
  /** Does it; never rejects. */
  run(): Promise<void>;
  /** The page woke up, or is online again; `wasFrozen`: it heard nothing meanwhile. */
  woke(wasFrozen: boolean | undefined): void;
}

export function keepUp(work: Work): Upkeep {
  const ending = new AbortController();
  const { signal } = ending;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const arm = () => {
    clearTimeout(timer);
    const wait = work.dueIn();
    if (signal.aborted || wait === Infinity) return;
    timer = setTimeout(tick, Math.min(wait, LONGEST_NAP));
    // Keeps no Node process alive.
    (timer as { unref?: () => void }).unref?.();
  };
  const tick = () => (work.dueIn() > 0 ? arm() : void work.run().finally(arm));
  const wake = (event: Event) => {
    if (event.type === "visibilitychange" && document.visibilityState !== "visible") return;
    work.woke((event as PageTransitionEvent).persisted);
    tick();
  };
  // There is no window in a worker, and neither of them on a server.
  const listen = (target: Partial<EventTarget> | undefined, ...types: string[]) =>
    types.forEach((type) => target?.addEventListener?.(type, wake, { signal }));
  listen(globalThis, "online", "pageshow", "focus");
  listen(globalThis.document, "visibilitychange");
  return {
    arm,
    stop() {
      ending.abort();
      clearTimeout(timer);
    },
  };
}
