/* What each of our widgets needs in the browser: nothing typed is lost, and everybody sees how it stands.

   What a person types goes at once into the outbox (memory and localStorage) and leaves it only
   when the kernel has acknowledged it. At most one change for each key is under way, so that its
   base is always known and nobody is in conflict with himself. The line pings; silence is shown,
   and when the kernel is heard again the outbox is sent anew, in the order in which it was typed.

   What people type becomes text nodes, never HTML; only what the kernel made and escaped enters
   through `trusted`. This text stands before the widget's own (forms/modules.py joins them). */

const PAUSE = 800; // ms after the last keystroke until a text is sent
const PING = 2000;
const SILENCE = 2400; // an unanswered ping this old means: disconnected (PING + SILENCE < 5 s)
const UNHEARD = 6000; // an unanswered change this old is sent again; the kernel takes it once
const STALE = 10_000; // a page that has not said for so long that it lives has left its outbox

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

function printPage() {
  window.print();
}

/* The same JSON, whatever the order of the names in it. */
function alike(one, other) {
  if (one === other) return true;
  if (!one || !other || typeof one !== "object" || typeof other !== "object") return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && alike(one[name], other[name]))
  );
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
    this.place = null;
    this.kept = true;
  }

  /* `of` says whose it is: the widget, the country, the cycle, the person. */
  open(...of) {
    const prefix = `ncc-form/${of.map(encodeURIComponent).join("/")}/`;
    this.place = prefix + this.page;
    this.alive();
    for (const place of shelf.keys(prefix)) if (this.#abandoned(place)) this.#adopt(place);
    this.#sort();
    this.keep();
  }

  close() {
    shelf.drop(`ncc-form-alive/${this.page}`);
  }

  alive() {
    shelf.set(`ncc-form-alive/${this.page}`, Date.now());
  }

  put(key, fields, base) {
    const entry = this.entries.get(key);
    if (entry) {
      entry.fields = fields;
      entry.refused = null;
    } else {
      this.entries.set(key, { key, fields, base, order: Date.now(), via: "change" });
    }
    this.keep();
    return this.entries.get(key);
  }

  drop(key) {
    this.entries.delete(key);
    this.keep();
  }

  byId(id) {
    return [...this.entries.values()].find((entry) => entry.id === id);
  }

  keep() {
    if (!this.place) return;
    if (this.entries.size === 0) shelf.drop(this.place);
    else this.kept = shelf.set(this.place, [...this.entries.values()]);
  }

  #abandoned(place) {
    const page = place.split("/").at(-1);
    const seen = shelf.get(`ncc-form-alive/${page}`) ?? 0;
    return page !== this.page && Date.now() - seen > STALE;
  }

  #adopt(place) {
    for (const entry of shelf.get(place) ?? []) {
      const known = this.entries.get(entry.key);
      if (known && known.order >= entry.order) continue;
      this.entries.set(entry.key, { ...entry, id: null, refused: null, theirs: null });
    }
    shelf.drop(place);
    shelf.drop(`ncc-form-alive/${place.split("/").at(-1)}`);
  }

  #sort() {
    const sorted = [...this.entries.values()].sort((one, other) => one.order - other.order);
    this.entries = new Map(sorted.map((entry) => [entry.key, entry]));
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

/* ---- the banner: saved, saving, not saved, disconnected ---- */

/* Stays in sight; `more` are further elements in it. */
class Banner {
  constructor(reload, ...more) {
    this.says = h("span", { class: "says", role: "status", "aria-live": "polite" });
    this.again = button("Reload the page", reload, { hidden: true });
    this.where = h("span", { class: "unseen", role: "status" });
    this.element = h(
      "div",
      { class: "bar", "data-kind": "saved" },
      this.says,
      this.again,
      ...more,
      this.where,
    );
  }

  /* `way` is what the button offers while there is no connection. */
  say(kind, words, way = "Reload the page") {
    this.element.dataset.kind = kind;
    setText(this.says, words);
    setText(this.again, way);
    this.again.hidden = kind !== "disconnected";
  }

  /* Said to who listens to the page, and shown to nobody. */
  announce(words) {
    setText(this.where, words);
  }
}

/* ---- one widget ---- */

