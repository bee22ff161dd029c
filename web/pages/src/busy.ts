/** A button and the work that it starts. */

/** Does the work, and shows at the button that it is under way; a second click meanwhile does nothing. */
export async function busyWith(button: HTMLButtonElement, work: () => Promise<unknown>): Promise<void> {
  if (button.classList.contains("busy")) return;
  const show = (isBusy: boolean): void => {
    button.classList.toggle("busy", isBusy);
    button.setAttribute("aria-disabled", String(isBusy));
  };
  show(true);
  try {
    await work();
  } finally {
    show(false);
  }
}
