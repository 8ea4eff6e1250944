/* The fields of an entry's form: each control made from what data/entries says of it.

   It stands after line.js and before entry_editor.js, entry_list.js and entries.js. */

const OFFERED = 8;
const TEXTS = new Set(["line", "prose", "number", "lines"]);
const SEVERAL = new Set(["choices", "entries"]);
const letters = new Intl.Collator("en", { sensitivity: "base", numeric: true });

function folded(text) {
  return String(text ?? "")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .trim();
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function article(one) {
  return `${/^[aeiou]/i.test(one) ? "an" : "a"} ${one}`;
}

function quoted(text) {
  return h("span", {}, "“", h("bdi", {}, text), "”");
}

function freshKey(kind) {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return `${kind}-${[...bytes].map((byte) => (byte % 36).toString(36)).join("")}`;
}

function parts(at) {
  const cut = at.indexOf(":");
  return [at.slice(0, cut), at.slice(cut + 1)];
}

/* Puts these children in, moving only what stands elsewhere: what has the focus keeps it. */
function arrange(parent, wanted) {
  const keep = new Set(wanted);
  for (const one of [...parent.children]) if (!keep.has(one)) one.remove();
  let here = parent.firstElementChild;
  for (const one of wanted) {
    if (one === here) here = here.nextElementSibling;
    else parent.insertBefore(one, here);
  }
}

/* ---- choosing among entries: type, arrows, Enter ---- */

/* A box to search in, and what is chosen below it. `chosen` is a list of keys. */
class Picker {
  constructor(page, field, id, changed) {
    Object.assign(this, { page, field, id, changed });
    this.chosen = [];
    this.kindChosen = "";
    this.at = -1;
    this.offered = [];
    this.box = h("input", {
      type: "text",
      id,
      role: "combobox",
      autocomplete: "off",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-controls": `${id}-list`,
      placeholder: "Type to search",
      input: (event) => this.#typing(event),
      keydown: (event) => this.#key(event),
      blur: () => this.#close(),
    });
    this.list = h("ul", { role: "listbox", id: `${id}-list`, "aria-label": field.label, hidden: true });
    this.told = h("span", { class: "unseen", role: "status" });
    this.given = h("ul", { class: "chosen" });
    this.element = h("div", { class: "picker" }, this.given, this.box, this.list, this.told);
  }

  get value() {
    return this.field.control === "entries" ? [...this.chosen] : (this.chosen[0] ?? "");
  }

  set value(given) {
    this.chosen = Array.isArray(given) ? [...given] : given ? [given] : [];
    this.show();
  }

  lock(locked) {
    this.box.disabled = locked;
    for (const one of this.given.querySelectorAll("button")) one.hidden = locked;
  }

  show() {
    const several = this.field.control === "entries";
    this.given.replaceChildren(...this.chosen.map((key) => this.#chip(key)));
    this.given.hidden = this.chosen.length === 0;
    this.box.placeholder = this.chosen.length && !several ? "Type to choose another" : "Type to search";
  }

  #name(key) {
    for (const kind of this.kindChosen ? [this.kindChosen] : this.field.of) {
      const name = this.page.nameOf(kind, key);
      if (name) return name;
    }
    return `${key} (not on record)`;
  }

  #chip(key) {
    const name = this.#name(key);
    const remove = () => {
      this.chosen = this.chosen.filter((one) => one !== key);
      this.show();
      this.changed();
      this.box.focus();
    };
    return h(
      "li",
      {},
      h("bdi", {}, name),
      " ",
      button("Remove", remove, { class: "quiet-button", "aria-label": `Remove ${name}` }),
    );
  }

  #typing(event) {
    event.stopPropagation();
    this.#offer();
    const words = this.box.value.trim();
    if (this.field.any_country && words.length > 1) this.page.find(this.field.of, words);
  }

  /* Something was learnt meanwhile, as from other countries. */
  again() {
    if (!this.list.hidden) this.#offer();
  }

  #offer() {
    const words = folded(this.box.value).split(/\s+/).filter(Boolean);
    const found = this.page
      .toChoose(this.field)
      .filter(({ key, name }) => {
        const text = folded(name);
        return !this.chosen.includes(key) && words.every((word) => text.includes(word));
      })
      .sort((one, other) => letters.compare(one.name, other.name));
    this.offered = found.slice(0, OFFERED);
    this.at = this.offered.length ? 0 : -1;
    this.list.replaceChildren(
      ...this.offered.map((one, index) =>
        h(
          "li",
          {
            role: "option",
            id: `${this.id}-${index}`,
            mousedown: (event) => {
              event.preventDefault();
              this.#choose(one);
            },
          },
          h("bdi", {}, one.name),
          one.about && h("span", { class: "quiet" }, ` ${one.about}`),
        ),
      ),
    );
    if (!found.length) this.list.append(h("li", { class: "quiet" }, "Nothing found."));
    setText(
      this.told,
      found.length > OFFERED
        ? `${found.length} found, the first ${OFFERED} are shown`
        : `${found.length} found`,
    );
    this.list.hidden = false;
    this.box.setAttribute("aria-expanded", "true");
    this.#mark();
  }

  #mark() {
    [...this.list.children].forEach((one, index) => {
      if (one.role === "option" || one.getAttribute("role") === "option")
        one.setAttribute("aria-selected", String(index === this.at));
    });
    if (this.at < 0) this.box.removeAttribute("aria-activedescendant");
    else this.box.setAttribute("aria-activedescendant", `${this.id}-${this.at}`);
  }

  #key(event) {
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return this.#offer();
      const many = this.offered.length || 1;
      this.at = (this.at + (event.key === "ArrowDown" ? 1 : many - 1)) % many;
      return this.#mark();
    }
    if (event.key === "Enter" && open) {
      event.preventDefault();
      if (this.offered[this.at]) this.#choose(this.offered[this.at]);
    }
    if (event.key === "Escape" && open) {
      event.preventDefault();
      this.#close();
    }
    return null;
  }

  #choose({ kind, key }) {
    if (this.field.control === "entries") this.chosen.push(key);
    else this.chosen = [key];
    this.kindChosen = this.field.kind_path ? kind : "";
    this.box.value = "";
    this.#close();
    this.show();
    this.changed();
  }

  #close() {
    this.list.hidden = true;
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
  }
}

