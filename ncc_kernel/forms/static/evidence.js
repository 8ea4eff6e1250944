/* The files beside a statement: chosen, sent to the server by themselves, listed, taken away.

   A file goes neither through the kernel nor into the outbox: it is sent at once, and until it is
   there the page says that it is not. The kernel tells every page which files stand. */

class EvidenceFiles {
  constructor(form, code) {
    Object.assign(this, { form, code });
    const id = `${code}:files`;
    this.list = h("ul", { class: "files-list" });
    this.says = h("p", { class: "hint", id: `${id}:message`, role: "status" });
    this.input = h("input", {
      type: "file",
      id,
      accept: form.about.taken?.endings,
      "aria-describedby": `${id}:hint ${id}:message`,
      change: () => this.#chosen(),
    });
    this.label = h("label", { for: id }, "Add a file as evidence");
    this.hint = h("p", { class: "hint", id: `${id}:hint` }, form.about.taken?.words ?? "");
    this.element = h(
      "div",
      { class: "field evidence-files" },
      this.list,
      this.label,
      this.hint,
      this.input,
      this.says,
    );
    this.locked = true;
  }

  /* Where there is no server beside the kernel, files are listed and none can be sent. */
  get address() {
    return this.form.about.urls?.evidence;
  }

  show(files) {
    this.files = files ?? [];
    this.element.hidden = this.files.length === 0 && (this.locked || !this.address);
    this.list.replaceChildren(...this.files.map((one) => this.#row(one)));
  }

  lock(locked) {
    this.locked = locked;
    for (const one of [this.label, this.hint, this.input]) one.hidden = locked || !this.address;
    this.show(this.files);
  }

  #row({ key, name, size, sha256, by, at }) {
    const words = h("bdi", {}, name);
    const link = this.address ? h("a", { href: `${this.address}/${sha256}`, download: "" }, words) : words;
    const away = button("Take away", () => this.#drop(key), {
      class: "quiet-button",
      "aria-label": `Take away ${name}`,
    });
    return h("li", {}, link, ` ${inBytes(size)}, `, person(by), ` ${when(at)} `, !this.locked && away);
  }

  #drop(key) {
    this.form.doing({ do: "drop_file", key }, (refused) => {
      this.#say(refused ? `Not done: ${refused}` : "Taken away.", refused ? "message" : "hint");
      this.input.focus();
    });
  }

  async #chosen() {
    const [file] = this.input.files;
    if (!file) return;
    const { taken } = this.form.about;
    if (file.size > taken.largest) return this.#fail(`It is larger than ${inBytes(taken.largest)}.`);
    this.input.disabled = true;
    this.#say(`Sending ${file.name}…`);
    const told = await sent(this.address, { question: this.code, file });
    this.input.disabled = false;
    if (!told.file) return this.#fail(refusal(told));
    this.input.value = "";
    this.#say(`Saved: ${told.file.name}`);
    return this.form.line.ping();
  }

  #fail(words) {
    this.input.value = "";
    this.#say(`Error: not saved. ${words}`, "message");
  }

  #say(words, kind = "hint") {
    this.says.className = kind;
    setText(this.says, words);
  }
}

/* What the server says to a form that is sent by script; a refusal is words too. */
async function sent(address, fields) {
  const body = new FormData();
  body.append("_xsrf", document.querySelector('input[name="_xsrf"]')?.value ?? "");
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  try {
    const answer = await fetch(address, { method: "POST", body, redirect: "error" });
    const json = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (json) return await answer.json();
  } catch {
    return { message: "The server does not answer.", hint: "try again when the connection is back" };
  }
  return { message: "The server did not take it.", hint: "load the page again, and sign in" };
}

function inBytes(size) {
  if (size >= 2 ** 20) return `${(size / 2 ** 20).toFixed(1)} MB`;
  return `${Math.max(1, Math.round(size / 1024))} kB`;
}
