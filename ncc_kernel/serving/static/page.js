// A page's end of the wire: mounts each widget that the notebook shows, and keeps it connected.
//
// It speaks so much of Jupyter's protocol as our own widgets need and no more: import the module,
// hand it a model, carry messages to and fro. When the wire breaks it is tied again; when the
// kernel or the session is gone, the page says so: in the widget's own banner where there is one,
// else above the content. The page comes cell by cell; a widget is mounted as soon as its place is
// there, while the cells after it are still made.

const GONE = 4410, SIGNED_OUT = 4401;
const models = new Map();
let kernel = null, status = null, wire = null;

const id = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))]
  .map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** What a widget's module calls its model: messages to the kernel and from it.
 *
 * What the kernel answers to the first hello has come with the page, so that the form stands before the line does. */
class Model {
  constructor(widget, said) {
    this.widget = widget;
    this.said = said;
    this.listeners = new Set();
  }
  send(content) {
    if (content.do === "hello" && this.said) return this.greet();
    return wire.say("comm_msg", { comm_id: this.widget, data: { method: "custom", content } });
  }
  greet() {
    const said = this.said;
    this.said = null;
    queueMicrotask(() => said.forEach((message) => this.take(message)));
    return this.send({ do: "ping" }); // from now on the kernel looks for what others do
  }
  on(_name, listener) { this.listeners.add(listener); }
  off(_name, listener) { this.listeners.delete(listener); }
  take(message) { for (const listener of this.listeners) listener(message); }
}

/** The websocket to this page's kernel, tied again whenever it breaks. */
class Wire {
  constructor() {
    this.session = id();
    this.waiting = []; // said before the wire was tied for the first time
    this.pause = 500;
    this.over = false;
    this.tie();
  }
  tie() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/api/kernels/${kernel}/channels?session_id=${this.session}`);
    this.socket = socket;
    let opened = false;
    socket.onopen = () => {
      opened = true;
      this.pause = 500;
      this.waiting?.forEach((message) => socket.send(message));
      this.waiting = null;
      tell(true);
    };
    socket.onmessage = ({ data }) => { if (typeof data === "string") this.hear(JSON.parse(data)); };
    socket.onclose = ({ code }) => { if (this.socket === socket) this.broken(code, opened); };
  }
  async broken(code, opened) {
    this.waiting = null;
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
    const open = this.socket.readyState === WebSocket.OPEN;
    if (!open && !this.waiting) return false;
    const header = { msg_id: id(), msg_type: kind, session: this.session, username: "", version: "5.3", date: new Date().toISOString() };
    const message = JSON.stringify({ header, parent_header: {}, metadata: {}, content, buffers: [], channel: "shell" });
    if (open) this.socket.send(message);
    else this.waiting.push(message);
    return true;
  }
  hear({ header, content }) {
    if (header?.msg_type === "comm_msg" && content.data?.method === "custom") models.get(content.comm_id)?.take(content.data.content);
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

/** Find the places that have come, and mount what belongs there. */
function look() {
  kernel ??= document.getElementById("kernel")?.dataset.id;
  status ??= document.getElementById("connection");
  for (const place of document.querySelectorAll("[data-widget]")) {
    const { widget } = place.dataset;
    if (models.has(widget)) continue;
    wire ??= new Wire();
    const said = document.getElementById(`said-${widget}`); // it stands before its place, so it is whole
    const model = new Model(widget, said && JSON.parse(said.textContent));
    models.set(widget, model);
    draw(place, model).catch((fault) => {
      console.error(fault);
      place.textContent = "The form cannot be shown in this browser.";
    });
  }
}

async function draw(place, model) {
  const { default: widget } = await import(place.dataset.script);
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
