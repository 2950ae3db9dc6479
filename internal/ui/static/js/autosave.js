// Forms that keep themselves. A form with data-autosave posts itself to its own address
// 800 ms after the typing stops, with "X-Autosave: 1" and without its files; the server
// answers 2xx when the draft is kept. Until then a copy stays on the device, so that a
// closed tab or a dead battery loses nothing: when the form opens again with other
// values than the copy, it offers to take the copy back. The state is written in the
// form's [data-autosave-state].
import { word } from "./words.js";
import { now, wall } from "./clock.js";
import { submit } from "./page.js";

const who = document.body.dataset.who || "";
const key = (form) => `h48-draft:${who}:${location.pathname}:${form.dataset.autosave}`;

// fields are the form's answers without files and passwords, which are not kept.
function fields(form) {
	return [...new FormData(form)].filter(([name, v]) => typeof v === "string" && (form.elements[name] || {}).type !== "password");
}

function tell(form, state, fill) {
	const box = form.querySelector("[data-autosave-state]");
	if (!box) return;
	box.setAttribute("role", "status");
	box.className = "autosave-state is-" + state;
	box.textContent = word("autosave." + state, fill);
}

function remember(form, list) {
	try { localStorage.setItem(key(form), JSON.stringify(list)); } catch { /* full or forbidden: the server's copy is the one that counts */ }
}

function forget(form) {
	try { localStorage.removeItem(key(form)); } catch { /* there is none */ }
}

const timers = new WeakMap();
let waiting = new WeakSet(); // forms with something typed that has not been sent

async function save(form) {
	const list = fields(form), sent = JSON.stringify(list);
	tell(form, "saving");
	let answer = null;
	try {
		answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(list), headers: { "X-Autosave": "1", Accept: "application/json" }, credentials: "same-origin" });
	} catch { /* no network */ }
	if (!answer || !answer.headers.has("X-H48") || answer.status >= 500 || answer.status === 401) {
		tell(form, "offline");
		return later(form, 5000);
	}
	waiting.delete(form);
	if (!answer.ok) return tell(form, "refused");
	tell(form, "saved", { time: wall(now()) });
	if (JSON.stringify(fields(form)) === sent) forget(form);
}

function later(form, ms) {
	clearTimeout(timers.get(form));
	timers.set(form, setTimeout(save, ms, form));
}

function fill(form, list) {
	for (const e of form.elements) if (e.type === "checkbox" || e.type === "radio") e.checked = list.some(([n, v]) => n === e.name && v === e.value);
	for (const [name, value] of list) {
		const e = form.elements[name];
		if (e && "value" in e && !(e instanceof RadioNodeList) && e.type !== "checkbox" && e.type !== "radio") e.value = value;
	}
	form.dispatchEvent(new Event("input", { bubbles: true }));
	later(form, 0);
}

// offer asks whether to take a copy back that the server has not got.
function offer(form) {
	let copy = null;
	try { copy = localStorage.getItem(key(form)); } catch { return; }
	if (!copy || copy === JSON.stringify(fields(form))) return forget(form);
	const note = document.createElement("p");
	note.className = "autosave-found";
	note.setAttribute("role", "status");
	const button = document.createElement("button");
	button.type = "button";
	button.className = "btn btn-small";
	button.textContent = word("autosave.restore");
	button.onclick = () => {
		fill(form, JSON.parse(copy));
		note.remove();
	};
	note.append(word("autosave.found") + " ", button);
	form.prepend(note);
}

for (const type of ["input", "change"]) {
	document.addEventListener(type, (e) => {
		const form = e.target.form;
		if (!form || !form.matches("[data-autosave]") || !e.isTrusted) return;
		remember(form, fields(form));
		waiting.add(form);
		later(form, 800);
	});
}
// What is typed is kept before another form of the page leads away: a file that is added
// while a sentence is still warm costs nothing of it.
async function keepFirst(form, button) {
	for (const typed of document.querySelectorAll("form[data-autosave]")) {
		if (!waiting.has(typed)) continue;
		clearTimeout(timers.get(typed));
		await save(typed);
	}
	waiting = new WeakSet();
	submit(form, button);
}
document.addEventListener("submit", (e) => {
	if (e.target.matches("[data-autosave]")) {
		clearTimeout(timers.get(e.target));
		waiting.delete(e.target);
		return forget(e.target);
	}
	const unsaved = [...document.querySelectorAll("form[data-autosave]")].some((form) => waiting.has(form));
	if (!unsaved || e.defaultPrevented || !("submitter" in e)) return;
	e.preventDefault();
	keepFirst(e.target, e.submitter);
});
addEventListener("online", () => {
	for (const form of document.querySelectorAll("form[data-autosave]")) if (timers.has(form)) later(form, 0);
});
for (const form of document.querySelectorAll("form[data-autosave]")) offer(form);
