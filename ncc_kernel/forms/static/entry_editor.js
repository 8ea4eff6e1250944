/* The form of one entry, and what is shown when two people changed it. */

/* ---- a conflict: mine, theirs, combine ---- */

class EntryConflict {
  constructor(editor, theirs) {
    Object.assign(this, { editor, theirs });
    this.title = h("h4", { tabindex: "-1", id: `${editor.page.uid}-conflict` });
    this.title.append(
      person(theirs.by),
      theirs.withdrawn
        ? ` withdrew this at ${theirs.at} while you were writing`
        : ` changed this at ${theirs.at} while you were writing`,
    );
    this.body = h("div");
    this.element = h(
      "div",
      { class: "conflict", role: "group", "aria-labelledby": this.title.id },
      this.title,
      this.body,
    );
    this.compare();
  }

  get fields() {
    return this.editor.read();
  }

  get differing() {
    const [mine, theirs] = [this.fields, this.theirs.fields];
    return this.editor.kind.fields.filter(({ path }) => !alike(mine[path], theirs[path]));
  }

  compare() {
    const settle = (fields) => this.editor.settle(fields);
    const wide = { class: "scroll", tabindex: "0", role: "region", "aria-label": "Both versions" };
    this.body.replaceChildren(
      h("p", {}, "Nothing is lost. Choose what shall stand."),
      h("div", wide, this.#table()),
      h(
        "p",
        { class: "buttons" },
        button("Keep mine", () => settle(this.fields)),
        button("Take theirs", () => settle(null)),
        button("Combine", () => this.combine()),
      ),
    );
  }

  #table() {
    const words = (field, fields) => this.editor.page.worded(field, fields[field.path], fields);
    const row = (field) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, field.label),
        h("td", { "data-who": "Mine: " }, words(field, this.fields) || "Nothing"),
        h("td", { "data-who": "Theirs: " }, words(field, this.theirs.fields) || "Nothing"),
      );
    return h(
      "table",
      { class: "answers versions" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col" }, "Field"),
          h("th", { scope: "col" }, "Mine"),
          h("th", { scope: "col" }, "Theirs (", person(this.theirs.by), ")"),
        ),
      ),
      h("tbody", {}, ...this.differing.map(row)),
    );
  }

  combine() {
    const made = this.differing.map((field) => this.#part(field));
    const save = () => {
      const chosen = Object.fromEntries(made.flatMap(([, read]) => read()));
      this.editor.settle({ ...this.fields, ...chosen });
    };
    this.body.replaceChildren(
      h("p", {}, "Texts of both are joined; edit them as you like, then keep them."),
      ...made.map(([element]) => element),
      h(
        "p",
        { class: "buttons" },
        button("Keep the combination", save),
        button("Back", () => this.compare()),
      ),
    );
    this.body.querySelector("textarea, select")?.focus();
  }

  #part(field) {
    const { path } = field;
    const id = `${this.editor.page.uid}-combine-${path}`;
    const both = [this.fields, this.theirs.fields];
    const label = h("label", { for: id }, field.label);
    if (SEVERAL.has(field.control)) {
      const united = [...new Set(both.flatMap((one) => one[path]))];
      const words = this.editor.page.worded(field, united, both[0]);
      return [h("div", { class: "field" }, h("strong", {}, field.label), h("p", {}, `Of both: ${words}`)), () => [[path, united]]];
    }
    if (field.control === "prose" || field.control === "line" || field.control === "lines") {
      const area = h("textarea", { id, rows: 3 });
      const joint = field.control === "prose" ? "\n\n" : field.control === "lines" ? "\n" : " ";
      area.value = both.map((one) => one[path]).filter(Boolean).join(joint);
      const read = () => (field.control === "line" ? area.value.replace(/\s*\n\s*/g, " ") : area.value);
      return [h("div", { class: "field" }, label, area), () => [[path, read()]]];
    }
    const words = (one, at) =>
      `${at ? "Theirs" : "Mine"}: ${this.editor.page.worded(field, one[path], one) || "Nothing"}`;
    const select = h(
      "select",
      { id },
      ...both.map((one, at) => h("option", { value: at }, words(one, at))),
    );
    const read = () => {
      const chosen = both[Number(select.value)];
      const of = field.kind_path ? [[field.kind_path, chosen[field.kind_path]]] : [];
      return [[path, chosen[path]], ...of];
    };
    return [h("div", { class: "field" }, label, select), read];
  }
}

/* ---- the form of one entry ---- */

