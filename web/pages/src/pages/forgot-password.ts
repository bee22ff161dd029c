/** `/forgot-password`: asks for a link to choose a new password. */

import { openPage } from "../app";
import { askForMail } from "../ask-for-mail";
import { h } from "../dom";

void openPage({
  title: (t) => t.forgot.title,
  width: "form",
  content(app) {
    const back = h("p", { class: "below" }, h("a", { href: "/" }, app.t.forgot.back));
    return askForMail(app, app.t.forgot, app.auth.forgotPassword, back);
  },
});
