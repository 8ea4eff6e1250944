/* The list of one kind of entries: searched, sorted, and drawn a part at a time. */

const SHOWN_AT_ONCE = 50;

class List {
  constructor(page, kind) {
    Object.assign(this, { page, kind });
    this.most = SHOWN_AT_ONCE;
    this.lines = new Map();
    this.offered = new Map();
    this.texts = new WeakMap();
    this.element = this.#build();
  }

  show() {
    const all = this.page.of(this.kind.kind);
    const words = folded(this.search.value).split(/\s+/).filter(Boolean);
    const found = all.filter((row) => words.every((word) => this.#text(row).includes(word)));
    found.sort(this.#order());
    const shown = found.slice(0, this.most);
    arrange(
      this.body,
      shown.map((row) => this.#line(row)),
    );
    const { one, title } = this.kind;
    const many = title.toLowerCase();
    const begun = all.filter((row) => !row.entry).length;
    const whole = count(all.length - begun, one, many) + (begun ? ` and ${begun} not saved yet` : "");
    setText(this.counted, words.length ? `${found.length} found of ${whole}` : whole);
    this.table.hidden = found.length === 0;
    setText(this.none, found.length ? "" : all.length ? "Nothing found." : `No ${one} yet.`);
    this.further.hidden = found.length <= shown.length;
    setText(
      this.further,
      `Show ${Math.min(SHOWN_AT_ONCE, found.length - shown.length)} more of ${found.length}`,
    );
    this.#offers();
    this.#gone();
  }

  focus(at) {
    const line = at && this.lines.get(at);
    if (line?.isConnected) line.querySelector("button").focus();
    else this.adding.focus();
  }

  #order() {
    const by = this.sort.value;
    const { page, kind } = this;
    if (by === "last") return (one, other) => other.seq - one.seq;
    const field = kind.fields.find((one) => one.path === by);
    return (one, other) =>
      letters.compare(this.#sortedBy(field, one), this.#sortedBy(field, other)) ||
      letters.compare(page.nameOf(one.kind, one.key), page.nameOf(other.kind, other.key));
  }

  // What a row is put in order by: a day as it is kept, anything else in its words.
  #sortedBy(field, row) {
    if (!field) return "";
    const fields = this.page.shownFields(row);
    const value = fields[field.path];
    return field.control === "day" ? (value ?? "") : this.page.worded(field, value, fields);
  }

  #text(row) {
    if (!this.texts.has(row)) {
      const fields = this.page.shownFields(row);
      const paths = new Set([...this.kind.named_by, ...this.kind.searched]);
      const words = this.kind.fields
        .filter((one) => paths.has(one.path))
        .map((one) => this.page.worded(one, fields[one.path], fields));
      this.texts.set(row, folded(words.join(" ")));
    }
    return this.texts.get(row);
  }

  #line(row) {
    const at = `${row.kind}:${row.key}`;
    const known = this.lines.get(at);
    if (known?.row === row && known.names === this.page.namesVersion) return known;
    const fields = this.page.shownFields(row);
    const field = (path) => this.kind.fields.find((one) => one.path === path);
    const made = row.entry ?? row.typed;
    const marks = [];
    if (this.page.outbox.entries.get(at)?.theirs) marks.push("two versions");
    else if (row.typed) marks.push(row.entry ? "changes not saved yet" : "not saved yet");
    const cells = [
      h(
        "th",
        { scope: "row" },
        button(h("bdi", {}, this.page.nameOf(row.kind, row.key) || "(no name yet)"), () =>
          this.page.open(at),
        ),
        ...marks.map((words) => h("span", {}, " ", h("span", { class: "tag" }, words))),
      ),
      ...this.kind.listed.map((path) =>
        h(
          "td",
          { "data-label": field(path).label },
          h("bdi", {}, this.page.worded(field(path), fields[path], fields)),
        ),
      ),
      h("td", { "data-label": "Last changed", class: "quiet" }, person(made?.by), ` ${made?.at ?? ""}`),
    ];
    // The same line with new cells keeps its place; the name keeps the focus.
    const line = known ?? h("tr");
    const focused = line.contains(document.activeElement);
    line.replaceChildren(...cells);
    if (focused) line.querySelector("button").focus({ preventScroll: true });
    Object.assign(line, { row, names: this.page.namesVersion });
    this.lines.set(at, line);
    return line;
  }

  #offers() {
    const offers = this.kind.write ? this.page.offersOf(this.kind) : [];
    this.offers.hidden = offers.length === 0;
    setText(this.offers.firstChild, `Proposed for you: ${offers.length}`);
    const kept = new Set(offers);
    for (const offer of this.offered.keys()) if (!kept.has(offer)) this.offered.delete(offer);
    for (const offer of offers)
      if (!this.offered.has(offer)) this.offered.set(offer, this.#offer(offer));
    arrange(this.proposals, [...this.offered.values()]);
  }

  #offer(offer) {
    const { kind, page } = this;
    const words = (path) => page.worded(kind.fields.find((one) => one.path === path), offer[path], offer);
    const name = kind.named_by.map(words).filter(Boolean).join(", ");
    const more = kind.listed.map(words).filter(Boolean).join(" · ");
    const take = button("Take it over", () => page.takeOver(kind.kind, offer), {
      class: "quiet-button",
      "aria-label": `Take over: ${name}`,
    });
    return h("li", {}, h("bdi", {}, name), " ", h("span", { class: "quiet" }, more), " ", take);
  }

