/* The form of one country, in the browser.

   The kernel says everything once ("all"); from then on each side tells the other what changed.
   What a person types goes at once into the outbox (memory and localStorage) and leaves it only
   when the kernel has acknowledged it. At most one change per statement is under way, so that its
   base is always known and nobody is in conflict with himself. The line pings; silence is shown,
   and when the kernel is heard again the outbox is sent anew, in the order in which it was typed.

   What people type becomes text nodes, never HTML. Only the picture and its table, made and
   escaped by the kernel, enter through a template element. */

const PAUSE = 800; // ms after the last keystroke until a text is sent
const PING = 2000;
const SILENCE = 2400; // an unanswered ping this old means: disconnected (PING + SILENCE < 5 s)
const UNHEARD = 6000; // an unanswered change this old is sent again; the kernel takes it once
const STALE = 10_000; // a page that has not said for so long that it lives has left its outbox
const MOST_UNDO = 50;

const NOTHING = Object.freeze({
  answer: "",
  reason: "",
  comment: "",
  evidence: "",
  evidence_link: "",
  confidence: "",
  priority: "",
  target: "",
  offers: false,
  needs: false,
});
const NAMES = Object.keys(NOTHING);
const TEXTS = new Set(["reason", "comment", "evidence", "evidence_link"]);
const LABELS = {
  answer: "Answer",
  reason: "Why it is not applicable",
  comment: "Comment",
  evidence: "Evidence",
  evidence_link: "Link to the evidence",
  confidence: "How sure are you?",
  priority: "Priority",
  target: "Level to reach",
  offers: "We can offer support on this",
  needs: "We need support on this",
};
const CONFIDENCE = { "": "Not said", low: "Low", medium: "Medium", high: "High" };
const PRIORITY = { "": "Not said", 1: "1, lowest", 2: "2", 3: "3", 4: "4", 5: "5, highest" };
const WRITABLE = new Set(["draft", "returned", "reopened"]);

/* ---- small tools ---- */

function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((one) => one != null && one !== false));
  return made;
}

function person(name) {
  return h("bdi", {}, name || "somebody");
}

function button(words, press, attributes = {}) {
  return h("button", { type: "button", click: press, ...attributes }, words);
}

function trusted(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html ?? "";
  return holder.content;
}

function complete(fields) {
  return { ...NOTHING, ...fields };
}

function differing(one, other) {
  return NAMES.filter((name) => one[name] !== other[name]);
}

function same(one, other) {
  return differing(complete(one), complete(other)).length === 0;
}

function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

function clipped(text, most = 32) {
  const line = text.replace(/\s+/g, " ");
  return line.length > most ? `${line.slice(0, most)}…` : line;
}

function when(at) {
  if (!/^\d{4}-\d\d-\d\dT/.test(at ?? "")) return at ?? "";
  const shown = { dateStyle: "long", timeStyle: "long" };
  return new Date(at).toLocaleString("en-GB", shown);
}

function refusal({ message, hint }) {
  const advice = hint ? `What to do: ${hint.replace(/\.$/, "")}.` : "";
  return [message, advice].filter(Boolean).join(" ");
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function worded(guide, question, name, value) {
  if (name === "answer") return wordedAnswer(guide, question, value);
  if (name === "confidence") return CONFIDENCE[value];
  if (name === "priority") return PRIORITY[value];
  if (name === "target") return value === "" ? "Not said" : `${value} ${guide.scale[value].name}`;
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return value || "Nothing";
}

function wordedAnswer(guide, question, value) {
  if (value === "not_applicable") return "Not applicable";
  if (value === "dont_know") return "Don't know";
  if (value === "") return "Not answered";
  return `${value} ${guide.scale[value].name}: ${question.levels[value]}`;
}

/* ---- what this browser keeps ---- */

const shelf = {
  get(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch {
      return false; // full, or forbidden: memory still holds it
    }
  },
  drop(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // nothing was kept, so nothing is left
    }
  },
  keys(prefix) {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    } catch {
      return [];
    }
  },
};

/* Changes that the kernel has not acknowledged, in the order in which they were typed.

   Each page has its own list, so two tabs never overwrite one another's; a page that opens takes
   over the lists of pages of the same person that are gone. */
class Outbox {
  constructor() {
    this.page = Math.random().toString(36).slice(2, 12);
    this.entries = new Map();
    this.key = null;
    this.kept = true;
  }

  open(country, cycle, name) {
    const prefix = `ncc-form/${country}/${cycle}/${encodeURIComponent(name)}/`;
    this.key = prefix + this.page;
    this.alive();
    for (const key of shelf.keys(prefix)) if (this.#abandoned(key)) this.#adopt(key);
    this.#sort();
    this.keep();
  }

  close() {
    shelf.drop(`ncc-form-alive/${this.page}`);
  }

  alive() {
    shelf.set(`ncc-form-alive/${this.page}`, Date.now());
  }

  put(question, fields, base) {
    const entry = this.entries.get(question);
    if (entry) {
      entry.fields = fields;
      entry.refused = null;
    } else {
      this.entries.set(question, { question, fields, base, order: Date.now(), via: "change" });
    }
    this.keep();
    return this.entries.get(question);
  }

  drop(question) {
    this.entries.delete(question);
    this.keep();
  }

  byId(id) {
    return [...this.entries.values()].find((entry) => entry.id === id);
  }

  keep() {
    if (!this.key) return;
    if (this.entries.size === 0) shelf.drop(this.key);
    else this.kept = shelf.set(this.key, [...this.entries.values()]);
  }

  #abandoned(key) {
    const page = key.split("/").at(-1);
    const seen = shelf.get(`ncc-form-alive/${page}`) ?? 0;
    return page !== this.page && Date.now() - seen > STALE;
  }

  #adopt(key) {
    for (const entry of shelf.get(key) ?? []) {
      const known = this.entries.get(entry.question);
      if (known && known.order >= entry.order) continue;
      this.entries.set(entry.question, { ...entry, id: null, refused: null, theirs: null });
    }
    shelf.drop(key);
    shelf.drop(`ncc-form-alive/${key.split("/").at(-1)}`);
  }

  #sort() {
    const sorted = [...this.entries.values()].sort((one, other) => one.order - other.order);
    this.entries = new Map(sorted.map((entry) => [entry.question, entry]));
  }
}

/* ---- the connection ---- */

/* Sends, and knows within five seconds that nobody is there.

   Only a ping that was sent and not answered counts: the browser slows the clocks of hidden tabs,
   and a clock that did not tick must not look like a kernel that died. */
class Line {
  constructor(model, { heard, up, down }) {
    Object.assign(this, { model, heard, up, down });
    this.connected = true;
    this.waiting = null;
    this.pings = 0;
    this.receive = (message) => this.#receive(message);
    model.on("msg:custom", this.receive);
    this.pinging = setInterval(() => this.ping(), PING);
    this.watching = setInterval(() => this.#watch(), 200);
  }

  close() {
    clearInterval(this.pinging);
    clearInterval(this.watching);
    this.model.off?.("msg:custom", this.receive);
  }

  send(message) {
    try {
      const sent = this.model.send(message);
      if (sent === false) this.lost();
      else Promise.resolve(sent).catch(() => this.lost());
    } catch {
      this.lost();
    }
  }

  ping() {
    this.pings += 1;
    this.waiting ??= Date.now();
    this.send({ do: "ping", n: this.pings });
  }

  lost() {
    if (!this.connected) return;
    this.connected = false;
    this.down();
  }

  #watch() {
    if (this.waiting !== null && Date.now() - this.waiting > SILENCE) this.lost();
  }

