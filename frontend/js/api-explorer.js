// The API explorer: sends what its forms say and keeps it in the address, behind the #.
(() => {
  "use strict";

  const getForm = document.getElementById("api-explorer-get");
  const postForm = document.getElementById("api-explorer-post");
  if (!getForm || !postForm) {
    return;
  }
  const output = document.getElementById("output");
  const status = document.getElementById("response-status");
  const errors = output.querySelector(".errors");
  const answer = output.querySelector("pre");
  const mistake = document.querySelector(".api-mistake");
  const panels = [getForm, postForm].map((form) => form.closest("details"));

  // One form at a time.
  for (const panel of panels) {
    panel.addEventListener("toggle", () => {
      if (panel.open) {
        panels.find((other) => other !== panel).open = false;
      }
    });
  }

  function complain(message) {
    mistake.hidden = !message;
    mistake.textContent = message;
  }

  function fillFromAddress() {
    const state = new URLSearchParams(location.hash.slice(1));
    const form = { GET: getForm, POST: postForm }[state.get("method")];
    if (!form) {
      return;
    }
    for (const panel of panels) {
      panel.open = panel.contains(form);
    }
    form.elements.path.value = state.get("path") || "";
    if (form === postForm) {
      form.elements.json.value = state.get("json") || "";
    }
  }

  function keep(form, method) {
    const state = new URLSearchParams(new FormData(form));
    state.append("method", method);
    history.pushState(null, "", `${location.pathname}${location.search}#${state}`);
  }

  async function send(path, options) {
    complain("");
    let response;
    let text;
    try {
      response = await fetch(path, options);
      text = await response.text();
    } catch (error) {
      complain(`The request failed: ${error.message}`);
      return;
    }
    let data;
    let shown = text;
    try {
      data = JSON.parse(text);
      shown = JSON.stringify(data, null, 2);
    } catch {
      complain("The answer is no JSON; it is shown as it came.");
    }
    output.hidden = false;
    status.textContent = response.status;
    answer.textContent = shown;
    const listed = Array.isArray(data?.errors) ? data.errors : [];
    errors.hidden = !listed.length;
    errors.replaceChildren(
      ...listed.map((error) => {
        const item = document.createElement("li");
        item.textContent = error;
        return item;
      })
    );
  }

  getForm.addEventListener("submit", (event) => {
    event.preventDefault();
    keep(getForm, "GET");
    send(getForm.elements.path.value, { headers: { accept: "application/json" } });
  });

  postForm.addEventListener("submit", (event) => {
    event.preventDefault();
    keep(postForm, "POST");
    const json = postForm.elements.json.value.trim() || "{}";
    try {
      JSON.parse(json);
    } catch (error) {
      complain(`Invalid JSON: ${error.message}`);
      return;
    }
    send(postForm.elements.path.value, {
      method: "POST",
      body: json,
      headers: { "content-type": "application/json" },
    });
  });

  document.getElementById("json-format").addEventListener("click", () => {
    const field = postForm.elements.json;
    complain("");
    if (!field.value.trim()) {
      return;
    }
    try {
      field.value = JSON.stringify(JSON.parse(field.value), null, 2);
    } catch (error) {
      complain(`Error parsing JSON: ${error.message}`);
    }
  });

  addEventListener("hashchange", () => {
    fillFromAddress();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scrollTo({ top: 0, behavior: calm ? "auto" : "smooth" });
  });
  fillFromAddress();
})();
