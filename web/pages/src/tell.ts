/** What went wrong with something that a signed-in user asked for. */

import type { App } from "./app";
import { leaveIfNotKept } from "./leaving";
import type { NoticeBox } from "./notice-box";
import { type Problem, problemOf } from "./problem";

/** Says it, and what it was; null: the page is on its way to the sign-in page. */
export function tell(thrown: unknown, app: App, notices: NoticeBox): Problem | null {
  if (leaveIfNotKept(thrown)) return null;
  const problem = problemOf(thrown, app.t, app.config);
  notices.problem(problem);
  return problem;
}