/* What a person fills in, kept until the kernel has it; what it looks like is the heir's part.

   The heir gives `area` (its name in the browser's storage) and:
     hears()        what each message of the kernel does, by its `is`
     ready          whether the kernel has said everything, so that there is something to show
     knows(key)     whether there is such a thing to change
     standing(key)  what the kernel said last of it: { fields, seq }, or nothing
     address(key)   how a message names it
     show(words, ...more)   in place of everything, while it loads
     refusedAt(entry), status()   how it shows a change that was not taken, and how all stands
   A key is one thing that is saved at once: a statement, an entry. */
class Filling {
  constructor(model, el, area) {
    this.area = area;
    this.root = h("div", { class: "ncc-form", lang: "en" });
    el.replaceChildren(this.root);
    this.outbox = new Outbox();
    this.ids = 0;
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
    if (shelf.keys(`ncc-form/${this.area}/`).length)
      this.root.append(
        h(
          "p",
          {},
          "Something typed on this computer is not sent yet. It is kept, and sent when the form is open.",
        ),
      );
  }

  /* Listens until the widget is closed. */
  on(target, name, act) {
    target.addEventListener(name, act, { signal: this.ending.signal });
  }

  #listen() {
    this.on(window, "offline", () => this.line.lost());
    this.on(window, "online", () => this.line.ping());
    this.on(window, "ncc:connection", (event) => this.#connection(event));
    this.on(window, "pagehide", () => this.outbox.close());
    this.on(window, "pageshow", () => this.outbox.alive());
    this.on(window, "beforeunload", (event) => this.#leaving(event));
    this.ticking = setInterval(() => this.#tick(), PING);
  }

  /* The page tells how its wire is; shown here, it need not be shown elsewhere. */
  #connection(event) {
    const { up, words, link } = event.detail ?? {};
    this.over = link ? { words, link } : null;
    if (up) return this.line.ping();
    if (this.ready) event.preventDefault();
    this.line.lost();
    if (this.ready) this.status();
    return null;
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

  #up() {
    this.hello();
    if (this.ready) this.status();
  }

  #down() {
    if (this.ready) this.status();
    else this.loading("The server does not answer. Still trying…");
  }

  /* What is kept here is sent by the page that opens then. */
  reload() {
    this.reloading = this.outbox.kept;
    const [href] = this.over?.link ?? [location.href];
    if (href === location.href) location.reload();
    else location.assign(href);
  }

  /* ---- what the kernel says ---- */

  heard(message) {
    const known = this.hears();
    if (message.is === "all" || message.is === "refused" || this.ready)
      known[message.is]?.(message);
    if (this.act && message.id === this.act.id) this.acted(message);
  }

  /* Everything is said: `of` are the country, the cycle and the person. */
  greeted(...of) {
    this.greeting = false;
    this.notice = null;
    this.outbox.open(this.area, ...of);
  }

  /* What of one thing was typed here and is not saved yet, once the kernel has said what stands. */
  reconcile(key) {
    const entry = this.outbox.entries.get(key);
    const value = this.standing(key);
    if (!entry) return null;
    if (value && entry.sent && this.same(value.fields, entry.sent)) entry.base = value.seq;
    if (!this.same(value?.fields, entry.fields)) return entry;
    this.outbox.drop(key);
    return null;
  }

  same(one, other) {
    return alike(one, other);
  }

  /* The change with this id is in the record, as the revision `seq`. */
  acknowledged(entry, seq) {
    this.notice = null;
    Object.assign(entry, { base: seq, id: null, via: "change" });
    if (this.same(entry.fields, entry.sent)) this.outbox.drop(entry.key);
    else if (!this.timers.has(entry.key)) this.send(entry);
  }

  /* Two people changed one thing: it waits here until `settled` says what shall stand. */
  clashed(entry, theirs) {
    Object.assign(entry, { id: null, theirs });
    this.outbox.keep();
  }

  /* The person has chosen; sent where it is not just what the other saved. */
  settled(key, fields, theirs) {
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.outbox.drop(key);
    if (!fields || this.same(fields, theirs.fields)) return;
    const entry = this.outbox.put(key, fields, theirs.seq);
    entry.via = "resolve";
    this.send(entry);
  }

  refused(message) {
    const words = refusal(message);
    if (!this.ready)
      return this.loading(
        words,
        button("Load the page again", () => this.reload()),
      );
    const entry = this.outbox.byId(message.id);
    if (entry) {
      Object.assign(entry, { id: null, refused: words });
      this.refusedAt(entry);
    } else if (!this.act || this.act.id !== message.id) {
      this.notice = words;
    }
    this.outbox.keep();
    return this.status();
  }

