// A file past the limit of one request goes up in parts. Which of them are there the server says,
// so that a sending that broke off, or a page that was loaded anew, goes on where it was.
(() => {
  const panel = document.getElementById("parts");
  const form = panel?.closest("main").querySelector("form[enctype]");
  if (!form) return;
  const { limit, begin, keep, complete, drop, hash } = panel.dataset;
  const size = Number(panel.dataset.size);
  const [bar, said] = [panel.querySelector("progress"), panel.querySelector("[role=status]")];
  const [refused, hint] = [panel.querySelector("[role=alert]"), panel.querySelector(".detail")];
  const giveUp = panel.querySelector("button");
  const SIGNED_OUT = "You were signed out. Sign in and choose the same file again: what was sent "
    + "is kept for two days.";
  const GONE = "The file is not taken any more. Load this page again, and choose the file anew.";
  const ANOTHER = "Another file of this name is being sent. Wait until it is done.";
  const patienceMs = [1000, 2000, 4000, 8000, 15000];
  let sending = null; // aborts what is on its way

  const pause = (ms) => new Promise((done) => { window.setTimeout(done, ms); });
  const megabytes = (bytes) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
  const headers = () => ({ "X-CSRFToken": form.elements.csrfmiddlewaretoken.value });
  const say = (words) => { said.textContent = words; };
  const data = (given) => {
    const all = new FormData();
    Object.entries(given).forEach(([name, value]) => all.set(name, value));
    return all;
  };
  const typed = (file) => {
    const all = new FormData(form);
    all.delete("file");
    all.set("filename", file.name);
    all.set("size", file.size);
    return all;
  };

  // Asks until an answer comes: a connection that is lost comes back.
  const ask = async (address, given) => {
    const { signal } = sending;
    for (let tries = 0; ; tries += 1) {
      signal.throwIfAborted();
      const posted = { method: "POST", body: given, headers: headers(), signal };
      const answer = await fetch(address, posted).catch(() => null);
      signal.throwIfAborted();
      if (answer?.redirected) throw new Error(SIGNED_OUT);
      if (answer && answer.status < 500 && answer.status !== 429) {
        if (!answer.ok) throw new Error(GONE);
        const told = await answer.json();
        if (told.refusal) throw new Error(told.refusal);
        document.body.dispatchEvent(new Event("comanage:asked"));
        return told;
      }
      say("The connection is lost. It is tried again by itself; nothing that was sent is lost.");
      await pause(patienceMs[Math.min(tries, patienceMs.length - 1)]);
    }
  };
  // What the server says to it stands on the next page, so the answer is not followed.
  const forget = (partial) => fetch(drop, {
    method: "POST", body: data({ partial }), headers: headers(), redirect: "manual",
  });

  const reader = () => {
    const worker = new Worker(hash);
    const read = (part, isLast) => new Promise((done, fail) => {
      worker.onmessage = ({ data: found }) => (found.isUnreadable
        ? fail(new Error("The file cannot be read any more. Choose it again."))
        : done(found));
      worker.onerror = () => fail(new Error("This browser cannot read the file in parts."));
      worker.postMessage({ part, isLast });
    });
    return { read, stop: () => worker.terminate() };
  };
  const show = (there, whole, rate) => {
    bar.value = (100 * there) / whole;
    bar.textContent = `${Math.floor(bar.value)} %`;
    say(`${bar.textContent}: ${megabytes(there)} of ${megabytes(whole)} MB`
      + `${rate ? `, ${megabytes(rate)} MB a second` : ""}.`);
  };

  const send = async (file, isSecondTry = false) => {
    const { partial, parts } = await ask(begin, typed(file));
    panel.dataset.partial = partial;
    const [{ read, stop }, started] = [reader(), performance.now()];
    const count = Math.ceil(file.size / size);
    let [sent, sha256] = [0, ""];
    try {
      for (let number = 1; number <= count; number += 1) {
        const part = file.slice((number - 1) * size, number * size);
        const found = await read(part, number === count);
        sha256 = found.whole;
        if (parts[number] && parts[number] !== found.sha256) {
          if (isSecondTry) throw new Error(ANOTHER);
          await forget(partial); // another file of this name
          return await send(file, true);
        }
        if (!parts[number]) {
          await ask(keep, data({ partial, number, part }));
          sent += part.size;
        }
        const rate = (1000 * sent) / Math.max(performance.now() - started, 1);
        show(Math.min(number * size, file.size), file.size, rate);
      }
      const { page } = await ask(complete, data({
        partial,
        sha256,
        idempotency_key: form.elements.idempotency_key.value,
        restatement_reason: form.elements.restatement_reason?.value ?? "",
      }));
      return page;
    } finally {
      stop();
    }
  };
  const open = (isSending) => {
    panel.hidden = false;
    [bar, said, hint, giveUp].forEach((each) => { each.hidden = !isSending; });
    refused.hidden = isSending;
    const buttons = Array.from(form.elements).filter((each) => each.type === "submit");
    buttons.forEach((each) => { each.disabled = isSending; });
  };

  form.addEventListener("submit", async (event) => {
    const file = form.elements.file.files[0];
    if (event.submitter?.hasAttribute("formaction") || !file || file.size <= limit) return;
    event.preventDefault();
    if (sending) return;
    sending = new AbortController();
    bar.value = 0;
    open(true);
    say("Beginning.");
    panel.scrollIntoView({ block: "nearest" });
    try {
      window.location.assign(await send(file));
    } catch (wrong) {
      if (sending.signal.aborted) return;
      sending = null;
      open(false);
      refused.querySelector("p:last-child").textContent = wrong.message;
    }
  });
  giveUp.addEventListener("click", async () => {
    const { partial } = panel.dataset;
    sending.abort();
    say("Giving up.");
    if (partial) await forget(partial).catch(() => null);
    window.location.assign(window.location.pathname);
  });
})();
