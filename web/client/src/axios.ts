// @latchkey/client/axios: the access token for an instance of axios.

import axios, { type AxiosAdapter, type AxiosInstance, type AxiosResponse } from "axios";

import type { AuthClient } from "./client.js";
import { isRepeatable } from "./fetch.js";
import type { Gate } from "./gate.js";

/**
 * Gives the instance's requests what `auth.fetch` gives: the token, and one repetition behind a 401. Call what it
 * returns to take that away. It stands where axios hands a request to the network, behind all interceptors: a
 * repetition runs through none of them twice, and its body is not serialised twice.
 */
export function attachAuth(instance: AxiosInstance, auth: Pick<AuthClient, "gate">): () => void {
  const original = instance.defaults.adapter;
  instance.defaults.adapter = authorized(instance, (config) => axios.getAdapter(original, config)(config), auth.gate);
  return () => {
    if (original) instance.defaults.adapter = original;
    else delete instance.defaults.adapter;
  };
}

function authorized(instance: AxiosInstance, send: AxiosAdapter, gate: Gate): AxiosAdapter {
  return async (config) => {
    // axios only asks for a part of what a signal is.
    const signal = config.signal as AbortSignal | undefined;
    // Who brings a header of his own knows better.
    const hasOwn = config.headers.has("Authorization");
    const grant = hasOwn ? null : await gate.authorize(instance.getUri(config), signal);
    if (!grant) return send(config);

    const sendWith = async (token: string) => {
      config.headers.set("Authorization", `Bearer ${token}`);
      // `config` is in every error, and in what logs it; who sends it again is to get the token of then.
      return send(config).finally(() => config.headers.delete("Authorization"));
    };
    const first = sendWith(grant.token);
    // `validateStatus` may take a 401 for an answer like any other.
    const response: AxiosResponse | undefined = await first.catch((error) => error?.response);
    const url = finalUrl(response);
    if (response?.status !== 401 || (url && !gate.trusts(url))) return first;
    const renewed = gate.reauthorize(grant, signal);
    if (!isRepeatable(config.data)) {
      renewed.catch(() => {});
      return first;
    }
    const next = await renewed;
    if (!next) return first;
    // A stream that nobody will read.
    response.data?.destroy?.();
    return sendWith(next.token);
  };
}

/** Where redirects have led to, as XMLHttpRequest and Node tell it. */
function finalUrl(response: AxiosResponse | undefined): string | undefined {
  return response?.request?.responseURL ?? response?.request?.res?.responseUrl;
}