  retry(entry) {
    entry.refused = null;
    this.send(entry);
  }

  /* ---- what the person does ---- */

  /* Something was typed: kept at once, sent after the pause. */
  typed(key, fields, pause) {
    this.notice = null;
    this.outbox.put(key, fields, this.standing(key)?.seq ?? null);
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => this.commit(key), pause),
    );
    if (!pause) this.commit(key);
  }

  commit(key) {
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    const entry = this.outbox.entries.get(key);
    if (!entry) return;
    if (!entry.id && !entry.theirs && this.same(entry.fields, this.standing(key)?.fields)) {
      this.outbox.drop(key);
      this.status();
    } else {
      this.send(entry);
    }
  }

  flush() {
    for (const key of [...this.timers.keys()]) this.commit(key);
  }

  resend() {
    this.flush();
    for (const entry of this.outbox.entries.values()) {
      Object.assign(entry, { id: null, refused: null });
      if (this.knows(entry.key)) this.send(entry);
      else this.outbox.drop(entry.key);
    }
    if (this.act?.sent) this.line.send(this.act.message);
  }

  send(entry) {
    if (!this.line.connected || entry.refused || entry.theirs) return;
    if (entry.id) return; // one is under way; this follows when it is acknowledged
    this.ids += 1;
    entry.id = this.ids;
    entry.sent = structuredClone(entry.fields);
    this.outbox.keep();
    this.#transmit(entry);
  }

  #transmit(entry) {
    const { id, key, base, sent: fields } = entry;
    entry.sentAt = Date.now();
    this.line.send({ do: entry.via, id, ...this.address(key), base, fields });
  }

  /* ---- one deed at a time, once everything typed is saved; `done(refusal or null, message)` ---- */

  doing(message, done) {
    if (this.act) return; // a second click changes nothing
    this.ids += 1;
    this.act = { id: this.ids, do: message.do, message: { ...message, id: this.ids }, done };
    this.whenSaved(() => {
      if (this.holds(message)) return;
      this.act.sent = true;
      this.line.send(this.act.message);
    });
  }

  /* Whether a deed must wait for the person; then the heir has told him, by `acted`. */
  holds() {
    return false;
  }

  acted(message) {
    const { done } = this.act;
    this.act = null;
    done(message.is === "refused" ? refusal(message) : null, message);
  }

  /* Runs once nothing typed is under way any more; what is in conflict or refused does not hold it up. */
  whenSaved(then) {
    this.flush();
    this.afterSaved = then;
    this.status();
  }

  /* ---- how it stands ---- */

  /* Changes that wait for the person: in conflict, or refused. */
  unsent() {
    return [...this.outbox.entries.values()].filter((entry) => entry.theirs || entry.refused);
  }

  /* To be called with every `status`: what waited for the last save begins. */
  proceed() {
    const idle = this.line.connected && this.outbox.entries.size === this.unsent().length;
    if (!idle || !this.afterSaved) return;
    const then = this.afterSaved;
    this.afterSaved = null;
    then();
  }

  /* The kind and the words for the banner, and the way out where there is one. `named(key)` says in words what a key is. */
  howItStands({ named = (key) => key, resting = "Everything is saved" } = {}) {
    if (!this.line.connected) return ["disconnected", ...this.#awayWords()];
    const [stuck] = this.unsent();
    if (stuck?.refused) return ["unsaved", `Not saved: ${named(stuck.key)}. ${stuck.refused}`];
    if (stuck)
      return [
        "unsaved",
        `Not saved: ${named(stuck.key)} was changed by ${stuck.theirs.by} too. Choose there what shall stand.`,
      ];
    if (this.notice) return ["unsaved", this.notice];
    if (this.outbox.entries.size) return ["saving", "Saving…"];
    return ["saved", this.lastSaved ? `Saved ${this.lastSaved}` : resting];
  }

  #awayWords() {
    if (this.over) return [this.over.words, this.over.link[1]];
    if (this.outbox.kept)
      return ["Disconnected: what you type is kept here and sent when the connection is back."];
    return [
      "Disconnected: what you type is kept in this window only, so leave it open; it is sent when the connection is back.",
    ];
  }
}
