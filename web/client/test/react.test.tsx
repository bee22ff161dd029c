import { Window } from "happy-dom";
import { act, StrictMode, useEffect } from "react";
import { createRoot, hydrateRoot, type Root } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { AuthClient } from "../src/index.js";
import { useAuth } from "../src/react.js";
import { setUp } from "./browser.js";
import { PASSWORD } from "./server.js";

const world = setUp();
let root: Root;
let container: Element;

beforeEach(() => {
  const window = new Window();
  vi.stubGlobal("window", window);
  vi.stubGlobal("document", window.document);
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  container = document.createElement("div");
  root = createRoot(container);
});
afterEach(() => act(() => root.unmount()));

let renders = 0;
function Name({ auth }: { auth: AuthClient }) {
  renders++;
  const state = useAuth(auth);
  return <p>{state.status === "signedIn" ? state.user.name : state.status}</p>;
}

it("a component shows who is signed in, from page load to logout", async () => {
  await world.signedIn();
  const auth = world.open();
  await act(() => root.render(<Name auth={auth} />));
  expect(container.textContent).toBe("unknown");

  await act(() => auth.restore());
  expect(container.textContent).toBe("Ada");
  await act(() => auth.logout());
  expect(container.textContent).toBe("signedOut");
  await act(() => auth.login({ email: "grace@example.com", password: PASSWORD }));
  expect(container.textContent).toBe("Grace");
});

it("it renders when the state changes, and not with every refresh", async () => {
  const auth = await world.signedIn();
  renders = 0;
  await act(() => root.render(<Name auth={auth} />));
  await act(() => auth.refresh());
  await act(() => auth.me());
  expect(renders).toBe(1);
});

it("an effect of a strict page that restores asks once", async () => {
  await world.signedIn();
  const auth = world.open();
  function Page() {
    useEffect(() => void auth.restore(), []);
    return <Name auth={auth} />;
  }
  await act(() => root.render(<StrictMode><Page /></StrictMode>));
  await act(() => expect.poll(() => auth.state.status).toBe("signedIn"));
  expect(container.textContent).toBe("Ada");
  expect([world.server.count("/auth/refresh"), world.server.count("/users/me")]).toEqual([1, 1]);
});

it("a component that is gone is told nothing more", async () => {
  const auth = await world.signedIn();
  await act(() => root.render(<Name auth={auth} />));
  await act(() => root.render(null));
  renders = 0;
  await act(() => auth.logout());
  expect([renders, container.textContent]).toEqual([0, ""]);
});

it("on a server the state is unknown, and rendering asks for nothing", () => {
  const auth = world.open();
  expect(renderToString(<Name auth={auth} />)).toBe("<p>unknown</p>");
  expect(world.server.seen).toEqual([]);
});

it("what a server rendered is taken over without a mismatch, though the client knows who is signed in by then", async () => {
  const auth = await world.signedIn();
  const complaints: unknown[] = [];
  container.innerHTML = renderToString(<Name auth={world.open()} />);
  await act(() => void (root = hydrateRoot(container, <Name auth={auth} />, { onRecoverableError: (error) => complaints.push(error) })));
  expect([complaints, container.textContent]).toEqual([[], "Ada"]);
});