  #gone() {
    const gone = this.page.gone(this.kind.kind);
    this.withdrawn.hidden = gone.length === 0;
    setText(this.withdrawn.firstChild, `Withdrawn: ${gone.length}`);
    if (!this.withdrawn.open) return;
    this.back.replaceChildren(
      ...gone.map((row) => {
        const name = this.page.nameOf(row.kind, row.key);
        return h(
          "li",
          {},
          h("bdi", {}, name),
          " ",
          h("span", { class: "quiet" }, "by ", person(row.gone.by), ` ${row.gone.at}`),
          " ",
          this.kind.write &&
            button("Bring back", () => this.page.restore(`${row.kind}:${row.key}`), {
              class: "quiet-button",
              "aria-label": `Bring back ${name}`,
            }),
        );
      }),
    );
  }

  #build() {
    const { kind, page } = this;
    const again = () => {
      this.most = SHOWN_AT_ONCE;
      this.show();
    };
    const [findId, sortId] = [`${page.uid}-find-${kind.kind}`, `${page.uid}-sort-${kind.kind}`];
    this.search = h("input", { type: "search", id: findId, autocomplete: "off", input: again });
    const choices = [...new Set([kind.named_by[0], ...kind.listed])].map((path) =>
      h("option", { value: path }, kind.fields.find((one) => one.path === path).label),
    );
    this.sort = h(
      "select",
      { id: sortId, change: again },
      ...choices,
      h("option", { value: "last" }, "Last changed first"),
    );
    this.adding = button(capital(`add ${article(kind.one)}`), () => page.add(kind.kind), {
      class: "main",
      hidden: !kind.write,
    });
    this.counted = h("p", { class: "measure", role: "status" });
    this.none = h("p", { class: "quiet" });
    this.body = h("tbody");
    const heads = [
      kind.named_by.length === 1
        ? kind.fields.find((one) => one.path === kind.named_by[0]).label
        : capital(kind.one),
      ...kind.listed.map((path) => kind.fields.find((one) => one.path === path).label),
      "Last changed",
    ];
    this.table = h(
      "table",
      { class: "entries" },
      h("caption", { class: "unseen" }, kind.title),
      h("thead", {}, h("tr", {}, ...heads.map((words) => h("th", { scope: "col" }, words)))),
      this.body,
    );
    this.further = button("", () => {
      this.most += SHOWN_AT_ONCE;
      this.show();
    });
    this.proposals = h("ul");
    this.offers = h("section", { class: "offers" }, h("h3", {}, ""), this.proposals);
    this.back = h("ul");
    this.withdrawn = h(
      "details",
      { class: "withdrawn", toggle: () => this.#gone() },
      h("summary", {}, "Withdrawn"),
      this.back,
    );
    return h(
      "div",
      { class: "list" },
      h(
        "div",
        { class: "tools" },
        this.adding,
        h("div", { class: "field" }, h("label", { for: findId }, "Search"), this.search),
        h("div", { class: "field" }, h("label", { for: sortId }, "Sort by"), this.sort),
      ),
      this.offers,
      this.counted,
      this.none,
      h("div", { class: "scroll" }, this.table),
      this.further,
      this.withdrawn,
    );
  }
}
