/* The live map: filters, what is new, and the pictures, which are changed in place.

   A picture's element stays when it is drawn anew, and so does what is open, scrolled or focused in
   it. What is chosen stands in the page's address, where the page has one of its own. The kernel's
   HTML enters through `trusted` alone; everything else becomes text (see line.js). */

const SERVED = location.pathname.startsWith("/w/");
const NEWEST = 8; // news kept in the page

/* One picture, or words in its place. */
class Shown {
  constructor(name, heading) {
    this.title = h("h3", { id: `live-${name}` }, heading);
    this.element = h("section", { "aria-labelledby": this.title.id, "data-picture": name }, this.title);
    this.element.append(h("p", { class: "quiet waiting" }, "Being drawn …"));
  }

  show({ finding, measure, picture, source, table, words }) {
    this.element.querySelector(":scope > .waiting")?.remove();
    if (!picture) return this.#words(words);
    this.element.querySelector(":scope > .words")?.remove();
    this.figure ??= this.#figure();
    this.figure.finding.textContent = finding;
    this.figure.measure.textContent = measure;
    this.figure.picture.setAttribute("aria-label", `${finding} ${measure}`);
    this.figure.picture.replaceChildren(trusted(picture));
    this.figure.source.textContent = source;
    this.#table(table);
  }

  #words(words) {
    this.figure?.element.remove();
    this.figure = null;
    const held = this.element.querySelector(":scope > .words") ?? h("div", { class: "words" });
    held.replaceChildren(trusted(words));
    this.element.append(held);
  }

  #figure() {
    const finding = h("strong", { class: "finding" });
    const measure = h("span", { class: "measure" });
    const picture = h("div", { class: "picture", role: "img" });
    const source = h("p", { class: "source" });
    const numbers = h("details", {}, h("summary", {}, "The numbers of this picture"));
    const caption = h("figcaption", {}, finding, " ", measure);
    const element = h("figure", {}, caption, picture, source, numbers);
    this.element.append(element);
    return { element, finding, measure, picture, source, numbers };
  }

  /* The scrolled region keeps its place and its focus: only what is in it changes. */
  #table(html) {
    const made = trusted(html);
    const now = this.figure.numbers.querySelector(".scroll");
    const then = made.querySelector(".scroll");
    if (now && then) now.replaceChildren(...then.childNodes);
    else this.figure.numbers.append(made);
  }
}

class Live {
  constructor(model, el) {
    this.root = h("div", { class: "ncc-live", lang: "en" });
    this.state = h("p", { class: "state quiet", role: "status" }, "The map is being opened …");
    this.filters = h("form", { class: "filters", "aria-label": "Show a part of the map", submit: (e) => e.preventDefault() });
    this.said = h("p", { class: "said", role: "status" });
    this.counts = h("p", { class: "counts" });
    this.fault = h("p", { class: "fault", role: "alert", hidden: true });
    this.news = h("ol", { class: "news", "aria-live": "polite", "aria-label": "Just entered" });
    this.newsPart = h("div", { hidden: true }, h("h3", {}, "Just entered"), this.news);
    this.pictures = h("div", {});
    this.shown = new Map();
    this.root.append(
      h("h2", {}, "The map in pictures"),
      this.state,
      this.filters,
      this.fault,
      this.said,
      this.counts,
      this.newsPart,
      this.pictures,
    );
    el.replaceChildren(this.root);
    this.line = new Line(model, {
      heard: (message) => this.heard(message),
      up: () => this.hello(),
      down: () => setText(this.state, "Disconnected: what is shown may be old. Still trying …"),
    });
    this.ending = new AbortController();
    const { signal } = this.ending;
    window.addEventListener("offline", () => this.line.lost(), { signal });
    window.addEventListener("online", () => this.line.ping(), { signal });
    window.addEventListener(
      "ncc:connection",
      ({ detail }) => (detail?.up ? this.line.ping() : this.line.lost()),
      { signal },
    );
    this.hello();
    this.asking = setInterval(() => !this.greeted && this.hello(), UNHEARD);
  }

  close() {
    clearInterval(this.asking);
    this.ending.abort();
    this.line.close();
  }

  hello() {
    this.line.send({ do: "hello" });
  }

  heard(message) {
    const known = {
      all: () => this.#all(message),
      chosen: () => this.#chosen(message.chosen),
      view: () => this.#view(message),
      picture: () => this.#picture(message),
      news: () => this.#news(message),
      refused: () => this.#refused(message),
    };
    known[message.is]?.();
  }

  #all({ choices, chosen }) {
    setText(this.state, "This page follows the record: what others enter appears by itself.");
    if (!this.greeted) this.filters.replaceChildren(...choices.map((one) => this.#choice(one)), this.#everything());
    this.greeted = true;
    this.#chosen(chosen);
  }

  #choice({ name, label, options }) {
    const made = [["", "all"], ...options].map(([code, words]) => h("option", { value: code }, words));
    const field = h("select", { name, change: () => this.#ask() }, ...made);
    return h("label", {}, h("span", {}, label), field);
  }

  #everything() {
    return button("Show everything", () => {
      for (const field of this.filters.querySelectorAll("select")) field.value = "";
      this.#ask();
    });
  }

  #ask() {
    const fields = [...this.filters.querySelectorAll("select")];
    const chosen = Object.fromEntries(fields.filter((one) => one.value).map((one) => [one.name, one.value]));
    this.line.send({ do: "filter", chosen });
  }

  #chosen(chosen) {
    this.fault.hidden = true;
    for (const field of this.filters.querySelectorAll("select")) field.value = chosen[field.name] ?? "";
    if (!SERVED) return;
    const address = new URL(location.href);
    for (const field of this.filters.querySelectorAll("select")) {
      if (chosen[field.name]) address.searchParams.set(field.name, chosen[field.name]);
      else address.searchParams.delete(field.name);
    }
    history.replaceState(history.state, "", address);
  }

  #view({ counts, said, order }) {
    setText(this.counts, counts);
    setText(this.said, said);
    const names = order.map(([name]) => name);
    for (const [name, one] of this.shown) {
      if (names.includes(name)) continue;
      one.element.remove();
      this.shown.delete(name);
    }
    for (const [name, heading] of order) {
      if (this.shown.has(name)) continue;
      const one = new Shown(name, heading);
      this.shown.set(name, one);
      this.pictures.append(one.element);
    }
  }

  #picture(message) {
    this.shown.get(message.name)?.show(message);
  }

  #news({ items, more }) {
    if (more) this.news.prepend(h("li", {}, `and ${count(more, "other entry", "other entries")}`));
    for (const item of items) this.news.prepend(h("li", {}, trusted(item)));
    while (this.news.children.length > NEWEST) this.news.lastChild.remove();
    this.newsPart.hidden = false;
  }

  #refused(message) {
    setText(this.fault, refusal(message));
    this.fault.hidden = false;
  }
}

export default {
  render({ model, el }) {
    const live = new Live(model, el);
    return () => live.close();
  },
};
