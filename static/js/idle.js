// Warns before the idle logoff, and lets a person stay. Without script the logoff simply holds.
(() => {
  const panel = document.getElementById("idle");
  if (!panel) return;
  const idleMs = Number(panel.dataset.idleSeconds) * 1000;
  const warnMs = Math.min(120000, idleMs / 2);
  let timer = 0;

  const wait = () => {
    window.clearTimeout(timer);
    panel.hidden = true;
    timer = window.setTimeout(warn, idleMs - warnMs);
  };
  const warn = () => {
    panel.hidden = false;
    timer = window.setTimeout(() => window.location.reload(), warnMs + 1000);
  };

  panel.querySelector("button").addEventListener("click", () => {
    fetch(panel.dataset.stayUrl, { credentials: "same-origin" }).then(wait);
  });
  document.body.addEventListener("htmx:afterRequest", wait); // each request starts the clock again
  document.body.addEventListener("comanage:asked", wait); // and so does a part of a large file
  wait();
})();