/* ---- one field ---- */

/* A label, what helps, the control, and what is wrong with it; `value` is what is recorded. */
class Control {
  constructor(editor, field) {
    Object.assign(this, { editor, field, page: editor.page });
    this.id = `${this.page.uid}-${field.path}`;
    this.message = h("p", { class: "message", id: `${this.id}-message` });
    this.element = this[field.control === "choices" ? "group" : "single"]();
  }

  get value() {
    const { field, input } = this;
    if (this.picker) return this.picker.value;
    if (field.control === "choices")
      return this.boxes.filter((one) => one.checked).map((one) => one.value);
    if (input.type === "checkbox") return input.checked ? "yes" : "no";
    return input.value;
  }

  set value(given) {
    const { field, input } = this;
    if (this.picker) this.picker.value = given;
    else if (field.control === "choices") {
      this.#boxesFor(given);
      for (const one of this.boxes) one.checked = given.includes(one.value);
    } else if (input.type === "checkbox") input.checked = given === "yes";
    else {
      if (input.tagName === "SELECT") this.#optionFor(given);
      const at = document.activeElement === input && TEXTS.has(field.control) ? input.selectionStart : null;
      input.value = given;
      if (at !== null) input.setSelectionRange(at, at);
    }
    this.explain();
  }

  tell(text) {
    setText(this.message, text ? `Error: ${text}` : "");
    for (const one of this.inputs) {
      if (text) one.setAttribute("aria-invalid", "true");
      else one.removeAttribute("aria-invalid");
    }
  }

  lock(locked) {
    this.picker?.lock(locked);
    for (const one of this.inputs) {
      if (one.matches("textarea, input[type=text]")) one.readOnly = locked;
      else one.disabled = locked;
    }
  }

  focus() {
    const [first] = this.inputs;
    const fold = first.closest("details");
    if (fold) fold.open = true;
    first.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
  }

