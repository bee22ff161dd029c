// The one client of this app, and an axios that sends its access token.

import { createAuthClient } from "@latchkey/client";
import { attachAuth } from "@latchkey/client/axios";
import axios from "axios";

/** Where Latchkey runs; `VITE_LATCHKEY=https://auth.example.com npm run build` for another place. */
export const LATCHKEY: string = import.meta.env["VITE_LATCHKEY"] ?? "http://localhost:9000";

export const auth = createAuthClient({ baseUrl: LATCHKEY });

export const api = axios.create({ baseURL: `${LATCHKEY}/api/v1` });
attachAuth(api, auth);

// Who was signed in before the page was loaded? Offline this rejects, and the client goes on asking by itself.
auth.restore().catch(() => {});
