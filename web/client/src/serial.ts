// One thing at a time.

/** Runs a task when all that were given before are done, whatever came of them. */
export type Serial = <T>(task: () => Promise<T>) => Promise<T>;

export function oneAtATime(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const run = last.then(task);
    last = run.catch(() => {});
    return run;
  };
}