  #receive(message) {
    this.waiting = null;
    if (!this.connected) {
      this.connected = true;
      this.up();
    }
    this.heard(message);
  }
}

/* ---- one statement ---- */

/* One fieldset: reads and writes its controls, and shows what is said about them. */
class Statement {
  constructor(form, question) {
    Object.assign(this, { form, question, code: question.code });
    this.controls = {};
    this.messages = {};
    this.settled = { ...NOTHING };
    this.element = this.#build();
  }

  read() {
    const value = (name) => {
      const control = this.controls[name];
      if (name === "answer") return control.find((radio) => radio.checked)?.value ?? "";
      return control.type === "checkbox" ? control.checked : control.value;
    };
    return Object.fromEntries(NAMES.map((name) => [name, value(name)]));
  }

  write(fields) {
    for (const name of differing(complete(fields), this.read())) this.#set(name, fields[name]);
    this.settled = this.read();
    this.refresh();
  }

  refresh() {
    const fields = this.read();
    this.reason.hidden = fields.answer !== "not_applicable" && fields.reason === "";
    const given = NAMES.slice(2).filter((name) => fields[name]).length;
    setText(this.given, given ? `(${given} given)` : "");
    this.element.dataset.answer = fields.answer;
  }

  lock(locked) {
    for (const name of NAMES) {
      for (const control of [this.controls[name]].flat()) {
        if (TEXTS.has(name)) control.readOnly = locked;
        else control.disabled = locked;
      }
    }
  }

  tell(messages) {
    for (const name of NAMES) {
      const text = messages[name];
      setText(this.messages[name], text ? `Error: ${text}` : "");
      for (const control of [this.controls[name]].flat()) {
        if (text) control.setAttribute("aria-invalid", "true");
        else control.removeAttribute("aria-invalid");
      }
    }
    if (NAMES.slice(2).some((name) => messages[name])) this.more.open = true;
    this.element.classList.toggle("wrong", Object.keys(messages).length > 0);
  }

  /* Nobody is told that something is missing while he is still in that statement. */
  tellGently(messages) {
    this.held = null;
    const shown = NAMES.filter((name) => this.messages[name].textContent);
    const fresh = Object.keys(messages).some((name) => !shown.includes(name));
    if (!fresh || !this.element.contains(document.activeElement)) return this.tell(messages);
    this.held = messages;
    return null;
  }

  #left(event) {
    if (!this.held || this.element.contains(event.relatedTarget)) return;
    this.tell(this.held);
    this.held = null;
  }

  warn(warnings) {
    const words = warnings.map((one) => (typeof one === "string" ? one : one.message));
    setText(this.warning, words.length ? `Please look again: ${words.join(" ")}` : "");
  }

  mark(...children) {
    this.changed.replaceChildren(...children);
  }

  refuse(text, retry, discard) {
    this.refused.replaceChildren();
    if (!text) return;
    this.refused.append(
      h("p", {}, h("strong", {}, "Not saved: "), text),
      h(
        "p",
        { class: "buttons" },
        button("Try again", retry),
        button("Show what is saved", discard),
      ),
    );
  }

  focus(name) {
    const control = name && this.controls[name];
    if (!control) return this.#focusOn(this.element);
    if (this.more.contains([control].flat()[0])) this.more.open = true;
    if (name === "reason") this.reason.hidden = false;
    const one = Array.isArray(control) ? control.find((radio) => radio.checked) : control;
    return this.#focusOn(one ?? control[0]);
  }

  #focusOn(element) {
    element.focus({ preventScroll: true });
    const place = element === this.element ? element : (element.closest(".field") ?? element);
    place.scrollIntoView({ block: "start" });
  }

  #set(name, value = NOTHING[name]) {
    const control = this.controls[name];
    if (name === "answer") {
      for (const radio of control) radio.checked = radio.value === value;
      return;
    }
    if (control.type === "checkbox") {
      control.checked = value;
      return;
    }
    const at =
      document.activeElement === control && TEXTS.has(name) ? control.selectionStart : null;
    control.value = value;
    if (at !== null) control.setSelectionRange(at, at);
  }

  #build() {
    const { question, code } = this;
    this.beside = h("p", { class: "beside" });
    this.reason = this.#text("reason", "Needed with “Not applicable”.");
    this.warning = h("p", { class: "warning" });
    this.changed = h("p", { class: "changed" });
    this.refused = h("div", { class: "refused", role: "alert" });
    this.conflict = h("div", { class: "conflict-place" });
    const legend = h("legend", {}, h("span", { class: "code" }, code), " ", question.statement);
    return h(
      "fieldset",
      {
        class: "statement",
        id: code,
        tabindex: "-1",
        input: (event) => this.#input(event),
        focusout: (event) => this.#left(event),
      },
      legend,
      this.beside,
      this.#guidance(),
      this.conflict,
      this.#choices(),
      this.reason,
      this.#extras(),
      this.warning,
      this.refused,
      this.changed,
    );
  }

  #input(event) {
    if (event.target.closest(".conflict-place")) return;
    this.refresh();
    const typed = event.target.matches("textarea, input[type=text]");
    this.form.edited(this, typed ? PAUSE : 0);
  }

  #guidance() {
    const { why, judge } = this.question;
    return h(
      "details",
      { class: "guidance" },
      h(
        "summary",
        {},
        "Why it matters and how to judge",
        h("span", { class: "unseen" }, ` ${this.code}`),
      ),
      h("p", {}, h("strong", {}, "Why: "), why),
      h("p", {}, h("strong", {}, "How to judge: "), judge),
      h("p", {}, h("a", { href: `#${this.code}` }, `Link to ${this.code}, to hand to a colleague`)),
    );
  }

  #choices() {
    const { question, form } = this;
    const levels = question.levels.map((words, level) =>
      this.#radio(String(level), `${level} ${form.guide.scale[level].name}`, words),
    );
    const others = [
      this.#radio("not_applicable", "Not applicable", "This cannot be asked of us; say why."),
      this.#radio("dont_know", "Don't know", "Nobody here can say today."),
      this.#radio("", "Not answered", "Leave it open, or clear what was chosen."),
    ];
    const rows = [...levels, ...others];
    this.controls.answer = rows.map((row) => row.querySelector("input"));
    this.controls.answer.at(-1).checked = true;
    rows[levels.length].classList.add("apart");
    return h("div", { class: "choices field" }, ...rows, this.#message("answer"));
  }

  #radio(value, name, words) {
    const radio = h("input", {
      type: "radio",
      name: `answer:${this.code}`,
      value,
      id: `${this.code}:answer:${value || "none"}`,
      "aria-describedby": `${this.code}:answer:message`,
    });
    return h("label", { class: "choice" }, radio, h("span", {}, h("strong", {}, name), " ", words));
  }

  #extras() {
    this.given = h("span", { class: "given" });
    const levels = Object.fromEntries(
      this.form.guide.scale.map((one) => [one.level, `${one.level} ${one.name}`]),
    );
    const summary = h(
      "summary",
      {},
      "Comment, evidence, priority, support ",
      this.given,
      h("span", { class: "unseen" }, ` ${this.code}`),
    );
    this.more = h(
      "details",
      { class: "more" },
      summary,
      this.#text("comment", "What a reader should know to understand the level."),
      this.#text(
        "evidence",
        "What shows it: a document, minutes, figures, and where they are kept.",
      ),
      this.#line("evidence_link", "A web address that begins with https://"),
      h(
        "div",
        { class: "row" },
        this.#select("confidence", CONFIDENCE),
        this.#select("priority", PRIORITY),
        this.#select("target", { "": "Not said", ...levels }),
      ),
      this.#check("offers"),
      this.#check("needs"),
    );
    return this.more;
  }

  #text(name, hint) {
    return this.#field(name, hint, h("textarea", { rows: 2, ...this.#named(name, hint) }));
  }

  #line(name, hint) {
    const wanted = { type: "text", inputmode: "url", autocomplete: "off", spellcheck: "false" };
    return this.#field(name, hint, h("input", { ...wanted, ...this.#named(name, hint) }));
  }

  #select(name, words) {
    const keys = Object.keys(words).sort((one, other) => (one !== "") - (other !== ""));
    const options = keys.map((value) => h("option", { value }, words[value]));
    return this.#field(name, "", h("select", this.#named(name, ""), ...options));
  }

  #check(name) {
    const control = h("input", { type: "checkbox", ...this.#named(name, "") });
    this.controls[name] = control;
    const label = h("label", { class: "choice" }, control, h("span", {}, LABELS[name]));
    return h("div", { class: "field" }, label, this.#message(name));
  }

  #named(name, hint) {
    const id = `${this.code}:${name}`;
    return { id, "aria-describedby": hint ? `${id}:hint ${id}:message` : `${id}:message` };
  }

  #field(name, hint, control) {
    this.controls[name] = control;
    return h(
      "div",
      { class: `field ${name}` },
      h("label", { for: control.id }, LABELS[name]),
      hint && h("p", { class: "hint", id: `${control.id}:hint` }, hint),
      control,
      this.#message(name),
    );
  }

  #message(name) {
    this.messages[name] = h("p", { class: "message", id: `${this.code}:${name}:message` });
    return this.messages[name];
  }
}

