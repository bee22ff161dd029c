// A sign-in form of the app's own. It could as well link to Latchkey's:
// `${PAGES}/?return_to=${encodeURIComponent(location.href)}`.

import { AuthError } from "@latchkey/client";
import { type FormEvent, useState } from "react";

import { auth, PAGES } from "./auth";

export function SignIn() {
  const [problem, setProblem] = useState("");
  const [isBusy, setIsBusy] = useState(false);

  async function signIn(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isBusy) return;
    const form = new FormData(event.currentTarget);
    setProblem("");
    setIsBusy(true);
    try {
      await auth.login({ email: String(form.get("email")), password: String(form.get("password")) });
    } catch (error) {
      setProblem(error instanceof AuthError ? error.detail : String(error));
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <form onSubmit={signIn}>
      <h1>Sign in</h1>
      <label>
        E-mail
        <input name="email" type="email" autoComplete="username" required />
      </label>
      <label>
        Password
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <p role="alert">{problem}</p>
      <button aria-disabled={isBusy}>Sign in</button>
      <a href={`${PAGES}/forgot-password`}>Forgot your password?</a>
    </form>
  );
}