class Editor {
  constructor(page, at) {
    const [kind, key] = parts(at);
    Object.assign(this, { page, at, key, kind: page.kinds.get(kind) });
    this.controls = new Map();
    this.element = this.#build();
    this.take();
  }

  get row() {
    return this.page.rows.get(this.at);
  }

  read() {
    const fields = {};
    for (const [path, control] of this.controls) {
      fields[path] = control.value;
      const { kind_path } = control.field;
      if (!kind_path) continue;
      const standing = this.kindsGiven[kind_path];
      fields[kind_path] = control.picker.kindChosen || standing;
    }
    return fields;
  }

  write(fields) {
    this.kindsGiven = {};
    for (const [path, control] of this.controls) {
      const { kind_path } = control.field;
      if (kind_path) {
        this.kindsGiven[kind_path] = fields[kind_path];
        control.picker.kindChosen = fields[kind_path];
      }
      if (!alike(control.value, fields[path])) control.value = fields[path];
      else control.picker?.show();
    }
    this.hints();
  }

  /* What stands, or what was typed here and is not sent yet. */
  take() {
    const entry = this.page.outbox.entries.get(this.at);
    this.write(entry?.fields ?? this.page.fieldsOf(this.at));
    if (entry?.theirs) this.clash(entry.theirs);
    else this.conflict.replaceChildren();
    this.heading();
    this.lock();
  }

  heading() {
    const { row, kind } = this;
    const name = this.page.nameOf(kind.kind, this.key);
    this.title.replaceChildren(
      ...(row?.entry ? [h("bdi", {}, name)] : [capital(`add ${article(kind.one)}`)]),
    );
    const typed = row?.typed;
    const made = row?.entry;
    const said = [];
    if (made) said.push("Last changed by ", person(made.by), `, ${made.at}. `);
    if (typed && made)
      said.push("Being changed by ", person(typed.by), `, typed at ${typed.at}, not saved yet. `);
    if (typed && !made) said.push("Begun by ", person(typed.by), ` at ${typed.at}, not saved yet. `);
    this.about.replaceChildren(...said);
    this.withdrawing.hidden = !made || !kind.write;
    this.discarding.hidden = !kind.write;
    setText(this.discarding, made ? "Drop the changes" : "Throw away");
    this.discarding.disabled = !typed && !this.page.outbox.entries.has(this.at);
    this.told.hidden = !made;
  }

  lock() {
    for (const control of this.controls.values()) control.lock(!this.kind.write);
    this.saving.hidden = !this.kind.write;
  }

  tell(messages) {
    for (const [path, control] of this.controls) control.tell(messages[path]);
    const known = Object.entries(messages).map(([path, text]) => {
      const control = this.controls.get(path);
      if (!control) return h("li", {}, text);
      const go = (event) => {
        event.preventDefault();
        control.focus();
      };
      return h("li", {}, h("a", { href: `#${control.id}`, click: go }, text));
    });
    this.summary.replaceChildren();
    this.summary.hidden = known.length === 0;
    if (!known.length) return;
    this.summary.append(
      h("h3", {}, "It cannot be saved yet"),
      h("p", {}, "What you typed is kept."),
      h("ul", {}, ...known),
    );
  }

  clash(theirs) {
    this.struggle = new EntryConflict(this, theirs);
    this.conflict.replaceChildren(this.struggle.element);
  }

