// The editor of a definition: more rows without leaving the page, and only the fields that the
// chosen way of scoring takes. Without script the buttons ask the server and all fields are there.
(() => {
  const form = document.querySelector("[data-definition]");
  if (!form) return;

  form.querySelectorAll("[data-rows]").forEach((rows) => {
    const total = form.elements[`${rows.dataset.rows}-TOTAL_FORMS`];
    const most = Number(form.elements[`${rows.dataset.rows}-MAX_NUM_FORMS`].value);
    const template = rows.querySelector("template");
    const button = rows.querySelector("button[name=more]");
    button.type = "button"; // a press of Enter in a field must save, not add
    button.addEventListener("click", () => {
      const place = Number(total.value);
      if (place >= most) return;
      const row = template.content.firstElementChild.cloneNode(true);
      row.querySelectorAll("[id], [for], [name], [aria-describedby]").forEach((part) => {
        ["id", "for", "name", "aria-describedby"].forEach((name) => {
          const value = part.getAttribute(name);
          if (value) part.setAttribute(name, value.replace("__prefix__", place));
        });
      });
      row.querySelector("legend").textContent =
        template.content.querySelector("legend").textContent.replace("new", place + 1);
      template.before(row);
      total.value = place + 1;
      row.querySelector("input, select, textarea").focus();
    });
  });

  const isFilled = (part) =>
    [...part.querySelectorAll("textarea, input:not([type=hidden])")].some((field) => field.value);
  const showWhatIsTaken = () => {
    const way = form.elements.data.value === "aggregates" ? "aggregates" : form.elements.scoring.value;
    form.querySelectorAll("[data-used-by]").forEach((part) => {
      const ways = part.dataset.usedBy;
      part.hidden = ways !== "" && !ways.split(" ").includes(way) && !isFilled(part);
    });
    showSections();
  };
  const showSections = () => {
    form.querySelectorAll(".section").forEach((section) => {
      const parts = [...section.querySelectorAll(":scope > [data-used-by]")];
      section.hidden = parts.length > 0 && parts.every((part) => part.hidden);
    });
  };
  form.elements.scoring.addEventListener("change", showWhatIsTaken);
  form.elements.data.addEventListener("change", showWhatIsTaken);
  showWhatIsTaken();
})();
