/* The self-assessment of one country, in the browser.

   The kernel says everything once ("all"); from then on each side tells the other what changed.
   How nothing typed is lost stands in line.js, which is the first part of this module; then come
   statement.js, evidence.js and submitting.js (forms/modules.py joins them). */

const MOST_UNDO = 50;

/* ---- the form ---- */

class Form extends Filling {
  constructor(model, el) {
    super(model, el, "self-assessment");
    this.statements = new Map();
    this.values = {};
    this.history = [];
    this.on(window, "hashchange", () => {
      this.#layOut();
      this.route();
    });
    this.on(window, "beforeprint", () => {
      this.#layOut();
      this.#unfold();
    });
    this.on(window, "afterprint", () => this.#fold());
    this.on(document, "keydown", (event) => this.#key(event));
  }

  get ready() {
    return Boolean(this.guide);
  }

  knows(code) {
    return this.statements.has(code);
  }

  standing(code) {
    return this.values[code];
  }

  address(code) {
    return { question: code };
  }

  same(one, other) {
    return same(one ?? NOTHING, other ?? NOTHING);
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

  /* ---- what the kernel says ---- */

  hears() {
    return {
      all: (message) => this.all(message),
      saved: (message) => this.saved(message),
      invalid: (message) => this.saved(message),
      conflict: (message) => this.conflicted(message),
      changed: (message) => this.changed(message),
      state: (message) => this.stated(message),
      files: ({ files }) => this.showFiles(files),
      present: ({ people }) => this.present(people),
      profile: (message) => this.profile(message),
      checked: (message) => this.checked(message),
      receipt: (message) => this.receipted(message),
      refused: (message) => this.refused(message),
    };
  }

  all(message) {
    const first = this.guide?.version !== message.guide.version;
    Object.assign(this, {
      guide: message.guide,
      me: message.me,
      may: message.may,
      state: message.state,
    });
    this.about = message;
    if (first) this.#build();
    this.greeted(message.country, message.cycle, message.me.name);
    for (const statement of this.statements.values())
      this.#take(statement, message.values[statement.code]);
    this.beside();
    this.showFiles(message.files);
    this.stated(message);
    this.resend();
    this.progress();
    this.status();
    if (first) {
      this.route({ resume: message.place });
      setTimeout(() => whenIdle(() => this.#layOut()), 1500);
    } else if (this.checking && this.frame.page === "check") this.check();
  }

  #take(statement, value) {
    const { code } = statement;
    this.values[code] = value;
    const kept = this.outbox.entries.has(code);
    const entry = this.reconcile(code);
    if (kept && !entry) this.#unconflict(statement);
    const fields = complete((entry ?? value)?.fields);
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
    this.acknowledged(entry, message.seq);
    statement.tellGently(message.messages ?? {});
    statement.warn(message.warnings ?? []);
    statement.element.classList.toggle("unfinished", message.is === "invalid");
    statement.refuse(null);
    this.status();
  }

  conflicted(message) {
    const entry = this.outbox.byId(message.id);
    const statement = this.statements.get(message.question);
    if (!entry || !statement) return;
    this.clashed(entry, message.theirs);
    const conflict = new Conflict(statement, message.theirs, (fields) =>
      this.settle(statement, fields),
    );
    statement.clash = conflict;
    statement.conflict.replaceChildren(conflict.element);
    this.status();
  }

  settle(statement, fields) {
    const { code } = statement;
    const { theirs } = this.outbox.entries.get(code) ?? {};
    if (!theirs) return;
    this.#unconflict(statement);
    this.#forget(code);
    this.values[code] = { ...theirs, fields: complete(theirs.fields), saved_at: theirs.at };
    statement.write(fields ?? complete(theirs.fields));
    statement.tell({});
    this.settled(code, fields && complete(fields), theirs);
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

  refusedAt(entry) {
    const statement = this.statements.get(entry.key);
    const retry = () => {
      statement.refuse(null);
      this.retry(entry);
      this.status();
    };
    const discard = () => {
      this.outbox.drop(entry.key);
      statement.refuse(null);
      statement.write(complete(this.values[entry.key]?.fields));
      statement.focus("answer");
      this.progress();
      this.status();
    };
    statement.refuse(entry.refused, retry, discard);
  }

  /* ---- what the person does ---- */

  edited(statement, pause) {
    this.typed(statement.code, statement.read(), pause);
    this.progress();
    this.status();
  }

  commit(code) {
    const statement = this.statements.get(code);
    this.#remember(statement);
    statement.clash?.compare();
    super.commit(code);
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

  resend() {
    if (this.act?.do === "submit" && this.state.state === "submitted") this.acted({ is: "state" });
    super.resend();
  }

  holds(message) {
    if (message.do !== "submit" || this.unsent().length === 0) return false;
    const codes = this.unsent().map((entry) => entry.key);
    this.acted({
      is: "refused",
      message: `Not saved yet: ${codes.join(", ")}.`,
      hint: "go there first",
    });
    return true;
  }

  /* ---- how it stands ---- */

  get writable() {
    return Boolean(this.may?.write) && WRITABLE.has(this.state?.state ?? "draft");
  }

  status() {
    if (!this.frame) return;
    const resting = this.writable ? "Everything is saved" : "Read-only";
    this.frame.banner.say(...this.howItStands({ resting }));
    const last = this.writable ? this.history.at(-1) : null;
    this.frame.offerUndo(last ? this.#undoWords(last) : null);
    this.proceed();
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
      this.frame.banner.announce(`You are back where you were: ${resume}.`);
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
    if (this.act?.do === "submit") this.acted({ is: "receipt" });
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

  showFiles(files = {}) {
    for (const statement of this.statements.values()) {
      statement.files.show(files[statement.code]);
      statement.refresh();
    }
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

  /* What is not seen yet, when nobody waits for it: a jump to a section must know where it is.
     What is seen stays where it is. */
  #layOut() {
    if (this.root.classList.contains("whole")) return;
    const parts = [...this.root.querySelectorAll(".sections > section, .to-check")];
    const below = (one) => one.getBoundingClientRect().bottom > innerHeight / 2;
    const fixed = parts.find(below) ?? parts.at(-1);
    const before = fixed.getBoundingClientRect().top;
    this.root.classList.add("whole");
    const moved = fixed.getBoundingClientRect().top - before;
    if (moved) scrollBy({ top: moved, behavior: "instant" });
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

function whenIdle(then) {
  if (window.requestIdleCallback) requestIdleCallback(then, { timeout: 1000 });
  else setTimeout(then, 500);
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

  offerUndo(words) {
    setText(this.undoing, words ?? "Nothing to undo");
    this.undoing.hidden = !words && document.activeElement !== this.undoing;
    this.undoing.setAttribute("aria-disabled", String(!words));
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
    this.undoing = button("Nothing to undo", () => form.undo(), {
      class: "quiet-button",
      "aria-disabled": "true",
    });
    this.total = button("Sections", () => this.toSections(), { class: "quiet-button" });
    this.banner = new Banner(() => form.reload(), this.undoing, this.total);
    return this.banner.element;
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

export default {
  render({ model, el }) {
    const form = new Form(model, el);
    return () => form.close();
  },
};
