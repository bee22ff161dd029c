/** A list that comes a page at a time: what is there, and a button for more. */

import type { App } from "../app";
import { busyWith } from "../busy";
import { type Child, fill, h } from "../dom";
import { noticeBox } from "../notice-box";
import { tell } from "../tell";

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

interface Options<T> {
  ask(cursor: string | undefined): Promise<Page<T>>;
  draw(items: T[]): Child;
  /** What stands in place of an empty list. */
  nothing: string;
  more: string;
  count(shown: number): string;
}

export interface Pages<T> {
  element: HTMLElement;
  /** Puts another in the place of the first that this finds; null takes it out. */
  replace(find: (item: T) => boolean, by: T | null): void;
}

/** A page may be empty while there are more: so many are asked for before the person is asked to. */
const EMPTY_PAGES = 5;

export function pages<T>(app: App, options: Options<T>): Pages<T> {
  let items: T[] = [];
  let cursor: string | null = null;
  const notices = noticeBox(app.t);
  const list = h("div", {});
  const counted = h("p", { class: "hint", role: "status" });
  const more = h("button", { type: "button", class: "plain" });
  const element = h("div", { class: "loaded" }, list, notices.element, h("div", { class: "actions" }, more, counted));

  const draw = (): void => {
    fill(
      list,
      items.length === 0 && cursor === null ? h("p", { class: "nothing" }, options.nothing) : options.draw(items),
    );
    fill(counted, items.length > 0 && options.count(items.length));
    fill(more, options.more);
    more.hidden = cursor === null;
  };
  const load = async (): Promise<void> => {
    element.setAttribute("aria-busy", "true");
    notices.clear();
    try {
      for (let page = 0; page < EMPTY_PAGES; page++) {
        const answer: Page<T> = await options.ask(cursor ?? undefined);
        items = [...items, ...answer.items];
        cursor = answer.nextCursor;
        if (answer.items.length > 0 || cursor === null) break;
      }
      draw();
    } catch (thrown) {
      fill(more, app.t.problems.tryAgain);
      more.hidden = false;
      if (list.querySelector(".waiting") !== null) fill(list);
      tell(thrown, app, notices);
    } finally {
      element.removeAttribute("aria-busy");
    }
  };
  more.hidden = true;
  const loadOnce = (): void => void busyWith(more, load);
  more.addEventListener("click", loadOnce);
  fill(list, h("p", { class: "waiting" }, app.t.loading));
  loadOnce();
  return {
    element,
    replace(find, by) {
      const index = items.findIndex(find);
      if (index >= 0) items = items.toSpliced(index, 1, ...(by === null ? [] : [by]));
      draw();
    },
  };
}
