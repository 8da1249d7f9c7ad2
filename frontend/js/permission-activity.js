// The raw simulator: sends the form and shows the answer as it came.
(() => {
  "use strict";

  const form = document.getElementById("debug-post");
  if (!form) {
    return;
  }
  const result = document.getElementById("debugResult");
  const known = new Map(
    JSON.parse(document.getElementById("known-actions").textContent).map((action) => [action.name, action])
  );
  const { permission, resource_1: parent, resource_2: child } = form.elements;

  function followAction() {
    const action = known.get(permission.value);
    for (const [field, taken] of [[parent, action?.takes_parent], [child, action?.takes_child]]) {
      field.closest(".form-section").hidden = !taken;
      // What is out of sight is not sent.
      field.disabled = !taken;
    }
  }

  function show(data) {
    result.hidden = false;
    result.textContent = JSON.stringify(data, null, 4);
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { accept: "application/json" },
      });
      const text = await response.text();
      try {
        show(JSON.parse(text));
      } catch {
        const page = new DOMParser().parseFromString(text, "text/html");
        const words = page.querySelector(".error-message")?.textContent.trim();
        show({ error: words || `Request failed with status ${response.status}` });
      }
    } catch (error) {
      show({ error: error.message });
    }
  });

  permission.addEventListener("change", followAction);
  followAction();
})();
