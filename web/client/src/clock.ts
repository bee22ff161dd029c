// Time that passes, whatever anybody does to the clock on the wall.

/** Milliseconds since the clock was made. */
export type Clock = () => number;

/**
 * Of two clocks the one that ran further: the wall clock goes on while the machine sleeps but is set back by people and
 * NTP, the steady one is never set but may stand still in sleep. Too early a refresh costs a request, too late a 401.
 */
export function passingTime(wall: Clock = () => Date.now()): Clock {
  let passed = 0;
  let [lastWall, lastSteady] = [wall(), performance.now()];
  return () => {
    const [nowWall, nowSteady] = [wall(), performance.now()];
    passed += Math.max(nowWall - lastWall, nowSteady - lastSteady, 0);
    [lastWall, lastSteady] = [nowWall, nowSteady];
    return passed;
  };
}
