/* The entries of one country, in the browser: a list of each kind, and the form of one entry.

   Which fields there are, how they are called and what may be chosen comes from the kernel. What is
   typed is kept beside the entry at once, for the team alone; Save puts it in the entry's place.
   How nothing typed is lost stands in line.js, which is the first part of this module; the
   fields, the form of one entry and the list stand in entry_*.js. A key here is "kind:key". */

class Entries extends Filling {
  constructor(model, el) {
    super(model, el, "entries");
    this.uid = `ncc${Math.random().toString(36).slice(2, 8)}`;
    this.kinds = new Map();
    this.rows = new Map();
    this.others = new Map();
    this.namesVersion = 0;
    this.on(window, "popstate", () => this.route());
    this.on(window, "beforeprint", () => this.editor?.more && (this.editor.more.open = true));
  }

  /* ---- what line.js asks ---- */

  hears() {
    return {
      all: (message) => this.all(message),
      saved: (message) => this.saved(message),
      invalid: (message) => this.saved(message),
      conflict: (message) => this.conflicted(message),
      changed: ({ row }) => this.changed(row),
      names: ({ names }) => this.named(names),
      found: ({ names }) => this.named(names),
      present: ({ people }) => this.present(people),
      refused: (message) => this.refused(message),
    };
  }

  get ready() {
    return this.kinds.size > 0;
  }

  knows(at) {
    return this.kinds.has(parts(at)[0]);
  }

  standing(at) {
    const row = this.rows.get(at);
    return row && { fields: this.fieldsOf(at), seq: row.seq };
  }

  address(at) {
    const [kind, key] = parts(at);
    return { kind, key };
  }

  /* ---- what is known ---- */

  fieldsOf(at) {
    const row = this.rows.get(at);
    return row?.sent ?? (row?.typed ?? row?.entry)?.fields ?? this.kinds.get(parts(at)[0]).empty;
  }

  /* What stands in the list: the entry, or what is typed where there is none yet. */
  shownFields(row) {
    return (row.entry ?? row.typed ?? row.gone)?.fields ?? this.kinds.get(row.kind).empty;
  }

  of(kind) {
    return [...this.rows.values()].filter((row) => row.kind === kind && (row.entry || row.typed));
  }

  gone(kind) {
    return [...this.rows.values()]
      .filter((row) => row.kind === kind && row.gone && !row.entry && !row.typed)
      .sort((one, other) => other.seq - one.seq);
  }

  nameOf(kind, key) {
    const form = this.kinds.get(kind);
    if (!form) return this.others.get(`${kind}:${key}`)?.name ?? "";
    const row = this.rows.get(`${kind}:${key}`);
    if (!row) return this.others.get(`${kind}:${key}`)?.name ?? "";
    const fields = this.shownFields(row);
    const words = form.named_by.map((path) => {
      const field = form.fields.find((one) => one.path === path);
      return this.worded(field, fields[path], fields);
    });
    return words.filter(Boolean).join(", ");
  }

  worded(field, value, fields) {
    if (Array.isArray(value)) return value.map((one) => this.worded(field, one, fields)).join(", ");
    if (value == null || value === "") return "";
    if (field.vocabulary)
      return this.vocabularies[field.vocabulary].find((one) => one.code === value)?.label ?? value;
    if (field.control === "yes_no") return value === "yes" ? "Yes" : "No";
    if (field.control === "day") return dayInWords(value);
    if (!field.of.length) return value;
    const kinds = field.kind_path && fields[field.kind_path] ? [fields[field.kind_path]] : field.of;
    return kinds.map((kind) => this.nameOf(kind, value)).find(Boolean) ?? value;
  }

