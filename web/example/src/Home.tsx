// A protected page: it is there for a signed-in user only, and asks the API with axios.

import type { Session, User } from "@latchkey/client";
import { useEffect, useState } from "react";

import { api, auth } from "./auth";

export function Home({ user }: { user: User }) {
  const [sessions, setSessions] = useState<Session[]>([]);
  const [problem, setProblem] = useState("");

  useEffect(() => {
    const leaving = new AbortController();
    // Put your own API here. The access token is added, and renewed when it has expired.
    api
      .get<{ sessions: Session[] }>("/auth/sessions", { signal: leaving.signal })
      .then(({ data }) => setSessions(data.sessions))
      .catch((error) => leaving.signal.aborted || setProblem(String(error)));
    return () => leaving.abort();
  }, [user.id]);

  function signOut() {
    // Signed out here and in all tabs at once; it fails if the server did not hear of it.
    auth.logout().catch(() => alert("The server can't be reached: sign out again when you are online."));
  }

  return (
    <>
      <h1>Hello {user.name ?? user.email}</h1>
      <p role="alert">{problem}</p>
      <ul>
        {sessions.map((session) => (
          <li key={session.id}>
            {session.device} from {session.address}
            {session.current && " (this one)"}
          </li>
        ))}
      </ul>
      <button onClick={signOut}>Sign out</button>
    </>
  );
}
