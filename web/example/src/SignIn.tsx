// A sign-in form of the app's own. It could as well link to Latchkey's: `${LATCHKEY}/?return_to=${location.href}`.

import { AuthError } from "@latchkey/client";
import { type FormEvent, useState } from "react";

import { auth, LATCHKEY } from "./auth";

export function SignIn() {
  const [problem, setProblem] = useState("");

  async function signIn(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    try {
      await auth.login({ email: String(form.get("email")), password: String(form.get("password")) });
    } catch (error) {
      setProblem(error instanceof AuthError ? error.detail : String(error));
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
      <button>Sign in</button>
      <a href={`${LATCHKEY}/forgot-password`}>Forgot your password?</a>
    </form>
  );
}
