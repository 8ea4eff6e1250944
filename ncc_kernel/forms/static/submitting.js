/* Handing in: how the whole stands, the check page, and the receipt. */

/* ---- the state of the whole: read-only, returned, review ---- */

const STATES = {
  draft: "Draft",
  submitted: "Submitted",
  returned: "Returned",
  accepted: "Accepted",
  reopened: "Reopened",
};

function statePanel(form) {
  const { state, reference, note, at, by, asked } = form.state;
  const who = by ? [" by ", person(by)] : [];
  const parts = [
    h(
      "p",
      {},
      h("span", { class: "tag" }, STATES[state] ?? state ?? "Draft"),
      " ",
      stateWords(form),
      ...(at ? [` ${when(at)}`] : []),
      ...who,
    ),
  ];
  if (reference && state !== "draft")
    parts.push(
      h("p", {}, `Reference ${reference}. `, h("a", { href: "#receipt" }, "Show the receipt")),
    );
  if (note) parts.push(h("blockquote", {}, note));
  if (asked) parts.push(h("p", {}, "The team asks to reopen it:"), h("blockquote", {}, asked));
  if (form.may.review) parts.push(...reviewControls(form, state));
  else if (form.may.write && !form.writable) parts.push(askReopen(form));
  return h("div", { class: `state ${state ?? "draft"}`, tabindex: "-1" }, ...parts);
}

function stateWords(form) {
  if (!form.may.write && !form.may.review) return "You can read this form; you cannot change it.";
  return (
    {
      submitted: "The form is read-only while the coordinator looks at it.",
      accepted: "The form is read-only.",
      returned: "Please mend what the note says, check, and submit again.",
      reopened: "It can be changed; submit it again when it is done.",
    }[form.state.state] ?? "Being filled in; nothing is submitted yet."
  );
}

function askReopen(form) {
  return noteForm(form, {
    id: "ask-reopen",
    title: "Ask to reopen",
    label: "What has to change?",
    deeds: [
      {
        words: "Ask to reopen",
        message: { do: "ask_reopen" },
        needed: true,
        done: "Asked. The coordinator sees it and can reopen the form.",
      },
    ],
  });
}

function reviewControls(form, state) {
  const back = {
    words: "Return with this note",
    message: { do: "review", decision: "return" },
    needed: true,
    done: "Returned to the team with your note.",
  };
  const accept = {
    words: "Accept",
    message: { do: "review", decision: "accept" },
    done: "Accepted.",
  };
  const reopen = {
    words: "Reopen",
    message: { do: "review", decision: "reopen" },
    done: "Reopened; the team can change it.",
  };
  const deeds = { submitted: [back, accept, reopen], accepted: [reopen] }[state];
  if (!deeds) return [];
  return [
    noteForm(form, {
      id: "review",
      title: "Review",
      label: "Note to the team (needed to return)",
      deeds,
      open: true,
    }),
  ];
}

function noteForm(form, { id, title, label, deeds, open = false }) {
  const area = h("textarea", { id: `${id}-note`, rows: 3, "aria-describedby": `${id}-message` });
  const says = h("p", { id: `${id}-message`, class: "message", role: "status" });
  const press =
    ({ message, needed, done }) =>
    () => {
      const note = area.value.trim();
      if (needed && !note) {
        setText(says, "Error: write a note first; it says what has to change.");
        area.setAttribute("aria-invalid", "true");
        area.focus();
        return;
      }
      area.removeAttribute("aria-invalid");
      setText(says, "Sending…");
      form.doing({ ...message, note }, (refusal) => {
        setText(says, refusal ? `Not done: ${refusal}` : done);
        if (!refusal) form.frame.banner.announce(done); // the panel may be gone: its state has changed
      });
    };
  const buttons = deeds.map((deed) => button(deed.words, press(deed)));
  return h(
    "details",
    { class: "note-form", open },
    h("summary", {}, title),
    h("label", { for: area.id }, label),
    area,
    says,
    h("p", { class: "buttons" }, ...buttons),
  );
}

/* ---- the check page ---- */

function checkingPage() {
  return h(
    "div",
    { class: "check" },
    h("h2", { tabindex: "-1" }, "Check your answers"),
    h("p", { role: "status" }, "Checking…"),
  );
}

function checkPage(form, { errors = [], warnings = [], summary, changes = [] }) {
  const all = [
    ...form
      .unsent()
      .map(({ key }) => ({
        question: key,
        field: "answer",
        message: "has changes that are not saved.",
      })),
    ...errors,
  ];
  return h(
    "div",
    { class: "check" },
    all.length > 0 && errorSummary(all),
    h("h2", { tabindex: "-1" }, "Check your answers"),
    summary && h("p", {}, summary),
    warnings.length > 0 && listed("Warnings: you can submit with these", "warnings", warnings),
    all.length > 0
      ? h("p", {}, `Before you can submit, mend the ${count(all.length, "error")} listed above.`)
      : submitPart(form),
    h(
      "p",
      {},
      h("a", { href: `#${form.at ?? form.guide.dimensions[0].code}` }, "Back to the form"),
    ),
    changes.length > 0 && changesTable(form, changes),
    h("h3", {}, "All answers"),
    ...form.guide.dimensions.map((one) => answersTable(form, one)),
  );
}

function errorSummary(errors) {
  const title = h(
    "h3",
    { id: "error-summary" },
    `There ${errors.length === 1 ? "is" : "are"} ${count(errors.length, "error")}`,
  );
  return h(
    "div",
    { class: "error-summary", role: "alert", tabindex: "-1", "aria-labelledby": title.id },
    title,
    links(errors),
  );
}