/* ---- a conflict: mine, theirs, combine ---- */

/* Shows both versions of one statement side by side; `settle(fields | null)` gets what shall
   stand, null being theirs as they are. */
class Conflict {
  constructor(statement, theirs, settle) {
    Object.assign(this, { statement, theirs, settle });
    const id = `${statement.code}:conflict`;
    this.title = h(
      "h4",
      { id, tabindex: "-1" },
      person(theirs.by),
      ` saved ${statement.code} at ${when(theirs.at)} while you were writing`,
    );
    this.body = h("div");
    this.element = h(
      "div",
      { class: "conflict", role: "group", "aria-labelledby": id },
      this.title,
      this.body,
    );
    this.compare();
  }

  get fields() {
    return this.statement.read();
  }

  get names() {
    return differing(this.fields, complete(this.theirs.fields));
  }

  compare() {
    const wide = {
      class: "scroll",
      tabindex: "0",
      role: "region",
      "aria-label": `Both versions of ${this.statement.code}`,
    };
    this.body.replaceChildren(
      h("p", {}, "Nothing is lost. Choose what shall stand."),
      h("div", wide, this.#table()),
      h(
        "p",
        { class: "buttons" },
        button("Keep mine", () => this.settle(this.fields)),
        button("Take theirs", () => this.settle(null)),
        button("Combine", () => this.combine()),
      ),
    );
  }

  combine() {
    const parts = this.names.map((name) => this.#part(name));
    const save = () => {
      const chosen = parts.map(([name, , read]) => [name, read()]);
      this.settle({ ...this.fields, ...Object.fromEntries(chosen) });
    };
    this.body.replaceChildren(
      h("p", {}, "Texts of both are joined; edit them as you like, then save."),
      ...parts.map(([, element]) => element),
      h(
        "p",
        { class: "buttons" },
        button("Save the combination", save),
        button("Back", () => this.compare()),
      ),
    );
    this.body.querySelector("textarea, select")?.focus();
  }

  #table() {
    const head = h(
      "tr",
      {},
      h("th", { scope: "col" }, "Field"),
      h("th", { scope: "col" }, "Mine"),
      h("th", { scope: "col" }, "Theirs (", person(this.theirs.by), ")"),
    );
    const theirs = complete(this.theirs.fields);
    const mine = this.fields;
    const row = (name) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, LABELS[name]),
        h("td", { "data-who": "Mine: " }, this.#words(name, mine[name])),
        h("td", { "data-who": "Theirs: " }, this.#words(name, theirs[name])),
      );
    return h(
      "table",
      { class: "answers versions" },
      h("thead", {}, head),
      h("tbody", {}, ...this.names.map(row)),
    );
  }

  #words(name, value) {
    const { form, question } = this.statement;
    return worded(form.guide, question, name, value);
  }

  #part(name) {
    const id = `${this.statement.code}:combine:${name}`;
    const pair = [this.fields[name], complete(this.theirs.fields)[name]];
    const control = TEXTS.has(name) ? this.#joined(id, pair) : this.#either(id, name, pair);
    const read = () => (TEXTS.has(name) ? control.value : pair[Number(control.value)]);
    return [
      name,
      h("div", { class: "field" }, h("label", { for: id }, LABELS[name]), control),
      read,
    ];
  }

  #joined(id, pair) {
    const area = h("textarea", { id, rows: 4 });
    area.value = pair.filter(Boolean).join(area.id.endsWith("_link") ? " " : "\n\n");
    return area;
  }

  #either(id, name, pair) {
    const option = (value, at) =>
      h("option", { value: at }, `${at ? "Theirs" : "Mine"}: ${this.#words(name, value)}`);
    return h("select", { id }, ...pair.map(option));
  }
}

/* ---- the form ---- */

class Form {
  constructor(model, el) {
    this.root = h("div", { class: "ncc-form", lang: "en" });
    el.replaceChildren(this.root);
    this.outbox = new Outbox();
    this.statements = new Map();
    this.values = {};
    this.ids = 0;
    this.history = [];
    this.act = null;
    this.timers = new Map();
    this.ending = new AbortController();
    this.#listen();
    this.loading("Opening the form…");
    this.line = new Line(model, {
      heard: (message) => this.heard(message),
      up: () => this.#up(),
      down: () => this.#down(),
    });
    this.hello();
  }

  close() {
    this.line.close();
    this.outbox.close();
    this.ending.abort();
    for (const timer of this.timers.values()) clearTimeout(timer);
    clearInterval(this.ticking);
  }

  /* Asked again until it is answered: the server may still start, or somebody may sign in elsewhere. */
  hello() {
    this.asked = Date.now();
    this.greeting = true;
    this.line.send({ do: "hello" });
  }

  loading(words, ...more) {
    if (this.root.firstChild?.textContent === words) return;
    this.root.replaceChildren(h("p", { class: "loading", role: "status" }, words), ...more);
    const kept = shelf.keys("ncc-form/").length;
    if (kept)
      this.root.append(
        h(
          "p",
          {},
          "Something typed on this computer is not sent yet. It is kept, and sent when the form is open.",
        ),
      );
  }

