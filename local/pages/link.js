// What the pages behind the links of mails have in common.
const $ = id => document.getElementById(id);
const token = new URLSearchParams(location.hash.slice(1)).get("token");
// Neither the history nor the next page's Referer may keep it.
history.replaceState(null, "", location.pathname);

function answer(kind, lines) {
  $("answer").replaceChildren(...lines.map(line => Object.assign(document.createElement("li"), { textContent: line, className: kind })));
}

// Calls the API when the form is sent, and tells what it answered: on success instead of the form.
function onSubmit(form, path, body, next = "") {
  form.onsubmit = async event => {
    event.preventDefault();
    try {
      const response = await fetch(`/api/v1/auth/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body()),
      });
      const told = await response.json();
      if (response.ok) {
        form.hidden = true;
        answer("good", [`${told.message.replace(/\.?$/, ".")} ${next}`]);
      } else {
        const broken = (told.errors ?? []).map(error => `The ${error.field.replace("new_", "")} ${error.message}.`);
        answer("bad", broken.length ? broken : [told.detail ?? told.message ?? `The answer was ${response.status}.`]);
      }
    } catch {
      answer("bad", ["The API can't be reached. Is it still running?"]);
    }
  };
}

if ($("show")) $("show").onchange = () => { $("password").type = $("show").checked ? "text" : "password"; };
