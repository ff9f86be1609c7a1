// The editor of a scoring plan: a domain that is named can be chosen at once, and keeps its indicators when it is
// named otherwise. Without script the server offers it with the next page.
(() => {
  const form = document.getElementById("plan");

  const domains = () =>
    [...form.querySelectorAll("[data-rows=domains] [data-row]")]
      .map((row) => [row.querySelector("[name$=-slug]").value.trim(), row.querySelector("[name$=-title]").value.trim()])
      .filter(([slug]) => slug);

  const offer = (was, now) => {
    const known = domains();
    form.querySelectorAll("[data-rows=indicators] select[name$=-domain]").forEach((select) => {
      const chosen = was && select.value === was ? now : select.value;
      const offered = [["", "None"], ...known];
      if (!offered.some(([slug]) => slug === chosen)) offered.push([chosen, chosen]);
      select.replaceChildren(...offered.map(([slug, title]) => new Option(title || slug, slug)));
      select.value = chosen;
    });
  };

  form.addEventListener("focusin", ({ target }) => {
    if (target.matches("[data-rows=domains] [name$=-slug]")) target.dataset.was = target.value.trim();
  });
  form.addEventListener("change", ({ target }) => {
    if (target.matches("[data-rows=domains] [name$=-slug]")) offer(target.dataset.was, target.value.trim());
    else if (target.matches("[data-rows=domains] [name$=-title]")) offer("", "");
  });
})();