function listed(title, kind, found) {
  return h("div", { class: kind }, h("h3", {}, title), links(found));
}

function links(found) {
  const link = ({ question, field, message }) =>
    question
      ? h("a", { href: `#${field ? `${question}:${field}` : question}` }, `${question}: ${message}`)
      : message;
  return h("ul", {}, ...found.map((one) => h("li", {}, typeof one === "string" ? one : link(one))));
}

function changesTable(form, changes) {
  const row = ({ question, field, before, now }) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, `${question} ${LABELS[field] ?? field}`),
      h("td", {}, before || "Nothing"),
      h("td", {}, now || "Nothing"),
    );
  const head = h(
    "tr",
    {},
    ...["Field", "Submitted last", "Now"].map((words) => h("th", { scope: "col" }, words)),
  );
  return h(
    "table",
    { class: "answers" },
    h("caption", {}, "Changed since it was submitted last"),
    h("thead", {}, head),
    h("tbody", {}, ...changes.map(row)),
  );
}

function answersTable(form, dimension) {
  const row = ({ code, statement }) => {
    const one = form.statements.get(code);
    const fields = one.read();
    const more = NAMES.slice(1).filter((name) => fields[name]);
    const rest = more.map((name) =>
      h(
        "p",
        { class: "given-line" },
        `${LABELS[name]}: ${worded(form.guide, one.question, name, fields[name])}`,
      ),
    );
    const beside = one.files.files.map(({ name }) =>
      h("p", { class: "given-line" }, "File: ", h("bdi", {}, name)),
    );
    const change = h(
      "a",
      { href: `#${code}:answer` },
      form.writable ? "Change" : "Show",
      h("span", { class: "unseen" }, ` ${code}`),
    );
    const given = h("td", {}, wordedAnswer(form.guide, one.question, fields.answer), ...rest, ...beside);
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, `${code} ${statement}`),
      given,
      h("td", {}, change),
    );
  };
  const head = h(
    "tr",
    {},
    ...["Statement", "Answer", "Change"].map((words) => h("th", { scope: "col" }, words)),
  );
  return h(
    "table",
    { class: "answers" },
    h("caption", {}, `${dimension.code} ${dimension.name}`),
    h("thead", {}, head),
    h("tbody", {}, ...dimension.questions.map(row)),
  );
}

function submitPart(form) {
  const part = h("div", { class: "submit" });
  const able = WRITABLE.has(form.state.state) && (form.may.submit ?? form.may.write);
  if (!able)
    return h(
      "p",
      {},
      form.state.state === "submitted"
        ? "This is submitted already."
        : "You cannot submit this form.",
    );
  const ask = () => {
    part.replaceChildren(...confirmation(form, offer));
    part.querySelector("h3").focus();
  };
  const offer = () => part.replaceChildren(button("Submit…", ask, { class: "main" }));
  offer();
  return part;
}

function confirmation(form, back) {
  const says = h("p", { class: "message", role: "alert" });
  const yes = button("Yes, submit now", press, { class: "main" });
  function press() {
    yes.setAttribute("aria-disabled", "true");
    setText(yes, "Submitting…");
    form.submit((words) => {
      setText(says, words);
      setText(yes, "Yes, submit now");
      yes.setAttribute("aria-disabled", "false");
    });
  }
  return [
    h(
      "h3",
      { tabindex: "-1" },
      `Submit the self-assessment of ${form.about.country_name} for ${form.about.cycle}?`,
    ),
    h(
      "p",
      {},
      "What happens next: you get a receipt to keep, and the form becomes read-only for the whole team. The coordinator reads it and accepts it, or returns it with a note for you to mend. You can ask to reopen it.",
    ),
    says,
    h("p", { class: "buttons" }, yes, button("Not yet", back)),
  ];
}

/* ---- the receipt ---- */

function receiptPage(form) {
  const { reference, at, by, digest, html } = form.receipt ?? form.state;
  const title = h(
    "h2",
    { tabindex: "-1" },
    reference ? "Submitted: your receipt" : "There is no receipt yet",
  );
  if (!reference)
    return h(
      "div",
      { class: "receipt" },
      title,
      h("p", {}, h("a", { href: "#check" }, "Check and submit")),
    );
  const facts = {
    Reference: reference,
    Country: form.about.country_name,
    Cycle: form.about.cycle,
    "Submitted at": when(at),
    "Submitted by": by,
    "Digest of the answers": digest,
  };
  const rows = Object.entries(facts).filter(([, value]) => value);
  const says = h("span", { role: "status" });
  return h(
    "div",
    { class: "receipt" },
    title,
    h(
      "dl",
      { class: "facts" },
      ...rows.map(([name, value]) =>
        h("div", {}, h("dt", {}, name), h("dd", {}, h("bdi", {}, value))),
      ),
    ),
    h(
      "p",
      {},
      "What happens next: the coordinator reads it and accepts it, or returns it with a note. Until then the form is read-only.",
    ),
    h(
      "p",
      { class: "buttons" },
      button("Copy the receipt", () => copy(rows, says)),
      button("Print the receipt", printPage),
      says,
    ),
    html && h("section", { class: "copy", "aria-label": "A copy of your answers" }, trusted(html)),
    h("p", {}, h("a", { href: `#${form.guide.dimensions[0].code}` }, "Back to the form")),
  );
}

async function copy(rows, says) {
  const text = rows.map(([name, value]) => `${name}: ${value}`).join("\n");
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyOldWay(text); // the clipboard's own interface is there under https only
  }
  setText(says, "Copied.");
}

function copyOldWay(text) {
  const area = h("textarea", { "aria-label": "The receipt as text" });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