  settle(fields) {
    this.struggle = null;
    this.conflict.replaceChildren();
    this.page.settle(this.at, fields);
    this.focus();
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

  edited(control, pause) {
    control.tell("");
    control.explain();
    this.hints();
    this.struggle?.compare();
    this.page.edited(this, pause);
  }

  /* What may be the same, and who will see it. */
  hints() {
    const fields = this.read();
    const twin = this.page.twinOf(this.kind, this.key, fields);
    this.twin.replaceChildren();
    if (twin) {
      const name = this.page.nameOf(this.kind.kind, twin);
      this.twin.append(
        `There is ${article(this.kind.one)} of this name already: `,
        quoted(name),
        ". ",
        button("Open it", () => this.page.open(`${this.kind.kind}:${twin}`), { class: "quiet-button" }),
      );
    }
    const seen = this.controls.get("visibility")?.field;
    if (seen) {
      const term = this.page.vocabularies[seen.vocabulary].find(
        (one) => one.code === fields.visibility,
      );
      setText(
        this.seen,
        `Who sees it once it is saved: ${[term?.label ?? fields.visibility, term?.definition].filter(Boolean).join(". ")}`,
      );
    }
  }

  focus() {
    const first = this.controls.values().next().value;
    if (this.kind.write) first.focus();
    else this.title.focus();
  }

  history(told) {
    const item = ({ by, at, did, changes }) =>
      h(
        "li",
        {},
        person(by),
        ` ${did}, ${at}`,
        changes.length > 0 &&
          h(
            "ul",
            {},
            ...changes.map(({ path, was, now }) => {
              const field = this.kind.fields.find((one) => one.path === path);
              const words = (value) => this.page.worded(field, value, {}) || "nothing";
              return h("li", {}, `${field.label}: `, quoted(words(was)), " became ", quoted(words(now)));
            }),
          ),
      );
    this.past.replaceChildren(h("ol", { class: "past" }, ...told.map(item)));
  }

  #build() {
    const { page, kind } = this;
    const id = `${page.uid}-editor`;
    this.title = h("h3", { tabindex: "-1", id });
    this.about = h("p", { class: "people" });
    this.summary = h("div", { class: "error-summary", tabindex: "-1", role: "alert", hidden: true });
    this.conflict = h("div", { class: "conflict-place" });
    this.refused = h("div", { class: "refused", role: "alert" });
    this.twin = h("p", { class: "warning", role: "status" });
    this.seen = h("p", { class: "hint" });
    this.beside = h("p", { class: "people", role: "status" });
    this.saving = h("button", { type: "submit", class: "main" }, "Save");
    this.withdrawing = button("Withdraw…", () => this.#askWithdraw());
    this.discarding = button("Throw away", () => page.discard(this));
    this.asking = h("div");
    this.past = h("div");
    this.told = h(
      "details",
      { toggle: (event) => event.target.open && page.askHistory(this) },
      h("summary", {}, `History of this ${kind.one}`),
      this.past,
    );
    const form = h(
      "form",
      {
        novalidate: true,
        "aria-labelledby": id,
        input: (event) => this.#input(event),
        submit: (event) => {
          event.preventDefault();
          page.save(this);
        },
        keydown: (event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) page.save(this);
        },
      },
      ...this.#fields(),
      this.twin,
      this.refused,
      this.seen,
      kind.write
        ? h(
            "p",
            { class: "hint" },
            "What you type is kept as you type, for your team alone. It becomes part of the record when you save it.",
          )
        : h("p", { class: "hint" }, "You may read this, and not change it."),
      h(
        "p",
        { class: "buttons" },
        this.saving,
        button("Back to the list", () => page.back()),
        this.discarding,
        this.withdrawing,
      ),
      this.asking,
    );
    return h(
      "div",
      { class: "editor" },
      this.title,
      this.about,
      this.beside,
      this.summary,
      this.conflict,
      form,
      this.told,
    );
  }

  #fields() {
    const { fields } = this.kind;
    const made = (field) => {
      const control = new Control(this, field);
      this.controls.set(field.path, control);
      return control.element;
    };
    const short = fields.filter((one) => one.first);
    const rest = short.length ? fields.filter((one) => !one.first) : fields;
    const shown = short.map(made);
    const groups = new Map();
    for (const field of rest) {
      if (!groups.has(field.group)) groups.set(field.group, []);
      groups.get(field.group).push(made(field));
    }
    const grouped = [...groups].flatMap(([name, elements]) =>
      name ? [h("fieldset", { class: "group" }, h("legend", {}, name), ...elements)] : elements,
    );
    if (!short.length) return grouped;
    if (!grouped.length) return shown;
    this.more = h("details", { class: "more" }, h("summary", {}, "More fields"), ...grouped);
    return [...shown, this.more];
  }

  #input(event) {
    const control = [...this.controls.values()].find((one) => one.inputs.includes(event.target));
    if (!control || control.picker) return;
    this.edited(control, TEXTS.has(control.field.control) ? PAUSE : 0);
  }

  #askWithdraw() {
    const { page, kind } = this;
    const many = page.referring(kind.kind, this.key);
    const yes = button("Yes, withdraw it", () => page.withdraw(this), { class: "main" });
    this.asking.replaceChildren(
      h(
        "div",
        { class: "conflict", role: "group", "aria-label": "Withdraw it?" },
        h(
          "p",
          {},
          "It leaves the list and the pages. The record keeps it, and you can bring it back.",
          many ? ` ${count(many, "entry refers", "entries refer")} to it.` : "",
        ),
        h("p", { class: "buttons" }, yes, button("No", () => this.asking.replaceChildren())),
      ),
    );
    yes.focus();
  }
}
