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
  woke(wasFrozen: boolean): void;
}

export function keepUp(work: Work): Upkeep {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const arm = () => {
    clearTimeout(timer);
    const wait = work.dueIn();
    if (stopped || wait === Infinity) return;
    timer = setTimeout(tick, Math.max(0, Math.min(wait, LONGEST_NAP)));
    // Keeps no Node process alive.
    (timer as { unref?: () => void }).unref?.();
  };
  const tick = () => (work.dueIn() > 0 ? arm() : void work.run().finally(arm));
  const wake = (event: Event) => {
    if (event.type === "visibilitychange" && document.visibilityState !== "visible") return;
    work.woke((event as PageTransitionEvent).persisted === true);
    tick();
  };

  const stopListening = [
    listen(globalThis, ["online", "pageshow", "focus"], wake),
    listen(globalThis.document, ["visibilitychange"], wake),
  ];
  return {
    arm,
    stop() {
      stopped = true;
      clearTimeout(timer);
      stopListening.forEach((stop) => stop());
    },
  };
}

function listen(target: Partial<EventTarget> | undefined, types: string[], listener: (event: Event) => void) {
  types.forEach((type) => target?.addEventListener?.(type, listener));
  return () => types.forEach((type) => target?.removeEventListener?.(type, listener));
}