  #listen() {
    const { signal } = this.ending;
    const on = (target, name, act) => target.addEventListener(name, act, { signal });
    on(window, "hashchange", () => this.route());
    on(window, "offline", () => this.line.lost());
    on(window, "online", () => this.line.ping());
    on(window, "ncc:connection", ({ detail }) =>
      detail?.up ? this.line.ping() : this.line.lost(),
    );
    on(window, "pagehide", () => this.outbox.close());
    on(window, "pageshow", () => this.outbox.alive());
    on(window, "beforeunload", (event) => this.#leaving(event));
    on(window, "beforeprint", () => this.#unfold());
    on(window, "afterprint", () => this.#fold());
    on(document, "keydown", (event) => this.#key(event));
    this.ticking = setInterval(() => this.#tick(), PING);
  }

  #tick() {
    this.outbox.alive();
    if (this.greeting && Date.now() - this.asked > UNHEARD) this.hello();
    for (const entry of this.outbox.entries.values()) {
      if (this.line.connected && entry.id && Date.now() - entry.sentAt > UNHEARD)
        this.#transmit(entry);
    }
  }

  #leaving(event) {
    if (this.outbox.entries.size === 0 || this.reloading) return;
    event.preventDefault();
    event.returnValue = true;
  }

  #key(event) {
    const undo =
      (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
    if (
      !undo ||
      !this.guide ||
      event.target.closest?.("textarea, input[type=text], [contenteditable]")
    )
      return;
    event.preventDefault();
    this.undo();
  }

  #up() {
    this.hello();
    if (this.guide) this.status();
  }

  #down() {
    if (this.guide) this.status();
    else this.loading("The server does not answer. Still trying…");
  }

  /* ---- what the kernel says ---- */

  heard(message) {
    const known = {
      all: () => this.all(message),
      saved: () => this.saved(message),
      invalid: () => this.saved(message),
      conflict: () => this.conflicted(message),
      changed: () => this.changed(message),
      state: () => this.stated(message),
      present: () => this.present(message.people),
      profile: () => this.profile(message),
      checked: () => this.checked(message),
      receipt: () => this.receipted(message),
      refused: () => this.refusedBy(message),
    };
    if (message.is === "all" || message.is === "refused" || this.guide) known[message.is]?.();
    if (this.act && message.id === this.act.id) this.#acted(message);
  }

  all(message) {
    const first = this.guide?.version !== message.guide.version;
    this.greeting = false;
    this.notice = null;
    Object.assign(this, {
      guide: message.guide,
      me: message.me,
      may: message.may,
      state: message.state,
    });
    this.about = message;
    if (first) this.#build();
    this.outbox.open(message.country, message.cycle, message.me.name);
    for (const statement of this.statements.values())
      this.#take(statement, message.values[statement.code]);
    this.beside();
    this.stated(message);
    this.resend();
    this.progress();
    this.status();
    if (first) this.route({ resume: message.place });
    else if (this.checking && this.frame.page === "check") this.check();
  }

