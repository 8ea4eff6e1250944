// Before somebody is signed out for want of anything done, the page says so, with a way to stay.
//
// The page asks when its session ends (asking is no sign of life), sleeps until five minutes
// before, and asks again: work in another tab or in the form has put the end off meanwhile.

const xsrf = document.querySelector('input[name="_xsrf"]')?.value ?? "";
const LONGEST = 15 * 60_000, SHORT = 15_000;
const box = Object.assign(document.createElement("div"), { id: "leaving", hidden: true });
box.setAttribute("role", "alert");
document.querySelector("main").before(box);
let shown = "";

async function ask(method = "GET") {
  const body = method === "POST" ? new URLSearchParams({ _xsrf: xsrf }) : undefined;
  try {
    const answer = await fetch("/session", { method, body, cache: "no-store", redirect: "manual" });
    if (answer.ok) return await answer.json();
    return answer.status === 403 || answer.type === "opaqueredirect" ? { seconds: 0 } : null;
  } catch {
    return null; // the server does not answer: whoever minds the connection says so
  }
}

async function look(method = "GET") {
  const told = await ask(method);
  if (told === null) return setTimeout(look, SHORT);
  if (told.seconds <= 0) return over();
  if (told.seconds > told.warned) {
    say("");
    return setTimeout(look, Math.min((told.seconds - told.warned) * 1000 + 500, LONGEST));
  }
  const minutes = Math.ceil(told.seconds / 60);
  const soon = `in ${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
  if (told.stays) say(`You will be signed out ${soon}, because nothing was done for a while.`, stay());
  else say(`You will be signed out ${soon}: a session lasts 12 hours. Then sign in again.`);
  return setTimeout(look, SHORT);
}

function stay() {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Stay signed in" });
  button.addEventListener("click", () => { button.disabled = true; look("POST"); });
  return button;
}

function over() {
  if (document.getElementById("kernel")) return say(""); // there the form itself says so
  const next = encodeURIComponent(location.pathname + location.search);
  const link = Object.assign(document.createElement("a"), { href: `/signin?next=${next}`, textContent: "Sign in again" });
  return say("You are signed out.", link);
}

function say(words, more) {
  if (words === shown) return;
  shown = words;
  box.hidden = !words;
  box.replaceChildren(words, ...(more ? [" ", more] : []));
}

look();