  /* The entries that a field may choose, with names. */
  toChoose(field) {
    const found = [];
    for (const kind of field.of) {
      const several = field.of.length > 1 ? (this.kinds.get(kind)?.one ?? kind) : "";
      for (const row of this.of(kind))
        if (row.entry) found.push({ kind, key: row.key, name: this.nameOf(kind, row.key), about: several });
      for (const one of this.others.values())
        if (one.kind === kind && one.name && (field.any_country || !one.country))
          found.push({ ...one, about: [several, one.country].filter(Boolean).join(", ") });
    }
    return found;
  }

  /* Other countries' entries are many: the kernel looks among them. */
  find(kinds, words) {
    clearTimeout(this.finding);
    const ask = () => this.line.connected && this.line.send({ do: "find", kinds, words });
    this.finding = setTimeout(ask, 200);
  }

  /* The key of another entry that may be the same one. */
  twinOf(kind, key, fields) {
    const [first, ...rest] = kind.alike_by;
    const mine = alikeText(fields[first]);
    if (!mine) return null;
    const same = (row) => {
      const theirs = this.shownFields(row);
      if (row.key === key || !row.entry || alikeText(theirs[first]) !== mine) return false;
      return rest.every((path) => {
        const [one, other] = [alikeText(fields[path]), alikeText(theirs[path])];
        return !one || !other || one === other;
      });
    };
    return this.of(kind.kind).find(same)?.key ?? null;
  }

  /* What is proposed, without what is in the list in some form. */
  offersOf(kind) {
    const paths = kind.alike_by;
    const same = (fields, offer) =>
      paths.every((path) => alikeText(fields[path]) === alikeText(offer[path]));
    const rows = this.of(kind.kind).map((row) => [row.entry, row.typed].filter(Boolean));
    return kind.offers.filter(
      (offer) => !rows.some((made) => made.some(({ fields }) => same(fields, offer))),
    );
  }

  referring(kind, key) {
    let many = 0;
    for (const row of this.rows.values()) {
      if (!row.entry) continue;
      const fields = this.kinds.get(row.kind).fields.filter((one) => one.of.includes(kind));
      if (fields.some(({ path }) => [row.entry.fields[path]].flat().includes(key))) many += 1;
    }
    return many;
  }

  /* ---- what the kernel says ---- */

  all(message) {
    const first = !this.ready;
    this.about = message;
    this.vocabularies = message.vocabularies;
    this.kinds = new Map(message.kinds.map((one) => [one.kind, one]));
    const before = this.rows;
    this.rows = new Map();
    for (const row of message.entries) this.#put(row, before);
    this.others = new Map(message.names.map((one) => [`${one.kind}:${one.key}`, one]));
    this.namesVersion += 1;
    if (first) this.#build();
    this.greeted(message.country, message.cycle, message.me.name, message.kinds.map((one) => one.kind).join("+"));
    for (const at of [...this.outbox.entries.keys()]) {
      if (!this.rows.has(at) && this.knows(at)) this.#begin(at);
      this.reconcile(at);
    }
    this.editor?.take();
    this.resend();
    this.list();
    if (first) this.route();
    this.status();
  }