  #take(statement, value) {
    const { code } = statement;
    this.values[code] = value;
    const entry = this.outbox.entries.get(code);
    if (entry && value && entry.sent && same(value.fields, entry.sent)) entry.base = value.seq;
    if (entry && same(value?.fields ?? NOTHING, entry.fields)) {
      this.outbox.drop(code);
      this.#unconflict(statement);
    }
    const fields = complete((this.outbox.entries.get(code) ?? value)?.fields);
    statement.write(fields);
    const lacks = value?.complete === false && fields.answer === "not_applicable" && !fields.reason;
    statement.tell(
      value?.messages ?? (lacks ? { reason: "“Not applicable” needs a reason." } : {}),
    );
    statement.element.classList.toggle("unfinished", value?.complete === false);
  }

  saved(message) {
    const statement = this.statements.get(message.question);
    const entry = this.outbox.byId(message.id);
    if (!statement || !entry) return;
    this.values[message.question] = {
      fields: entry.sent,
      seq: message.seq,
      by: message.by,
      saved_at: message.at,
      complete: message.is === "saved",
    };
    this.lastSaved = message.at;
    this.notice = null;
    entry.base = message.seq;
    this.#acknowledged(entry);
    statement.tellGently(message.messages ?? {});
    statement.warn(message.warnings ?? []);
    statement.element.classList.toggle("unfinished", message.is === "invalid");
    statement.refuse(null);
    this.status();
  }

  #acknowledged(entry) {
    Object.assign(entry, { id: null, via: "change" });
    if (same(entry.fields, entry.sent)) this.outbox.drop(entry.question);
    else if (!this.timers.has(entry.question)) this.#send(entry);
  }

  conflicted(message) {
    const entry = this.outbox.byId(message.id);
    const statement = this.statements.get(message.question);
    if (!entry || !statement) return;
    Object.assign(entry, { id: null, theirs: message.theirs });
    const conflict = new Conflict(statement, message.theirs, (fields) =>
      this.settle(statement, fields),
    );
    statement.clash = conflict;
    statement.conflict.replaceChildren(conflict.element);
    this.outbox.keep();
    this.status();
  }

  settle(statement, fields) {
    const { code } = statement;
    clearTimeout(this.timers.get(code));
    this.timers.delete(code);
    const { theirs } = this.outbox.entries.get(code) ?? {};
    if (!theirs) return;
    this.#unconflict(statement);
    this.#forget(code);
    this.values[code] = { ...theirs, fields: complete(theirs.fields), saved_at: theirs.at };
    this.outbox.drop(code);
    statement.write(fields ?? complete(theirs.fields));
    statement.tell({});
    if (fields && !same(fields, theirs.fields)) {
      const entry = this.outbox.put(code, complete(fields), theirs.seq);
      entry.via = "resolve";
      this.#send(entry);
    }
    statement.focus("answer");
    this.progress();
    this.status();
  }

  #unconflict(statement) {
    statement.clash = null;
    statement.conflict.replaceChildren();
  }

  changed(message) {
    const statement = this.statements.get(message.question);
    if (!statement) return;
    const known = this.values[message.question];
    if (known && message.seq != null && known.seq >= message.seq) return;
    const mine = message.by === this.me.name;
    statement.mark(
      mine ? "You" : person(message.by),
      ` changed this${mine ? " in another window" : ""} ${when(message.at)}`,
    );
    // While something of ours is unsent, the kernel will find the conflict; the base stays ours.
    if (this.outbox.entries.has(message.question)) return;
    this.values[message.question] = {
      ...message,
      fields: complete(message.fields),
      saved_at: message.at,
    };
    this.#forget(message.question);
    statement.write(complete(message.fields));
    statement.tell({});
    this.progress();
    this.status();
  }

  #forget(code) {
    this.history = this.history.filter((one) => one.code !== code);
  }

  refusedBy(message) {
    const words = refusal(message);
    if (!this.guide)
      return this.loading(
        words,
        button("Load the page again", () => this.reload()),
      );
    const entry = this.outbox.byId(message.id);
    if (entry) {
      Object.assign(entry, { id: null, refused: words });
      this.#showRefusal(entry);
    } else if (!this.act || this.act.id !== message.id) {
      this.notice = words;
    }
    this.outbox.keep();
    return this.status();
  }

  #showRefusal(entry) {
    const statement = this.statements.get(entry.question);
    const retry = () => {
      entry.refused = null;
      statement.refuse(null);
      this.#send(entry);
    };
    const discard = () => {
      this.outbox.drop(entry.question);
      statement.refuse(null);
      statement.write(complete(this.values[entry.question]?.fields));
      statement.focus("answer");
      this.progress();
      this.status();
    };
    statement.refuse(entry.refused, retry, discard);
  }

  /* ---- what the person does ---- */

  edited(statement, pause) {
    const { code } = statement;
    this.notice = null;
    this.outbox.put(code, statement.read(), this.values[code]?.seq ?? null);
    clearTimeout(this.timers.get(code));
    this.timers.set(
      code,
      setTimeout(() => this.commit(statement), pause),
    );
    if (!pause) this.commit(statement);
    this.progress();
    this.status();
  }

  commit(statement) {
    const { code } = statement;
    clearTimeout(this.timers.get(code));
    this.timers.delete(code);
    this.#remember(statement);
    const entry = this.outbox.entries.get(code);
    if (!entry) return;
    if (!entry.id && !entry.theirs && same(entry.fields, this.values[code]?.fields ?? NOTHING)) {
      this.outbox.drop(code);
      this.status();
    } else {
      statement.clash?.compare();
      this.#send(entry);
    }
  }

  #remember(statement) {
    const before = statement.settled;
    const after = statement.read();
    const names = differing(before, after);
    if (names.length === 0) return;
    const last = this.history.at(-1);
    const soon = last && last.code === statement.code && Date.now() - last.at < 1000;
    const arrows = soon && names.length === 1 && names[0] === last.names[0];
    if (arrows) Object.assign(last, { at: Date.now() });
    else this.history.push({ code: statement.code, names, before, at: Date.now() });
    this.history.splice(0, this.history.length - MOST_UNDO);
    statement.settled = after;
  }

  undo() {
    this.flush();
    const last = this.history.pop();
    if (!last || !this.writable) return;
    const statement = this.statements.get(last.code);
    statement.write(last.before);
    this.edited(statement, 0);
  }

  flush() {
    for (const code of [...this.timers.keys()]) this.commit(this.statements.get(code));
  }

  resend() {
    this.flush();
    for (const entry of this.outbox.entries.values()) {
      Object.assign(entry, { id: null, refused: null });
      if (this.statements.has(entry.question)) this.#send(entry);
      else this.outbox.drop(entry.question);
    }
    if (!this.act) return;
    if (this.act.do === "submit" && this.state.state === "submitted") this.#acted({ is: "state" });
    else if (this.act.sent) this.line.send(this.act.message);
  }

  #send(entry) {
    if (!this.line.connected || entry.refused || entry.theirs) return;
    if (entry.id) return; // one is under way; this follows when it is acknowledged
    this.ids += 1;
    entry.id = this.ids;
    entry.sent = { ...entry.fields };
    this.outbox.keep();
    this.#transmit(entry);
  }

  #transmit(entry) {
    const { id, question, base, sent: fields } = entry;
    entry.sentAt = Date.now();
    this.line.send({ do: entry.via, id, question, base, fields });
  }

  /* ---- one deed at a time: submit, review, ask to reopen ---- */

  doing(message, done) {
    if (this.act) return; // a second click changes nothing
    this.ids += 1;
    this.act = { id: this.ids, do: message.do, message: { ...message, id: this.ids }, done };
    this.whenSaved(() => {
      if (message.do === "submit" && this.unsent().length) {
        const codes = this.unsent().map((entry) => entry.question);
        this.#acted({
          is: "refused",
          message: `Not saved yet: ${codes.join(", ")}.`,
          hint: "go there first",
        });
        return;
      }
      this.act.sent = true;
      this.line.send(this.act.message);
    });
  }

  /* Runs once nothing typed is under way any more; what is in conflict or refused does not hold it up. */
  whenSaved(then) {
    this.flush();
    this.afterSaved = then;
    this.status();
  }

  #acted(message) {
    const { done } = this.act;
    this.act = null;
    done(message.is === "refused" ? refusal(message) : null, message);
  }

  /* ---- how it stands ---- */

  get writable() {
    return Boolean(this.may?.write) && WRITABLE.has(this.state?.state ?? "draft");
  }

  /* Changes that wait for the person: in conflict, or refused. */
  unsent() {
    return [...this.outbox.entries.values()].filter((entry) => entry.theirs || entry.refused);
  }

  status() {
    if (!this.frame) return;
    this.frame.say(...this.#standing());
    const last = this.writable ? this.history.at(-1) : null;
    this.frame.offerUndo(last ? this.#undoWords(last) : null);
    const idle = this.line.connected && this.outbox.entries.size === this.unsent().length;
    if (!idle || !this.afterSaved) return;
    const then = this.afterSaved;
    this.afterSaved = null;
    then();
  }

  #standing() {
    if (!this.line.connected) return ["disconnected", this.#awayWords()];
    const [stuck] = this.unsent();
    if (stuck?.refused) return ["unsaved", `Not saved: ${stuck.question}. ${stuck.refused}`];
    if (stuck)
      return [
        "unsaved",
        `Not saved: ${stuck.question} was changed by ${stuck.theirs.by} too. Choose there what shall stand.`,
      ];
    if (this.notice) return ["unsaved", this.notice];
    if (this.outbox.entries.size) return ["saving", "Saving…"];
    return [
      "saved",
      this.lastSaved
        ? `Saved ${this.lastSaved}`
        : this.writable
          ? "Everything is saved"
          : "Read-only",
    ];
  }

  #awayWords() {
    if (this.outbox.kept)
      return "Disconnected: what you type is kept here and sent when the connection is back.";
    return "Disconnected: what you type is kept in this window only, so leave it open; it is sent when the connection is back.";
  }

  #undoWords({ code, names, before }) {
    if (names.length > 1) return `Undo the last change in ${code}`;
    const [name] = names;
    const words = worded(this.guide, this.statements.get(code).question, name, before[name]);
    return `Undo: ${code} ${LABELS[name].toLowerCase()} back to “${clipped(words)}”`;
  }

  progress() {
    const answers = (dimension) =>
      dimension.questions.map((one) => this.statements.get(one.code).read().answer);
    for (const dimension of this.guide.dimensions)
      this.frame.progress(dimension.code, tally(answers(dimension)));
    this.frame.whole(tally(this.guide.dimensions.flatMap(answers)));
  }

  /* ---- pages: the form, the check, the receipt; the address says which ---- */

  go(hash) {
    if (location.hash === `#${hash}`) this.route();
    else location.hash = hash;
  }

  route({ resume = null } = {}) {
    if (!this.guide) return;
    const wanted = location.hash.slice(1);
    if (wanted === "check") this.check();
    else if (wanted === "receipt") this.frame.show("receipt", receiptPage(this));
    else this.#toStatement(wanted, resume);
  }

  #toStatement(wanted, resume) {
    const [code, name] = wanted.split(":");
    const dimension = this.guide.dimensions.some((one) => one.code === code);
    const back = this.frame.page === "form" ? null : this.at;
    if (wanted && !dimension && !this.statements.has(code)) return; // the page's own, such as its skip link
    this.frame.show("form");
    if (dimension) this.frame.focusOn(code);
    else if (wanted || back) this.statements.get(code || back).focus(name);
    else if (this.statements.has(resume)) {
      this.statements.get(resume).focus();
      this.frame.announce(`You are back where you were: ${resume}.`);
    }
  }

  check() {
    this.checking = true;
    this.frame.show("check", checkingPage());
    this.whenSaved(() => this.line.send({ do: "check" }));
  }

  checked(message) {
    this.checking = false;
    if (this.frame.page === "check") this.frame.show("check", checkPage(this, message));
  }

  submit(failed) {
    this.doing({ do: "submit" }, (refusal, message) => {
      if (refusal) failed(`Not submitted: ${refusal}`);
      else if (message.is === "checked") this.checked(message);
      else this.go("receipt");
    });
  }

  receipted(message) {
    this.receipt = message;
    if (!this.act || this.act.id !== message.id) this.#submitted();
  }

  /* A receipt without an id ends the submit that waits for it. */
  #submitted() {
    if (this.act?.do === "submit") this.#acted({ is: "receipt" });
    else if (this.frame.page === "receipt") this.route();
  }

  stated(message) {
    const { state, reference, note, at, by, asked } =
      typeof message.state === "object" ? message.state : message;
    this.state = { state, reference, note, at, by, asked };
    for (const statement of this.statements.values()) statement.lock(!this.writable);
    // The same state again leaves the panel alone: somebody may be writing a note in it.
    const shown = JSON.stringify([this.state, this.may]);
    if (shown !== this.shownState) this.frame.state(statePanel(this));
    this.shownState = shown;
    this.frame.locked(!this.writable);
    this.status();
  }

  present(people) {
    this.frame.present(people);
  }

  profile(message) {
    this.frame.profile(message);
  }

  place(code) {
    if (code === this.at) return;
    this.at = code;
    if (this.line.connected) this.line.send({ do: "place", question: code });
  }

  beside() {
    for (const { code, beside } of this.statements.values()) {
      const { previous = {}, median = {} } = this.about;
      const last = previous?.[code];
      const parts = [
        last == null ? null : `Last cycle: level ${last}`,
        median?.[code] == null ? null : `EU median: ${median[code]}`,
      ];
      setText(beside, parts.filter(Boolean).join(" · "));
    }
  }

  #build() {
    const all = this.guide.dimensions.flatMap((dimension) => dimension.questions);
    this.statements = new Map(
      all.map((question) => [question.code, new Statement(this, question)]),
    );
    this.frame = new Frame(this);
    this.root.replaceChildren(...this.frame.parts);
  }

  reload() {
    this.reloading = this.outbox.kept;
    location.reload();
  }

  #unfold() {
    this.folded = [...this.root.querySelectorAll("details:not([open])")];
    for (const one of this.folded) one.open = true;
    for (const area of this.root.querySelectorAll("textarea"))
      area.style.height = `${area.scrollHeight}px`;
  }

  #fold() {
    for (const one of this.folded ?? []) one.open = false;
    for (const area of this.root.querySelectorAll("textarea")) area.style.height = "";
  }
}

