// Looking at a file before it is sent: of a text file its first megabyte is enough.
(() => {
  const enough = 1024 * 1024;
  const isText = /\.(csv|tsv|txt|ndjson|jsonl)$/i;
  document.addEventListener("htmx:configRequest", (event) => {
    const file = event.target.form?.elements.file?.files[0];
    if (!event.target.matches("[data-look]") || !file) return;
    if (isText.test(file.name) && file.size > enough) {
      event.detail.formData.set("file", file.slice(0, enough), file.name);
    }
  });
  // What was seen and chosen of one file is nothing to another.
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file]")) document.getElementById("look").replaceChildren();
  });
})();
