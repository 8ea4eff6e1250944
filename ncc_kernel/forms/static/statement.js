/* One statement of the self-assessment: its fieldset, and a conflict about it.

   What it holds is `NOTHING` with some of its fields given; which they are is the kernel's
   typed draft. It shows and reads; what is sent and when is the form's part. */

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

/* ---- what a statement holds ---- */

function complete(fields) {
  return { ...NOTHING, ...fields };
}

function differing(one, other) {
  return NAMES.filter((name) => one[name] !== other[name]);
}

function same(one, other) {
  return differing(complete(one), complete(other)).length === 0;
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
    const given = NAMES.slice(2).filter((name) => fields[name]).length + this.files.files.length;
    setText(this.given, given ? `(${given} given)` : "");
    this.element.dataset.answer = fields.answer;
  }

  lock(locked) {
    this.files.lock(locked);
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
    if (event.target.closest(".conflict-place, .evidence-files")) return;
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
      this.#files(),
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

  #files() {
    this.files = new EvidenceFiles(this.form, this.code);
    this.files.show([]);
    return this.files.element;
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