function tally(answers) {
  const of = (value) => answers.filter((one) => one === value).length;
  const [none, unknown, open] = [of("not_applicable"), of("dont_know"), of("")];
  const applicable = answers.length - none;
  const answered = applicable - unknown - open;
  const more = [unknown && `${unknown} don't know`, none && `${none} not applicable`].filter(
    Boolean,
  );
  return {
    answered,
    applicable,
    words: [`${answered} of ${applicable} answered`, ...more].join(", "),
  };
}

/* ---- the frame: status line, sections, picture ---- */

/* What stands around the statements; it shows, and decides nothing. */
class Frame {
  constructor(form) {
    this.form = form;
    this.counts = new Map();
    this.page = "form";
    this.stateArea = h("div", { class: "state-area" });
    this.people = h("p", { class: "people" });
    this.figure = this.#picture();
    this.sections = h("div", { class: "sections", focusin: (event) => this.#entered(event) });
    this.sections.append(...form.guide.dimensions.map((one) => this.#section(one)));
    this.body = h("div", { class: "page-form" }, this.#aside(), this.sections, this.#end());
    this.other = h("div", { class: "page-other", hidden: true });
    this.parts = [this.#head(), this.#bar(), this.stateArea, this.body, this.other];
  }

  say(kind, words) {
    this.bar.dataset.kind = kind;
    setText(this.says, words);
    this.again.hidden = kind !== "disconnected";
  }

  offerUndo(words) {
    setText(this.undoing, words ?? "Nothing to undo");
    this.undoing.hidden = !words && document.activeElement !== this.undoing;
    this.undoing.setAttribute("aria-disabled", String(!words));
  }

  announce(words) {
    setText(this.where, words);
  }

  whole({ answered, applicable }) {
    setText(this.total, `${answered} of ${applicable} answered: sections and picture`);
  }

  toSections() {
    if (this.page !== "form") this.form.go(this.form.guide.dimensions[0].code);
    this.nav.focus({ preventScroll: true });
    this.nav.scrollIntoView({ block: "start" });
  }

  progress(code, { answered, applicable, words }) {
    for (const { bar, text } of this.counts.get(code)) {
      setText(text, words);
      if (!bar) continue;
      bar.max = applicable || 1;
      bar.value = applicable ? answered : 1;
    }
  }

  state(panel) {
    const within = this.stateArea.contains(document.activeElement);
    this.stateArea.replaceChildren(panel);
    if (within) panel.focus();
  }

  locked(locked) {
    this.toCheck.hidden = locked;
    this.shortcut.hidden = locked;
  }

  present(people) {
    const shown = people.flatMap(({ name, place }, at) => [
      at ? ", " : "",
      person(name),
      place ? ` (at ${place})` : "",
    ]);
    this.people.replaceChildren(...(people.length ? ["Also here now: ", ...shown] : []));
  }

  profile({ svg, table, finding }) {
    this.figure.hidden = false;
    setText(this.finding, finding);
    this.picture.setAttribute("aria-label", finding);
    this.picture.replaceChildren(trusted(svg));
    this.table.replaceChildren(trusted(table));
  }

  /* Shows a page; a page other than the form gets the focus, on its summary of errors or its heading. */
  show(page, content) {
    this.page = page;
    this.body.hidden = page !== "form";
    this.stateArea.hidden = page === "check";
    this.other.hidden = page === "form";
    this.other.replaceChildren(...(content ? [content] : []));
    if (!content) return;
    this.other.querySelector(".error-summary, h2")?.focus({ preventScroll: true });
    this.form.root.scrollIntoView({ block: "start" });
  }

  focusOn(id) {
    const found = document.getElementById(id);
    found.focus({ preventScroll: true });
    found.scrollIntoView({ block: "start" });
  }

  #head() {
    const { about, guide, me } = this.form;
    return h(
      "div",
      { class: "head" },
      h(
        "p",
        { class: "what" },
        h("strong", {}, `${about.country_name}, ${about.cycle}`),
        ` · ${guide.title}`,
        about.illustrative && " · illustrative data",
      ),
      h("p", { class: "quiet" }, "You are ", person(me.name), ` (${me.role}). `, guide.intro),
      guide.status && h("p", { class: "quiet draft" }, guide.status),
      this.people,
    );
  }

  #bar() {
    const { form } = this;
    this.says = h("span", { class: "says", role: "status", "aria-live": "polite" });
    this.again = button("Reload the page", () => form.reload(), { hidden: true });
    this.undoing = button("Nothing to undo", () => form.undo(), {
      class: "quiet-button",
      "aria-disabled": "true",
    });
    this.where = h("span", { class: "unseen", role: "status" });
    this.total = button("Sections", () => this.toSections(), { class: "quiet-button" });
    this.bar = h(
      "div",
      { class: "bar", "data-kind": "saved" },
      this.says,
      this.again,
      this.undoing,
      this.total,
      this.where,
    );
    return this.bar;
  }

  #aside() {
    const items = this.form.guide.dimensions.map((one) => {
      const text = h("span", { class: "quiet" });
      this.#counted(one.code, { text });
      return h("li", {}, h("a", { href: `#${one.code}` }, `${one.code} ${one.name}`), " ", text);
    });
    this.nav = h("nav", { "aria-label": "Sections", tabindex: "-1" }, h("ol", {}, ...items));
    return h("div", { class: "aside" }, this.nav, this.#switch(), this.#files(), this.figure);
  }

  #switch() {
    const key = "ncc-form-beside-hidden";
    const apply = (hidden) => this.form.root.classList.toggle("alone", hidden);
    const switched = () => {
      apply(!box.checked);
      shelf.set(key, !box.checked);
    };
    const box = h("input", { type: "checkbox", autocomplete: "off", change: switched });
    box.checked = !shelf.get(key);
    apply(!box.checked);
    return h(
      "p",
      { class: "switch" },
      h("label", {}, box, " Show last cycle's level and the EU median"),
    );
  }

  #files() {
    const { xlsx, print } = this.form.about.urls ?? {};
    const links = [
      xlsx && h("a", { href: xlsx }, "Fill it in Excel instead (XLSX)"),
      print && h("a", { href: print }, "Everything on paper"),
    ];
    const shown = links.filter(Boolean);
    const self = button("Print this form", () => printPage(), { class: "quiet-button" });
    this.shortcut = h("a", { href: "#check" }, "Go to check and submit");
    return h("p", { class: "files" }, this.shortcut, ...shown.flatMap((one) => [one, " "]), self);
  }

  #picture() {
    this.finding = h("strong", { class: "finding" });
    this.picture = h("div", { class: "picture", role: "img" });
    this.table = h("div", {
      class: "scroll",
      tabindex: "0",
      role: "region",
      "aria-label": "The numbers of the picture",
    });
    const numbers = h("details", {}, h("summary", {}, "The numbers of this picture"), this.table);
    return h("figure", { hidden: true }, h("figcaption", {}, this.finding), this.picture, numbers);
  }

  #section(dimension) {
    const heading = h(
      "h2",
      { id: dimension.code, tabindex: "-1" },
      `${dimension.code} ${dimension.name}`,
    );
    const text = h("span");
    const bar = h("progress", { max: 1, value: 0, id: `${dimension.code}:progress` });
    this.#counted(dimension.code, { bar, text });
    const label = h("label", { class: "progress", for: bar.id }, text);
    const statements = dimension.questions.map((one) => this.form.statements.get(one.code).element);
    return h(
      "section",
      { "aria-labelledby": dimension.code },
      heading,
      h("p", {}, dimension.about),
      h("p", { class: "measure" }, bar, " ", label),
      ...statements,
    );
  }

