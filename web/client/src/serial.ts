// One thing at a time.

export interface Serial {
  /** Runs a task when all that were given before are done, whatever came of them. */
  <T>(task: () => Promise<T>): Promise<T>;
  /** Keeps later tasks waiting for what is under way already, and waits for nothing itself. */
  join<T>(running: Promise<T>): Promise<T>;
}

export function oneAtATime(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  const join = <T>(running: Promise<T>) => {
    last = Promise.allSettled([last, running]);
    return running;
  };
  return Object.assign(<T>(task: () => Promise<T>) => join(last.then(task)), { join });
}
