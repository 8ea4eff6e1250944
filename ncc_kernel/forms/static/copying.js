/* Copying a template: which one, for which challenge, and what came of it.

   The kernel makes the same copy once however often it is asked, so a press that got no answer may
   simply be made again. */

class Copying {
  constructor(model, el) {
    const mark = `copy-${Math.random().toString(36).slice(2, 8)}`;
    this.template = h("select", { id: `${mark}-template` });
    this.challenge = h("select", { id: `${mark}-challenge` });
    this.said = h("p", { role: "status" });
    this.press = button("Copy the template", () => this.#ask());
    this.root = h(
      "div",
      { class: "ncc-copying", lang: "en" },
      h("h3", {}, "Copy a template"),
      h("p", {}, h("label", { for: this.template.id }, "Template"), " ", this.template),
      h("p", {}, h("label", { for: this.challenge.id }, "For your challenge"), " ", this.challenge),
      h("p", {}, this.press),
      this.said,
    );
    el.replaceChildren(this.root);
    this.line = new Line(model, {
      heard: (message) => this.heard(message),
      up: () => setText(this.said, ""),
      down: () => setText(this.said, "Disconnected: nothing can be copied now. Still trying …"),
    });
    this.hello();
    this.asking = setInterval(() => !this.greeted && this.hello(), UNHEARD);
  }

  close() {
    clearInterval(this.asking);
    this.line.close();
  }

  hello() {
    this.line.send({ do: "hello" });
  }

  heard(message) {
    if (message.is === "all" && !this.greeted) {
      this.greeted = true;
      for (const [field, choices] of [[this.template, message.templates], [this.challenge, message.challenges]])
        field.replaceChildren(...choices.map(([value, words]) => h("option", { value }, words)));
    }
    if (message.is === "copied") setText(this.said, message.said);
    if (message.is === "refused") setText(this.said, refusal(message));
  }

  #ask() {
    this.line.send({ do: "copy", id: Date.now(), template: this.template.value, challenge: this.challenge.value });
  }
}

export default {
  render({ model, el }) {
    const copying = new Copying(model, el);
    return () => copying.close();
  },
};