  #counted(code, shown) {
    this.counts.set(code, [...(this.counts.get(code) ?? []), shown]);
  }

  #entered(event) {
    const code = event.target.closest("fieldset.statement")?.id;
    if (code) this.form.place(code);
  }

  #end() {
    this.toCheck = h(
      "p",
      { class: "buttons to-check" },
      button("Check and submit", () => this.form.go("check"), { class: "main" }),
    );
    return this.toCheck;
  }
}

function printPage() {
  window.print();
}

/* ---- the state of the whole: read-only, returned, review ---- */

const STATES = {
  draft: "Draft",
  submitted: "Submitted",
  returned: "Returned",
  accepted: "Accepted",
  reopened: "Reopened",
};

function statePanel(form) {
  const { state, reference, note, at, by, asked } = form.state;
  const who = by ? [" by ", person(by)] : [];
  const parts = [
    h(
      "p",
      {},
      h("span", { class: "tag" }, STATES[state] ?? state ?? "Draft"),
      " ",
      stateWords(form),
      ...(at ? [` ${when(at)}`] : []),
      ...who,
    ),
  ];
  if (reference && state !== "draft")
    parts.push(
      h("p", {}, `Reference ${reference}. `, h("a", { href: "#receipt" }, "Show the receipt")),
    );
  if (note) parts.push(h("blockquote", {}, note));
  if (asked) parts.push(h("p", {}, "The team asks to reopen it:"), h("blockquote", {}, asked));
  if (form.may.review) parts.push(...reviewControls(form, state));
  else if (form.may.write && !form.writable) parts.push(askReopen(form));
  return h("div", { class: `state ${state ?? "draft"}`, tabindex: "-1" }, ...parts);
}

function stateWords(form) {
  if (!form.may.write && !form.may.review) return "You can read this form; you cannot change it.";
  return (
    {
      submitted: "The form is read-only while the coordinator looks at it.",
      accepted: "The form is read-only.",
      returned: "Please mend what the note says, check, and submit again.",
      reopened: "It can be changed; submit it again when it is done.",
    }[form.state.state] ?? "Being filled in; nothing is submitted yet."
  );
}

function askReopen(form) {
  return noteForm(form, {
    id: "ask-reopen",
    title: "Ask to reopen",
    label: "What has to change?",
    deeds: [
      {
        words: "Ask to reopen",
        message: { do: "ask_reopen" },
        needed: true,
        done: "Asked. The coordinator sees it and can reopen the form.",
      },
    ],
  });
}

function reviewControls(form, state) {
  const back = {
    words: "Return with this note",
    message: { do: "review", decision: "return" },
    needed: true,
    done: "Returned to the team with your note.",
  };
  const accept = {
    words: "Accept",
    message: { do: "review", decision: "accept" },
    done: "Accepted.",
  };
  const reopen = {
    words: "Reopen",
    message: { do: "review", decision: "reopen" },
    done: "Reopened; the team can change it.",
  };
  const deeds = { submitted: [back, accept, reopen], accepted: [reopen] }[state];
  if (!deeds) return [];
  return [
    noteForm(form, {
      id: "review",
      title: "Review",
      label: "Note to the team (needed to return)",
      deeds,
      open: true,
    }),
  ];
}

function noteForm(form, { id, title, label, deeds, open = false }) {
  const area = h("textarea", { id: `${id}-note`, rows: 3, "aria-describedby": `${id}-message` });
  const says = h("p", { id: `${id}-message`, class: "message", role: "status" });
  const press =
    ({ message, needed, done }) =>
    () => {
      const note = area.value.trim();
      if (needed && !note) {
        setText(says, "Error: write a note first; it says what has to change.");
        area.setAttribute("aria-invalid", "true");
        area.focus();
        return;
      }
      area.removeAttribute("aria-invalid");
      setText(says, "Sending…");
      form.doing({ ...message, note }, (refusal) => {
        setText(says, refusal ? `Not done: ${refusal}` : done);
        if (!refusal) form.frame.announce(done); // the panel may be gone: its state has changed
      });
    };
  const buttons = deeds.map((deed) => button(deed.words, press(deed)));
  return h(
    "details",
    { class: "note-form", open },
    h("summary", {}, title),
    h("label", { for: area.id }, label),
    area,
    says,
    h("p", { class: "buttons" }, ...buttons),
  );
}

