/** What stands where nothing is. */

import { openPage } from "../app";
import { h } from "../dom";
import { WARNING } from "../icons";
import { linkButton, stateCard } from "../state-card";

void openPage({
  title: (t) => t.noPage.title,
  width: "form",
  content: ({ t }) => [
    stateCard(WARNING, "plain", t.noPage.title, h("p", {}, t.noPage.text), linkButton("/", t.noPage.link)),
  ],
});