  get inputs() {
    return this.boxes ?? [this.picker?.box ?? this.input];
  }

  /* What the chosen word means, said below it. */
  explain() {
    if (!this.meaning) return;
    const term = this.#terms().find((one) => one.code === this.input.value);
    setText(this.meaning, term?.definition ?? "");
  }

  #terms() {
    return this.page.vocabularies[this.field.vocabulary] ?? [];
  }

  single() {
    const { field, id } = this;
    const hint = field.help && h("p", { class: "hint", id: `${id}-hint` }, field.help);
    const described = [field.help && `${id}-hint`, `${id}-message`].filter(Boolean).join(" ");
    const control = this.#make({ id, "aria-describedby": described });
    const label = h(
      "label",
      { for: id },
      field.label,
      field.required && h("span", { class: "quiet" }, " (needed)"),
    );
    if (this.input?.type === "checkbox")
      return h(
        "div",
        { class: "field" },
        h("label", { class: "choice" }, control, h("span", {}, field.label)),
        hint,
        this.message,
      );
    return h("div", { class: "field" }, label, hint, control, this.meaning, this.message);
  }

  #make(named) {
    const { field } = this;
    const asked = field.required ? { "aria-required": "true" } : {};
    if (field.of.length) {
      this.picker = new Picker(this.page, field, this.id, () => this.editor.edited(this, 0));
      for (const [name, value] of Object.entries({ ...named, ...asked }))
        this.picker.box.setAttribute(name, value);
      return this.picker.element;
    }
    if (field.control === "choice" || (field.control === "yes_no" && field.may_be_empty))
      return this.#select({ ...named, ...asked });
    if (field.control === "yes_no") return (this.input = h("input", { type: "checkbox", ...named }));
    if (field.control === "prose" || field.control === "lines")
      return (this.input = h("textarea", { rows: 3, ...named, ...asked }));
    const type = field.control === "day" ? "date" : "text";
    const mode = field.control === "number" ? { inputmode: "decimal" } : {};
    return (this.input = h("input", { type, autocomplete: "off", ...mode, ...named, ...asked }));
  }

  #select(named) {
    const { field } = this;
    const words =
      field.control === "yes_no"
        ? [
            { code: "yes", label: "Yes" },
            { code: "no", label: "No" },
          ]
        : this.#terms();
    const none = field.may_be_empty ? [h("option", { value: "" }, "Not said")] : [];
    this.input = h(
      "select",
      named,
      ...none,
      ...words.map(({ code, label }) => h("option", { value: code }, label)),
    );
    if (words.some((one) => one.definition)) this.meaning = h("p", { class: "hint" });
    return this.input;
  }

  group() {
    const { field } = this;
    this.boxes = [];
    this.rows = h("div", { class: "boxes" });
    this.#boxesFor([]);
    return h(
      "fieldset",
      { class: "field plain", id: this.id, "aria-describedby": `${this.id}-message` },
      h("legend", {}, field.label),
      field.help && h("p", { class: "hint" }, field.help),
      this.rows,
      this.message,
    );
  }

  /* A box for each choice, and one for each value that is none of them: it is kept as it is. */
  #boxesFor(given) {
    const known = new Set(this.boxes.map((one) => one.value));
    const terms = this.#terms();
    const strange = given
      .filter((code) => !terms.some((one) => one.code === code))
      .map((code) => ({ code, label: `${code} (not in the list)` }));
    for (const { code, label, definition } of [...terms, ...strange]) {
      if (known.has(code)) continue;
      const box = h("input", { type: "checkbox", value: code });
      this.boxes.push(box);
      const words = h(
        "span",
        {},
        h("bdi", {}, label),
        definition && h("span", { class: "quiet small" }, ` ${definition}`),
      );
      this.rows.append(h("label", { class: "choice" }, box, words));
    }
  }

  #optionFor(value) {
    const known = [...this.input.options].some((one) => one.value === value);
    if (!known)
      this.input.append(
        h("option", { value }, value === "" ? "Not said" : `${value} (not in the list)`),
      );
  }
}
