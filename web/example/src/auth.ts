// The one client of this app, and an axios that sends its access token.

import { createAuthClient } from "@latchkey/client";
import { attachAuth } from "@latchkey/client/axios";
import axios from "axios";

/** Where the API is; `VITE_LATCHKEY=https://api.example.com npm run build` for another place. */
export const LATCHKEY: string = import.meta.env["VITE_LATCHKEY"] ?? "http://localhost:9000";

/** Where its pages are, if they have an address of their own. */
export const PAGES: string = import.meta.env["VITE_LATCHKEY_PAGES"] ?? LATCHKEY;

export const auth = createAuthClient({ baseUrl: LATCHKEY });

export const api = axios.create({ baseURL: `${LATCHKEY}/api/v1` });
attachAuth(api, auth);

// Who was signed in before the page was loaded? This rejects offline, and while the API's ALLOWED_ORIGINS lack this app;
// the client goes on asking by itself.
auth.restore().catch((error) => console.warn("Latchkey can't be asked who is signed in.", error));
