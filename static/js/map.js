// The editor of a map or a scoring plan: only the fields that a column's type takes, and what is wrong beside its
// field while it is written. The server alone knows the rules; without script it says so on saving.
(() => {
  const PAUSE_MS = 350;

  const isFilled = (part) =>
    [...part.querySelectorAll("input")].some((field) => (field.type === "checkbox" ? field.checked : field.value));

  const showWhatIsTaken = (column) => {
    const type = column.querySelector("select")?.value;
    // A map says that a filled field does not fit its type; a plan drops what another kind had.
    const drops = column.closest("[data-drops]") !== null;
    column.querySelectorAll("[data-taken-by]").forEach((part) => {
      const types = part.dataset.takenBy;
      part.hidden = types !== "" && !types.split(" ").includes(type) && (drops || !isFilled(part));
    });
  };

  const ready = () => document.querySelectorAll("[data-map] [data-row]").forEach(showWhatIsTaken);

  const describe = (field, id, isWrong) => {
    const others = (field.getAttribute("aria-describedby") || "").split(" ").filter((each) => each && each !== id);
    field.setAttribute("aria-describedby", [...others, ...(isWrong ? [id] : [])].join(" "));
    if (isWrong) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };

  // The words stand where the server would have put them.
  const complain = (form, problems) => {
    form.querySelectorAll("[data-live-error]").forEach((old) => {
      const field = document.getElementById(old.dataset.liveError);
      if (field) describe(field, old.id, false);
      old.remove();
    });
    Object.entries(problems).forEach(([id, said]) => {
      const field = document.getElementById(id);
      if (!field || document.getElementById(`${id}_error`)) return;
      const words = document.createElement("div");
      words.dataset.liveError = id;
      words.id = `${id}_live`;
      said.forEach((sentence) => {
        const line = document.createElement("p");
        line.className = "field__error";
        line.textContent = sentence;
        words.append(line);
      });
      describe(field, words.id, true);
      (field.closest(".field__control") || field).after(words);
      const details = field.closest("details");
      if (details) details.open = true;
    });
  };

  const checks = new WeakMap();
  const check = async (form) => {
    checks.get(form)?.abort();
    const asked = new AbortController();
    checks.set(form, asked);
    try {
      const answer = await fetch(form.dataset.checkUrl, {
        method: "POST", body: new URLSearchParams(new FormData(form)), signal: asked.signal, credentials: "same-origin",
      });
      if (!answer.ok) return;
      // The idle clock on the page starts again with each request, as it does on the server.
      document.body.dispatchEvent(new CustomEvent("htmx:afterRequest"));
      complain(form, (await answer.json()).problems);
    } catch (failure) {
      if (failure.name !== "AbortError") complain(form, {});
    }
  };

  let waiting = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.closest("[data-map]");
    if (!form) return;
    // What was said of this field is about what stood there before.
    document.getElementById(`${event.target.id}_error`)?.remove();
    clearTimeout(waiting);
    waiting = setTimeout(() => check(form), PAUSE_MS);
    const column = event.target.closest("[data-row]");
    if (column && event.target.matches("select")) showWhatIsTaken(column);
  });
  document.addEventListener("click", (event) => {
    if (event.target.matches("[data-map] button[name=more]")) setTimeout(ready);
  });
  document.addEventListener("htmx:afterSettle", ready);
  ready();
})();
