// The editor of a definition: only the fields that the chosen way of scoring takes. Without script
// all fields are there.
(() => {
  const form = document.querySelector("[data-definition]");
  if (!form) return;

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
