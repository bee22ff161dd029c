/** The line drawings, as paths of 24 by 24. */

export const CHECK = "M5 12.5l4.5 4.5L19 7.5";
export const CIRCLE = "M12 4a8 8 0 1 1 0 16a8 8 0 0 1 0-16";
export const WARNING = "M12 8v5m0 3.2v.1M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18";
export const GOOD = "M8 12.3l2.8 2.8L16 9.5M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18";
export const INFO = "M12 11v5m0-8.2v.1M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18";
export const LOCK =
  "M7 11h10a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1m1.5 0V8a3.5 3.5 0 0 1 7 0v3";
export const CLOCK = "M12 7.5v5l3 2M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18";
export const OFFLINE = "M4 4l16 16M8.5 15.5a5 5 0 0 1 5.5-1M5 12a10 10 0 0 1 4-2.5m4-.4a10 10 0 0 1 6 2.9M12 19v.1";
export const MAIL = "M4 6h16v12H4zm0 .5l8 6.5l8-6.5";
export const CLOSE = "M6 6l12 12M18 6L6 18";
export const DEVICE = "M4 5h16v11H4zM9 20h6m-3-4v4";
export const PHONE = "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1m3 15h2";