  /* An entry that only this browser knows so far. */
  #begin(at) {
    const [kind, key] = parts(at);
    this.rows.set(at, { kind, key, seq: null, entry: null, typed: null, gone: null });
  }

  #put(row, before = this.rows) {
    const at = `${row.kind}:${row.key}`;
    const known = before.get(at);
    if (known?.sent && known.seq === row.seq) row.sent = known.sent;
    this.rows.set(at, row);
    return at;
  }

  saved(message) {
    const entry = this.outbox.byId(message.id);
    if (message.seq != null) this.lastSaved = message.at;
    this.lastKept = message.is === "invalid" || Boolean(message.row?.typed);
    if (message.row) {
      const at = this.#put(message.row);
      if (entry) message.row.sent = entry.sent;
      else if (this.editor?.at === at && !this.outbox.entries.has(at)) this.editor.write(this.fieldsOf(at));
    }
    if (entry) this.acknowledged(entry, message.seq);
    const at = message.row && `${message.row.kind}:${message.row.key}`;
    if (this.editor?.at === at) {
      this.editor.refuse(null);
      this.editor.heading();
    }
    this.list();
    this.status();
  }

  conflicted(message) {
    const entry = this.outbox.byId(message.id);
    if (!entry) return;
    this.#put(message.row);
    this.clashed(entry, message.theirs);
    if (this.editor?.at === entry.key) {
      this.editor.clash(message.theirs);
      this.editor.heading();
    }
    this.list();
    this.status();
  }

  settle(at, fields) {
    const { theirs } = this.outbox.entries.get(at) ?? {};
    if (!theirs) return;
    this.settled(at, fields, theirs);
    if (this.editor?.at === at) this.editor.write(fields ?? theirs.fields);
    this.editor?.heading();
    this.list();
    this.status();
  }

  changed(row) {
    const at = `${row.kind}:${row.key}`;
    const known = this.rows.get(at);
    if (known && row.seq != null && known.seq >= row.seq) return;
    // While something of ours is unsent, the kernel will find the conflict; the base stays ours.
    const mine = this.outbox.entries.has(at);
    if (mine && known) {
      const kept = { ...row, seq: known.seq, sent: this.fieldsOf(at) };
      this.rows.set(at, kept);
    } else {
      this.rows.set(at, row);
    }
    if (this.editor?.at === at) {
      if (!mine) this.editor.write(this.fieldsOf(at));
      this.editor.heading();
    } else {
      this.editor?.hints();
    }
    this.#renamed(row.kind);
    this.list();
    this.status();
  }

  named(names) {
    for (const one of names) this.others.set(`${one.kind}:${one.key}`, one);
    this.#renamed();
    this.list();
  }

  /* Lines that show another entry's name are drawn anew; so is what is offered to choose. */
  #renamed() {
    this.namesVersion += 1;
    if (!this.editor) return;
    for (const { picker } of this.editor.controls.values()) {
      picker?.show();
      picker?.again();
    }
  }

  present(people) {
    const here = people.flatMap(({ name, place }, index) => {
      const [kind, key] = parts(place ?? "");
      const what = this.kinds.has(kind) ? this.nameOf(kind, key) : "";
      return [index ? ", " : "", person(name), ...(what ? [" (at ", h("bdi", {}, what), ")"] : [])];
    });
    this.people.replaceChildren(...(people.length ? ["Also here now: ", ...here] : []));
    this.places = people;
    this.#beside();
  }

  #beside() {
    if (!this.editor) return;
    const here = (this.places ?? []).filter(({ place }) => place === this.editor.at);
    const words = here.flatMap(({ name }, index) => [index ? ", " : "", person(name)]);
    this.editor.beside.replaceChildren(
      ...(words.length ? ["This entry is also open with: ", ...words] : []),
    );
  }

  refusedAt(entry) {
    if (this.editor?.at !== entry.key) return;
    const { editor } = this;
    const retry = () => {
      editor.refuse(null);
      this.retry(entry);
      this.status();
    };
    const discard = () => {
      this.outbox.drop(entry.key);
      editor.refuse(null);
      editor.write(this.fieldsOf(entry.key));
      this.status();
    };
    editor.refuse(entry.refused, retry, discard);
  }

  /* ---- what the person does ---- */

  edited(editor, pause) {
    if (!this.rows.has(editor.at)) this.#begin(editor.at);
    this.typed(editor.at, editor.read(), pause);
    editor.discarding.disabled = false;
    this.status();
  }

  add(kind) {
    this.open(`${kind}:${freshKey(kind)}`);
  }

  /* It is begun with what is proposed, and is nobody's until somebody saves it. */
  takeOver(kind, offer) {
    this.add(kind);
    this.editor.write(offer);
    if (this.editor.more) this.editor.more.open = true;
    this.edited(this.editor, 0);
  }

  open(at) {
    const [kind, key] = parts(at);
    this.#goto(`entry/${kind}/${encodeURIComponent(key)}`);
    this.#edit(at);
  }

  back() {
    this.#goto(`entries/${this.kind}`);
    this.#close();
  }

  #goto(hash) {
    if (location.hash !== `#${hash}`) history.pushState(null, "", `#${hash}`);
  }

  /* The address says what is shown; what is not ours is left alone. */
  route() {
    if (!this.ready) return;
    const [what, kind, key] = location.hash.slice(1).split("/");
    if (what === "entry" && this.kinds.has(kind)) this.#edit(`${kind}:${decodeURIComponent(key)}`);
    else if (what === "entries" && this.kinds.has(kind)) this.#close(kind);
    else if (this.editor && !what) this.#close();
  }

  #edit(at) {
    const [kind] = parts(at);
    if (this.editor?.at === at) return;
    this.flush();
    this.kind = kind;
    this.editor = new Editor(this, at);
    if (this.rows.get(at)?.entry && this.editor.more) this.editor.more.open = true;
    this.#show();
    this.editor.focus();
    this.editor.element.scrollIntoView({ block: "start" });
    this.#place(at);
    this.#beside();
    this.status();
  }

  #close(kind = this.kind) {
    this.flush();
    const at = this.editor?.at;
    const moved = this.kind !== kind;
    this.editor = null;
    this.kind = kind;
    this.#show();
    this.list();
    if (at) this.lists.get(kind).focus(at);
    if (at || moved) this.#place("");
  }

  #place(at) {
    if (this.line.connected) this.line.send({ do: "place", ...(at ? this.address(at) : {}) });
  }

  save(editor) {
    const { at } = editor;
    const fresh = !this.rows.get(at)?.entry;
    const name = () => this.nameOf(editor.kind.kind, editor.key);
    this.doing({ do: "save", ...this.address(at), at }, (refusal, message) => {
      if (refusal) return this.say("Not saved: ", refusal);
      if (message.is === "invalid") {
        editor.tell(message.messages);
        return editor.summary.focus();
      }
      if (this.editor !== editor) return null;
      this.back();
      this.say(
        fresh ? "Added: " : "Saved: ",
        quoted(name()),
        ". ",
        fresh && button(`Add another ${editor.kind.one}`, () => this.add(editor.kind.kind)),
      );
      const another = fresh && this.notes.querySelector("button");
      if (another) setTimeout(() => another.focus());
      return null;
    });
    this.status();
  }

  withdraw(editor) {
    const { at } = editor;
    const name = this.nameOf(editor.kind.kind, editor.key) || "an entry without a name";
    const did = this.rows.get(at)?.entry ? "Withdrawn: " : "Thrown away: ";
    this.doing({ do: "withdraw", ...this.address(at), at }, (refusal) => {
      if (refusal) return this.say("Not withdrawn: ", refusal);
      if (this.editor === editor) this.back();
      this.say(did, quoted(name), ". ", button("Undo", () => this.restore(at)));
      setTimeout(() => this.notes.querySelector("button")?.focus());
      return null;
    });
    this.status();
  }

  /* What is typed goes; an entry that was never saved goes with it, and can be brought back. */
  discard(editor) {
    const { at } = editor;
    const { entry } = this.rows.get(at) ?? {};
    if (entry) {
      const typed = editor.read();
      editor.write(entry.fields);
      editor.tell({});
      this.edited(editor, 0);
      const undo = () => {
        this.open(at);
        this.editor.write(typed);
        this.edited(this.editor, 0);
        this.say();
      };
      this.say("The changes are dropped. ", button("Undo", undo));
      return;
    }
    this.withdraw(editor);
  }

  restore(at) {
    this.doing({ do: "restore", ...this.address(at), at }, (refusal) => {
      if (refusal) return this.say("Not brought back: ", refusal);
      const [kind, key] = parts(at);
      this.say("Brought back: ", quoted(this.nameOf(kind, key)), ".");
      return this.lists.get(kind).focus(at);
    });
    this.status();
  }

  askHistory(editor) {
    this.doing({ do: "history", ...this.address(editor.at), at: editor.at }, (refusal, message) => {
      if (refusal) editor.past.replaceChildren(refusal);
      else editor.history(message.told);
    });
    this.status();
  }

  /* A deed is made on what stands once all that was typed is saved. */
  holds(message) {
    const { at } = message;
    const [kind, key] = parts(at);
    if (this.unsent().some((entry) => entry.key === at)) {
      this.acted({
        is: "refused",
        message: `${capital(this.nameOf(kind, key) || "this entry")} has something typed that is not kept yet.`,
        hint: "choose what shall stand, or try again there",
      });
      return true;
    }
    delete this.act.message.at;
    this.act.message.base = this.rows.get(at)?.seq ?? null;
    return false;
  }

  say(...words) {
    this.notes.replaceChildren(...words.filter(Boolean));
  }

  /* ---- how it looks ---- */

  status() {
    if (!this.banner) return;
    const named = (at) => this.nameOf(...parts(at)) || "an entry";
    const writable = [...this.kinds.values()].some((one) => one.write);
    const resting = writable ? "Everything is kept" : "Read-only";
    const [how, words, ...way] = this.howItStands({ named, resting });
    // What is typed is kept and not yet in the record; the two must not sound alike.
    const kept = how === "saved" && this.lastSaved && this.lastKept;
    this.banner.say(how, kept ? `Draft kept ${this.lastSaved}` : words, ...way);
    this.proceed();
  }

  list() {
    this.lists?.get(this.kind)?.show();
    for (const [kind, tab] of this.tabs ?? [])
      setText(tab, `${this.kinds.get(kind).title} (${this.of(kind).filter((row) => row.entry).length})`);
  }

  #show() {
    const kind = this.kinds.get(this.kind);
    for (const [name, tab] of this.tabs) {
      if (name === this.kind) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
    setText(this.title, kind.title);
    setText(this.intro, kind.intro);
    this.say();
    this.stage.replaceChildren(this.editor ? this.editor.element : this.lists.get(this.kind).element);
  }

  #build() {
    this.banner = new Banner(() => this.reload());
    this.people = h("p", { class: "people" });
    this.notes = h("p", { class: "notes", role: "status" });
    this.title = h("h2", { tabindex: "-1" });
    this.intro = h("p", {});
    this.stage = h("div", { class: "stage" });
    this.lists = new Map([...this.kinds.values()].map((one) => [one.kind, new List(this, one)]));
    this.tabs = new Map(
      [...this.kinds.keys()].map((kind) => [
        kind,
        button("", () => {
          this.#goto(`entries/${kind}`);
          this.#close(kind);
        }),
      ]),
    );
    [this.kind] = this.kinds.keys();
    const nav =
      this.kinds.size > 1 &&
      h(
        "nav",
        { "aria-label": "Kinds of entries" },
        h("ul", { class: "tabs" }, ...[...this.tabs.values()].map((tab) => h("li", {}, tab))),
      );
    const draft = this.about.illustrative && h("p", { class: "draft" }, "Illustrative data.");
    this.root.replaceChildren(
      ...[nav, this.title, this.intro, draft, this.banner.element, this.people, this.notes, this.stage].filter(Boolean),
    );
    this.root.classList.add("ncc-entries");
    this.#show();
  }
}

/* As the rest of the page writes days; what is none stays as it is. */
function dayInWords(value) {
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) return value;
  const day = new Date(`${value}T00:00:00Z`);
  const look = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return Number.isNaN(day.getTime()) ? value : day.toLocaleDateString("en-GB", look);
}

function alikeText(value) {
  return folded(Array.isArray(value) ? value.join(" ") : value).replace(/\s+/g, " ");
}

export default {
  render({ model, el }) {
    const page = new Entries(model, el);
    return () => page.close();
  },
};
