// Rows of a form: more of them without leaving the page. Without script the button asks the server.
(() => {
  const ATTRIBUTES = ["id", "for", "name", "aria-describedby"];

  const add = (rows) => {
    const { elements } = rows.closest("form");
    const total = elements[`${rows.dataset.rows}-TOTAL_FORMS`];
    const place = Number(total.value);
    if (place >= Number(elements[`${rows.dataset.rows}-MAX_NUM_FORMS`].value)) return;
    const row = rows.querySelector("template").content.firstElementChild.cloneNode(true);
    row.querySelectorAll(ATTRIBUTES.map((name) => `[${name}]`).join()).forEach((part) => {
      ATTRIBUTES.forEach((name) => {
        const value = part.getAttribute(name);
        if (value) part.setAttribute(name, value.replace("__prefix__", place));
      });
    });
    row.querySelectorAll("[data-number]").forEach((part) => (part.textContent = place + 1));
    const last = [...rows.querySelectorAll("[data-row]")].pop();
    if (last) last.after(row);
    else rows.querySelector("template").before(row);
    total.value = place + 1;
    row.querySelector("input, select, textarea").focus();
  };

  // A press of Enter in a field must save, not add.
  const ready = () => document.querySelectorAll("[data-rows] button[name=more]").forEach((button) => {
    if (button.type === "button") return;
    button.type = "button";
    button.addEventListener("click", () => add(button.closest("[data-rows]")));
  });
  document.addEventListener("htmx:afterSettle", ready);
  ready();
})();
