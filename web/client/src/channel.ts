// Tells the other tabs of this origin.

/**
 * What one tab tells the others; `at` by the wall clock, which they share. Never a token. `over`: the server has heard of
 * the logout by now; a page that was loaded between may have come into the session once more.
 */
export type Message = { type: "login"; userId: string } | { type: "logout"; at: number } | { type: "over" };

export interface Channel {
  tell(message: Message): void;
  close(): void;
}

/** A channel for the clients of one API. Where there is no page or worker of an origin, it leads nowhere: on a server,
 * the clients of one process belong to different people. */
export function openChannel(name: string, hear: (message: Message) => void): Channel {
  let channel: BroadcastChannel | undefined;
  try {
    if ("location" in globalThis) channel = new BroadcastChannel(name);
  } catch {
    // An old browser, or one that denies storage to this frame.
  }
  if (channel) channel.onmessage = (event) => hear(event.data);
  return {
    tell: (message) => channel?.postMessage(message),
    close() {
      channel?.close();
      // A closed one takes no message.
      channel = undefined;
    },
  };
}
