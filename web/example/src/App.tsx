// Which of the app's faces is shown: a page behind this switch is for who is signed in, and leaves the screen in every
// tab as soon as nobody is.

import { useAuth } from "@latchkey/client/react";

import { auth } from "./auth";
import { Home } from "./Home";
import { SignIn } from "./SignIn";

export function App() {
  const { status, user } = useAuth(auth);
  switch (status) {
    case "unknown":
      return <p role="status">One moment …</p>;
    case "signedOut":
      return <SignIn />;
    case "signedIn":
      return <Home user={user} />;
  }
}
