// Keeps this tab in step with the server, the clock and the other tabs.

import type { Backoff } from "./backoff.js";
import { type Channel, type Message, openChannel } from "./channel.js";
import { AuthError } from "./error.js";
import type { Refresher } from "./refresh.js";
import type { Session } from "./session.js";
import type { StateHolder, Warn } from "./state.js";
import type { User } from "./types.js";
import { keepUp } from "./upkeep.js";

interface Parts extends Refresher {
  /** Of the channel: one for each API. */
  name: string;
  session: Session;
  state: StateHolder;
  backoff: Backoff;
  me: () => Promise<User>;
  warn: Warn;
}

export interface Tab {
  channel: Channel;
  /** The user of the session that there is, if any; asks the server only if nobody did. */
  knowUser(): Promise<User | null>;
  /** Something changed: what falls due may be another. */
  arm(): void;
  close(): void;
}

export function openTab({ name, session, state, backoff, delivery, clock, ask, me, warn }: Parts): Tab {
  let loading: Promise<unknown> | null = null;
  const load = async () => {
    try {
      await me();
    } catch (error) {
      backoff.failed(error);
      throw error;
    } finally {
      loading = null;
    }
  };
  const knowUser = async () => {
    if (session.grant() && !state.get().user) await (loading ??= load());
    return state.get().user;
  };
  const run = async (task: () => Promise<unknown>) => {
    try {
      await task();
      await knowUser();
    } catch (error) {
      // Offline is no fault, and will pass.
      if (!(error instanceof AuthError && error.code === "network")) warn("The session could not be kept fresh.", error);
    }
  };

  const hear = (message: Message) => {
    if (message.type === "login") {
      if (!session.isInUse()) return;
      // The same user's new session is the cookie's now; a change of the password would end what is not this tab's.
      if (message.userId === state.get().user?.id) session.expire();
      else session.doubt();
      return;
    }
    if (message.type === "over") return session.expire();
    // Heard late, by a tab that slept: another login has come behind it.
    if (message.at < session.beganAt()) return;
    session.end();
    // Where each tab holds a session of its own, that one is to end, too.
    const leave = async () => {
      const shown = await delivery.take(true);
      if (shown) await ask("/auth/logout", { body: shown });
    };
    leave().catch((error) => warn("This tab's session could not be ended.", error));
  };

  const channel = openChannel(name, hear);
  const upkeep = keepUp({
    dueIn: () => session.dueAt() - clock(),
    run: () => run(session.current),
    woke(wasFrozen) {
      backoff.wake();
      if (!wasFrozen || !session.isInUse()) return;
      session.expire();
      void run(session.renew);
    },
  });
  return {
    channel,
    knowUser,
    arm: upkeep.arm,
    close() {
      channel.close();
      upkeep.stop();
    },
  };
}
