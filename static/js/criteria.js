// Reads each criterion while it is written: its plain English, or what is wrong and where. The
// server alone knows the language; a builder of conditions can be opened over each text.
(() => {
  const form = document.querySelector("[data-definition]");
  if (!form) return;
  const PAUSE_MS = 350;
  const operators = JSON.parse(form.dataset.operators);

  const columns = () =>
    [...form.querySelectorAll("[data-rows=columns] .row")].flatMap((row) => {
      const part = (name) => row.querySelector(`[name$="-${name}"]`);
      const name = part("name").value.trim();
      if (!name || part("DELETE").checked) return [];
      return [{ name, type: part("type").value, label: part("label").value.trim() || name }];
    });

  const ask = async (given, signal) => {
    const body = new URLSearchParams({ ...given, columns: JSON.stringify(columns()) });
    const token = form.elements.csrfmiddlewaretoken.value;
    const answer = await fetch(form.dataset.readUrl, {
      method: "POST", body, signal, credentials: "same-origin", headers: { "X-CSRFToken": token },
    });
    if (!answer.ok) throw new Error("not answered");
    // The idle clock on the page starts again with each request, as it does on the server.
    document.body.dispatchEvent(new CustomEvent("htmx:afterRequest"));
    return answer.json();
  };

  // Saving waits until what was built has become text; an unfinished condition stops it.
  const unsettled = new Map();
  form.addEventListener("submit", async (event) => {
    if (!unsettled.size) return;
    event.preventDefault();
    for (const [part, settle] of [...unsettled]) {
      if (await settle()) continue;
      (part.querySelector(".builder__problem") || part).scrollIntoView({ block: "center" });
      return;
    }
    form.requestSubmit();
  });

  const line = (tag, name, text) => {
    const made = document.createElement(tag);
    made.className = name;
    made.textContent = text;
    return made;
  };

  const watch = (part) => {
    const text = part.querySelector("textarea");
    const reading = part.querySelector(".criterion__reading");
    const label = part.querySelector("legend").textContent;
    const kind = part.dataset.kind;
    let waiting = 0, running = null, builder = null;

    const say = (answer) => {
      part.querySelectorAll(".caret").forEach((old) => old.remove());
      text.removeAttribute("aria-invalid");
      reading.replaceChildren();
      if (answer.problem && !answer.problem.path) {
        text.setAttribute("aria-invalid", "true");
        const { message, position, excerpt, pointer } = answer.problem;
        const where = position ? `At character ${position}: ` : "";
        reading.append(line("p", "criterion__problem", `${where}${message}`));
        if (excerpt !== undefined) {
          const caret = line("pre", "caret", `${excerpt}\n${pointer}`);
          caret.setAttribute("aria-hidden", "true");
          reading.append(caret);
        }
      } else if (answer.english) {
        reading.append(line("p", "detail", `Reads: ${answer.english}.`));
      }
      complain(answer.problem);
    };

    const complain = (problem) => {
      if (!builder) return;
      const isAtATerm = Boolean(problem && problem.path);
      builder.element.inert = Boolean(problem) && !isAtATerm; // it must not overwrite what was typed
      builder.complain(isAtATerm ? problem.path : [], isAtATerm ? problem.message : "");
      if (isAtATerm) {
        reading.append(line("p", "detail", "The text follows when every condition is complete."));
      }
    };

    const read = async (given, then) => {
      if (running) running.abort();
      running = new AbortController();
      try {
        const { signal } = running;
        const answer = await ask(given, signal);
        if (signal.aborted) return;
        say(answer);
        then(answer);
      } catch (broken) {
        if (broken.name === "AbortError") return;
        reading.replaceChildren(line("p", "detail", "The server could not be asked. The text is kept and read when you save."));
      }
    };
    // Whatever was on its way spoke of an earlier state and must not overwrite this one.
    const forget = () => {
      window.clearTimeout(waiting);
      if (running) running.abort();
    };
    const readText = () => read({ kind, text: text.value }, (answer) => {
      if (builder && !answer.problem) builder.show(answer.tree);
    });
    const readTree = async () => {
      forget();
      if (builder.isEmpty) {
        text.value = "";
        unsettled.delete(part);
        say({});
        return true;
      }
      await read({ tree: JSON.stringify(builder.tree()) }, (answer) => {
        if (answer.problem) return;
        text.value = answer.text;
        unsettled.delete(part);
      });
      return !unsettled.has(part);
    };
    const treeChanged = () => {
      unsettled.set(part, readTree);
      forget();
      waiting = window.setTimeout(() => readTree(), PAUSE_MS);
    };

    text.addEventListener("input", () => {
      unsettled.delete(part);
      forget();
      waiting = window.setTimeout(readText, PAUSE_MS);
    });
    text.addEventListener("focus", () => {
      if (text.value && !reading.hasChildNodes()) readText();
    });

    if (kind !== "criterion") return;
    const toggle = line("button", "button button--plain button--small", "Build with fields");
    toggle.type = "button";
    toggle.setAttribute("aria-expanded", "false");
    toggle.setAttribute("aria-label", `Build with fields: ${label}`);
    reading.after(toggle);
    const open = () => {
      builder = new window.ConditionBuilder({ label, columns, operators, changed: treeChanged });
      toggle.after(builder.element);
      toggle.setAttribute("aria-expanded", "true");
    };
    const close = async () => {
      if (unsettled.has(part) && !(await readTree())) return;
      builder.element.remove();
      builder = null;
      toggle.setAttribute("aria-expanded", "false");
    };
    toggle.addEventListener("click", async () => {
      if (builder) {
        await close();
        return;
      }
      forget();
      await read({ kind, text: text.value }, (answer) => {
        if (answer.problem) return; // the text is mended first: it must not be overwritten
        open();
        builder.show(answer.tree);
      });
    });
  };

  form.querySelectorAll(".criterion").forEach(watch);
})();
