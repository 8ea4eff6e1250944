// A page's end of the wire: mounts each widget that the notebook shows, and keeps it connected.
//
// It speaks so much of Jupyter's protocol as anywidget needs and no more: ask each widget
// for its state, import its own module, hand it a model, carry messages to and fro. When
// the wire breaks it is tied again; when the kernel or the session is gone, the page says so:
// in the widget's own banner where there is one, else above the content. The page comes cell by
// cell; a widget is mounted as soon as its place is there, while the cells after it are still made.

const GONE = 4410, SIGNED_OUT = 4401;
const places = new Map();
let kernel = null, status = null;

const id = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))]
  .map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** What anywidget's modules call a model: state, events, and a way to the kernel. */
class Model {
  constructor(modelId, state, wire) {
    this.model_id = modelId;
    this.state = state;
    this.wire = wire;
    this.changed = {};
    this.listeners = new Map();
  }
  get(name) { return this.state[name]; }
  set(name, value) { this.state[name] = value; this.changed[name] = value; this.emit(`change:${name}`, value); }
  save_changes() {
    if (Object.keys(this.changed).length) {
      this.wire.say("comm_msg", { comm_id: this.model_id, data: { method: "update", state: this.changed, buffer_paths: [] } });
    }
    this.changed = {};
  }
  send(content) { return this.wire.say("comm_msg", { comm_id: this.model_id, data: { method: "custom", content } }); }
  on(name, listener) { this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]); }
  off(name, listener) {
    if (!name) this.listeners.clear();
    else this.listeners.set(name, listener ? (this.listeners.get(name) ?? []).filter((one) => one !== listener) : []);
  }
  emit(name, ...values) { for (const listener of this.listeners.get(name) ?? []) listener(...values); }
  take({ method, content, state }) {
    if (method === "custom") this.emit("msg:custom", content, []);
    if (method === "update") {
      Object.assign(this.state, state);
      for (const name of Object.keys(state)) this.emit(`change:${name}`, state[name]);
      this.emit("change");
    }
  }
}

/** The websocket to this page's kernel, tied again whenever it breaks. */
class Wire {
  constructor(onOpen, onComm) {
    this.session = id();
    this.onOpen = onOpen;
    this.onComm = onComm;
    this.pause = 500;
    this.over = false;
    this.tie();
  }
  tie() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/api/kernels/${kernel}/channels?session_id=${this.session}`);
    this.socket = socket;
    let opened = false;
    socket.onopen = () => { opened = true; this.pause = 500; tell(true); this.onOpen(); };
    socket.onmessage = ({ data }) => { if (typeof data === "string") this.hear(JSON.parse(data)); };
    socket.onclose = ({ code }) => { if (this.socket === socket) this.broken(code, opened); };
  }
  async broken(code, opened) {
    if (code === SIGNED_OUT) return this.end("You are signed out. What is not saved yet is kept in this browser.", "/signin");
    if (code === GONE) return this.end("Disconnected: the form's program has ended. What is not saved yet is kept in this browser.");
    tell(false, "The connection to the server is lost. Trying again …");
    if (!opened) {
      const answer = await fetch(`/api/kernels/${kernel}`, { cache: "no-store", redirect: "manual" }).catch(() => null);
      if (answer?.status === 404) return this.end("Disconnected: the form's program has ended. What is not saved yet is kept in this browser.");
      if (answer?.status === 401 || answer?.status === 403 || answer?.type === "opaqueredirect") {
        return this.end("You are signed out. What is not saved yet is kept in this browser.", "/signin");
      }
    }
    setTimeout(() => this.tie(), this.pause);
    this.pause = Math.min(this.pause * 1.6, 4000);
  }
  end(words, elsewhere) {
    this.over = true;
    const next = encodeURIComponent(location.pathname + location.search);
    tell(false, words, elsewhere ? [`${elsewhere}?next=${next}`, "Sign in again"] : [location.href, "Open it again"]);
  }
  say(kind, content) {
    if (this.socket.readyState !== WebSocket.OPEN) return false;
    const header = { msg_id: id(), msg_type: kind, session: this.session, username: "", version: "5.3", date: new Date().toISOString() };
    this.socket.send(JSON.stringify({ header, parent_header: {}, metadata: {}, content, buffers: [], channel: "shell" }));
    return true;
  }
  hear(message) {
    const kind = message.header?.msg_type;
    if (kind === "comm_msg" || kind === "comm_close") this.onComm(kind, message.content);
  }
}

/** How the connection is: every widget hears of it, and who shows it says so by preventDefault. */
function tell(up, words = "", link = null) {
  const event = new CustomEvent("ncc:connection", { cancelable: true, detail: { up, words, link } });
  const shown = !window.dispatchEvent(event);
  status.replaceChildren(shown ? "" : words);
  status.classList.toggle("shown", Boolean(words) && !shown);
  if (!link || shown) return;
  const anchor = Object.assign(document.createElement("a"), { href: link[0], textContent: link[1] });
  anchor.addEventListener("click", (event) => { if (link[0] === location.href) { event.preventDefault(); location.reload(); } });
  status.append(" ", anchor);
}

const models = new Map();
let wire = null, open = false;

function ask(widget) {
  if (!models.has(widget)) wire.say("comm_msg", { comm_id: widget, data: { method: "request_state" } });
}

function hear(kind, { comm_id: comm, data }) {
  if (kind !== "comm_msg") return;
  const known = models.get(comm), place = known ? null : places.get(comm);
  if (known) known.take(data);
  else if (place && data?.method === "update" && data.state?._esm) {
    const model = new Model(comm, data.state, wire);
    models.set(comm, model);
    draw(place, model).catch((fault) => {
      console.error(fault);
      place.textContent = "The form cannot be shown in this browser.";
    });
  }
}

/** Find the places that have come, and ask for what belongs there. */
function look() {
  kernel ??= document.getElementById("kernel")?.dataset.id;
  status ??= document.getElementById("connection");
  for (const place of document.querySelectorAll("[data-widget]")) {
    const { widget } = place.dataset;
    if (places.has(widget)) continue;
    places.set(widget, place);
    if (open) ask(widget);
  }
  if (kernel && places.size) wire ??= new Wire(() => { open = true; [...places.keys()].forEach(ask); }, hear);
}

async function draw(place, model) {
  const address = URL.createObjectURL(new Blob([model.get("_esm")], { type: "text/javascript" }));
  const module = await import(address);
  URL.revokeObjectURL(address);
  const widget = typeof module.default === "function" ? await module.default() : module.default;
  await widget.initialize?.({ model });
  if (model.get("_css")) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(model.get("_css"));
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  place.replaceChildren();
  await widget.render({ model, el: place });
  performance.mark("ncc-form-drawn");
}

const coming = new MutationObserver(look);
if (document.readyState === "loading") {
  coming.observe(document, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => { coming.disconnect(); look(); });
}
look();
