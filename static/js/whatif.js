// A slider beside a number: the same value, for the thumb. The number field stays the one that is sent.
(() => {
  document.querySelectorAll("[data-slide-low]").forEach((field) => {
    const { slideLow, slideHigh, slideStep, slidePlace } = field.dataset;
    const slider = document.createElement("input");
    Object.assign(slider, { type: "range", min: slideLow, max: slideHigh, step: slideStep });
    const label = field.labels[0].textContent;
    slider.setAttribute("aria-label", `${label}, slider`);
    const follow = () => {
      const typed = parseFloat(field.value.replace(/,/g, ""));
      slider.value = Number.isFinite(typed) ? typed : slidePlace;
      slider.setAttribute("aria-valuetext", field.value || `as so far, ${slidePlace}`);
    };
    // Its own event goes up to the form, which asks anew.
    slider.addEventListener("input", () => {
      field.value = slider.value;
      slider.setAttribute("aria-valuetext", field.value);
    });
    field.addEventListener("input", follow);
    follow();
    field.closest("[data-slides]").after(slider);
  });
})();