/* ---- the check page ---- */

function checkingPage() {
  return h(
    "div",
    { class: "check" },
    h("h2", { tabindex: "-1" }, "Check your answers"),
    h("p", { role: "status" }, "Checking…"),
  );
}

function checkPage(form, { errors = [], warnings = [], summary, changes = [] }) {
  const all = [
    ...form
      .unsent()
      .map(({ question }) => ({
        question,
        field: "answer",
        message: "has changes that are not saved.",
      })),
    ...errors,
  ];
  return h(
    "div",
    { class: "check" },
    all.length > 0 && errorSummary(all),
    h("h2", { tabindex: "-1" }, "Check your answers"),
    summary && h("p", {}, summary),
    warnings.length > 0 && listed("Warnings: you can submit with these", "warnings", warnings),
    all.length > 0
      ? h("p", {}, `Before you can submit, mend the ${count(all.length, "error")} listed above.`)
      : submitPart(form),
    h(
      "p",
      {},
      h("a", { href: `#${form.at ?? form.guide.dimensions[0].code}` }, "Back to the form"),
    ),
    changes.length > 0 && changesTable(form, changes),
    h("h3", {}, "All answers"),
    ...form.guide.dimensions.map((one) => answersTable(form, one)),
  );
}

function errorSummary(errors) {
  const title = h(
    "h3",
    { id: "error-summary" },
    `There ${errors.length === 1 ? "is" : "are"} ${count(errors.length, "error")}`,
  );
  return h(
    "div",
    { class: "error-summary", role: "alert", tabindex: "-1", "aria-labelledby": title.id },
    title,
    links(errors),
  );
}

function listed(title, kind, found) {
  return h("div", { class: kind }, h("h3", {}, title), links(found));
}

function links(found) {
  const link = ({ question, field, message }) =>
    question
      ? h("a", { href: `#${field ? `${question}:${field}` : question}` }, `${question}: ${message}`)
      : message;
  return h("ul", {}, ...found.map((one) => h("li", {}, typeof one === "string" ? one : link(one))));
}

function changesTable(form, changes) {
  const row = ({ question, field, before, now }) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, `${question} ${LABELS[field] ?? field}`),
      h("td", {}, before || "Nothing"),
      h("td", {}, now || "Nothing"),
    );
  const head = h(
    "tr",
    {},
    ...["Field", "Submitted last", "Now"].map((words) => h("th", { scope: "col" }, words)),
  );
  return h(
    "table",
    { class: "answers" },
    h("caption", {}, "Changed since it was submitted last"),
    h("thead", {}, head),
    h("tbody", {}, ...changes.map(row)),
  );
}

function answersTable(form, dimension) {
  const row = ({ code, statement }) => {
    const one = form.statements.get(code);
    const fields = one.read();
    const more = NAMES.slice(1).filter((name) => fields[name]);
    const rest = more.map((name) =>
      h(
        "p",
        { class: "given-line" },
        `${LABELS[name]}: ${worded(form.guide, one.question, name, fields[name])}`,
      ),
    );
    const change = h(
      "a",
      { href: `#${code}:answer` },
      form.writable ? "Change" : "Show",
      h("span", { class: "unseen" }, ` ${code}`),
    );
    const given = h("td", {}, wordedAnswer(form.guide, one.question, fields.answer), ...rest);
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, `${code} ${statement}`),
      given,
      h("td", {}, change),
    );
  };
  const head = h(
    "tr",
    {},
    ...["Statement", "Answer", "Change"].map((words) => h("th", { scope: "col" }, words)),
  );
  return h(
    "table",
    { class: "answers" },
    h("caption", {}, `${dimension.code} ${dimension.name}`),
    h("thead", {}, head),
    h("tbody", {}, ...dimension.questions.map(row)),
  );
}

function submitPart(form) {
  const part = h("div", { class: "submit" });
  const able = WRITABLE.has(form.state.state) && (form.may.submit ?? form.may.write);
  if (!able)
    return h(
      "p",
      {},
      form.state.state === "submitted"
        ? "This is submitted already."
        : "You cannot submit this form.",
    );
  const ask = () => {
    part.replaceChildren(...confirmation(form, offer));
    part.querySelector("h3").focus();
  };
  const offer = () => part.replaceChildren(button("Submit…", ask, { class: "main" }));
  offer();
  return part;
}

function confirmation(form, back) {
  const says = h("p", { class: "message", role: "alert" });
  const yes = button("Yes, submit now", press, { class: "main" });
  function press() {
    yes.setAttribute("aria-disabled", "true");
    setText(yes, "Submitting…");
    form.submit((words) => {
      setText(says, words);
      setText(yes, "Yes, submit now");
      yes.setAttribute("aria-disabled", "false");
    });
  }
  return [
    h(
      "h3",
      { tabindex: "-1" },
      `Submit the self-assessment of ${form.about.country_name} for ${form.about.cycle}?`,
    ),
    h(
      "p",
      {},
      "What happens next: you get a receipt to keep, and the form becomes read-only for the whole team. The coordinator reads it and accepts it, or returns it with a note for you to mend. You can ask to reopen it.",
    ),
    says,
    h("p", { class: "buttons" }, yes, button("Not yet", back)),
  ];
}

/* ---- the receipt ---- */

function receiptPage(form) {
  const { reference, at, by, digest, html } = form.receipt ?? form.state;
  const title = h(
    "h2",
    { tabindex: "-1" },
    reference ? "Submitted: your receipt" : "There is no receipt yet",
  );
  if (!reference)
    return h(
      "div",
      { class: "receipt" },
      title,
      h("p", {}, h("a", { href: "#check" }, "Check and submit")),
    );
  const facts = {
    Reference: reference,
    Country: form.about.country_name,
    Cycle: form.about.cycle,
    "Submitted at": when(at),
    "Submitted by": by,
    "Digest of the answers": digest,
  };
  const rows = Object.entries(facts).filter(([, value]) => value);
  const says = h("span", { role: "status" });
  return h(
    "div",
    { class: "receipt" },
    title,
    h(
      "dl",
      { class: "facts" },
      ...rows.map(([name, value]) =>
        h("div", {}, h("dt", {}, name), h("dd", {}, h("bdi", {}, value))),
      ),
    ),
    h(
      "p",
      {},
      "What happens next: the coordinator reads it and accepts it, or returns it with a note. Until then the form is read-only.",
    ),
    h(
      "p",
      { class: "buttons" },
      button("Copy the receipt", () => copy(rows, says)),
      button("Print the receipt", printPage),
      says,
    ),
    html && h("section", { class: "copy", "aria-label": "A copy of your answers" }, trusted(html)),
    h("p", {}, h("a", { href: `#${form.guide.dimensions[0].code}` }, "Back to the form")),
  );
}

async function copy(rows, says) {
  const text = rows.map(([name, value]) => `${name}: ${value}`).join("\n");
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyOldWay(text); // the clipboard's own interface is there under https only
  }
  setText(says, "Copied.");
}

function copyOldWay(text) {
  const area = h("textarea", { "aria-label": "The receipt as text" });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

export default {
  render({ model, el }) {
    const form = new Form(model, el);
    return () => form.close();
  },
};
