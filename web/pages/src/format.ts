/** Times as people say them. */

import { locale } from "./texts";

/** `26 November 2026, 14:05`. */
export function moment(time: string | Date): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(time));
}

/** `26 Nov 2026`. */
export function day(time: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium" }).format(new Date(time));
}

/** With seconds, for what happened one after the other. */
export function exact(time: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "medium" }).format(new Date(time));
}

const UNITS: [Intl.RelativeTimeFormatUnit & ("day" | "hour" | "minute"), number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** `5 minutes ago`; what is older than a week has its date. */
export function ago(time: string, now: Date = new Date()): string {
  const seconds = (now.getTime() - new Date(time).getTime()) / 1000;
  if (seconds > 7 * 86_400) return day(time);
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
  for (const [unit, size] of UNITS) {
    if (seconds >= size) return format.format(-Math.floor(seconds / size), unit);
  }
  return format.format(0, "second");
}

/** `1 minute 5 seconds`. */
export function duration(seconds: number): string {
  const unit = (value: number, name: "minute" | "second"): string =>
    new Intl.NumberFormat(locale(), { style: "unit", unit: name, unitDisplay: "long" }).format(value);
  if (seconds < 60) return unit(Math.ceil(seconds), "second");
  const rest = Math.ceil(seconds) % 60;
  const minutes = unit(Math.floor(Math.ceil(seconds) / 60), "minute");
  return rest === 0 ? minutes : `${minutes} ${unit(rest, "second")}`;
}
