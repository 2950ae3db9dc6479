// Sheets that keep themselves tap by tap. In a form with data-taps="group" each answer is
// an action of its own in the outbox, with the time of the tap: a number at once, a text
// when its writer pauses. So nothing is lost when the phone rings, and an old page never
// sends answers again that another device has changed. By keyboard a digit picks the answer
// of that value; an answer that the arrow keys only went over is not sent where the next
// one comes first.
//
// On the form: data-taps-label names the actions in the outbox's list; data-taps-then is
// where its button leads, data-taps-list where it leads once all is answered. A field
// with data-tap-with="a b" is sent with those fields.
// What the outbox still holds for the form is shown in it, over what the page said.
//   [data-state-of=name]   what became of the answer: kept here, or received
//   [data-taps-state]      the whole form's: how many wait here, how many are received
//   [data-taps-values]     what the server has, as JSON; read again when it is swapped
//   [data-taps-ask]        shown once where the button is pressed with questions open;
//                          its [data-rest="value"] answers them all
// On other pages, [data-waits-for=url] tells how many answers to that address wait, and
// the pages behind a[data-keep-page] are fetched so that they open without network.
import { word, say } from "./words.js";
import { action, put, kept, newID } from "./outbox.js";

const form = document.querySelector("form[data-taps]");
const who = document.body.dataset.who || "";

// device names this browser, so that the server can tell one juror's two phones apart.
function device() {
	try {
		const id = localStorage.getItem("h48-device") || newID();
		localStorage.setItem("h48-device", id);
		return id;
	} catch { // a private window: it is another device each time
		return "";
	}
}
const here = device();

// draft is the device's own copy of a text that is being written.
const draftKey = (name) => `h48-text:${who}:${form.action}:${name}`;
function draft(name, text) {
	try {
		text === null ? localStorage.removeItem(draftKey(name)) : localStorage.setItem(draftKey(name), text);
	} catch { /* full or forbidden: the pause in writing will send it */ }
}

const withOf = (e) => (e.dataset.tapWith || e.name).split(" ");
const isText = (e) => e.tagName === "TEXTAREA" || (e.tagName === "INPUT" && e.type === "text");
const sending = new Set(); // names whose action is being kept
const keeping = new Set(); // the keeping of it, which no page may be left before

// tap keeps one answer; one that was gone over takes the place of those before it that wait.
async function tap(names, goneOver) {
	const fields = [...new FormData(form)].filter(([name]) => name === "seen" || names.includes(name));
	const entry = action([...fields, ["device", here]], form.action, form.dataset.taps, form.dataset.tapsLabel || document.title);
	if (goneOver || isText(form.elements[names[0]])) entry.key = form.action + " " + names[0];
	names.forEach((n) => sending.add(n));
	for (const e of form.querySelectorAll("[data-state-of]")) if (names.includes(e.dataset.stateOf)) e.textContent = ""; // what it says was said of another answer
	paint();
	const stored = put(entry).then(() => names.forEach((n) => draft(n, null)), () => {
		form.dataset.plain = ""; // this device keeps nothing: the button sends the form as it is
	});
	keeping.add(stored);
	await stored;
	keeping.delete(stored);
	names.forEach((n) => sending.delete(n));
	return paint();
}

const pauses = new Map();

function write(e) {
	draft(e.name, e.value);
	clearTimeout(pauses.get(e.name));
	pauses.set(e.name, setTimeout(settle, 1200, e));
}

// settle sends a text that was being written.
function settle(e) {
	if (!pauses.has(e.name)) return Promise.resolve();
	clearTimeout(pauses.get(e.name));
	pauses.delete(e.name);
	return tap(withOf(e));
}
const settleAll = () => Promise.all([...form.elements].filter((e) => pauses.has(e.name)).map(settle));

// set writes a value into a field, whatever it is.
function set(name, value) {
	for (const e of form.elements) {
		if (e.name !== name) continue;
		if (e.type === "radio") e.checked = e.value === value;
		else if (e.type === "checkbox") e.checked = value !== "";
		else e.value = value;
		if (e.checked) e.dispatchEvent(new CustomEvent("taps:set", { bubbles: true }));
	}
}

let walking = false; // an arrow key is down

function change({ target }) {
	if (!target.name) return;
	if (isText(target)) settle(target);
	else tap(withOf(target), walking && target.type === "radio");
}

function key(event) {
	const { target, key } = event;
	walking = key.startsWith("Arrow");
	if (target.type !== "radio" || event.ctrlKey || event.altKey || event.metaKey || !/^[0-9]$/.test(key)) return;
	const picked = [...form.elements].find((e) => e.type === "radio" && e.name === target.name && e.value === key && !e.disabled);
	if (!picked) return;
	event.preventDefault();
	picked.focus();
	picked.click();
}

const answered = (name) => form.querySelector(`[name="${name}"]:checked`) !== null;
const questions = () => [...form.querySelectorAll("[data-state-of]")].map((e) => e.dataset.stateOf);

// overlay shows the server's answers and, over them, what waits here.
async function overlay() {
	const box = document.querySelector("[data-taps-values]");
	const entries = (await kept(form.action)).filter((e) => e.state === "waiting");
	const mine = new Set([...sending, ...pauses.keys()]);
	for (const entry of entries) for (const [name] of entry.fields) mine.add(name);
	const values = box ? JSON.parse(box.dataset.tapsValues) : {};
	for (const name in values) {
		const active = document.activeElement && document.activeElement.name === name && isText(document.activeElement);
		if (name === "seen" || (!mine.has(name) && !active)) set(name, values[name]);
	}
	for (const entry of entries)
		for (const [name, value] of entry.fields) {
			const names = form.elements[name] && withOf(form.elements[name].length ? form.elements[name][0] : form.elements[name]);
			if (name === "seen" || !names) continue;
			for (const other of names) if (!entry.fields.some(([n]) => n === other)) set(other, "");
			set(name, value);
		}
	return paint();
}

// paint says of each question what became of it, and of the sheet as a whole.
async function paint() {
	if (!form) return;
	const entries = await kept(form.action);
	const has = (name, state) => entries.some((e) => (e.state === "waiting") === state && e.fields.some(([n]) => n === name));
	let received = 0;
	for (const e of form.querySelectorAll("[data-state-of]")) {
		const name = e.dataset.stateOf;
		const state = sending.has(name) ? "" : has(name, true) ? "kept" : has(name, false) ? "refused" : answered(name) ? "received" : "";
		if (state === "received") received++;
		e.className = "tap-state" + (state && " is-" + state);
		if (e.textContent !== (state && word("taps." + state))) e.textContent = state && word("taps." + state);
	}
	const all = (await kept()).filter((e) => e.state === "waiting").length;
	for (const e of document.querySelectorAll("[data-taps-state]")) {
		e.className = "taps-state" + (all ? " is-kept" : " is-received");
		e.textContent = word("taps.sheet", { n: received, total: questions().length }) + (all ? " · " + word("taps.wait", all) : "");
	}
}

// onward is where the button leads: the next sheet, or the list where this device has
// answered that one already and the server, for want of network, did not know when it
// wrote the page.
function onward() {
	const key = "h48-answered:" + who, of = (path) => path + " " + questions()[0];
	const then = form.dataset.tapsThen;
	try {
		const done = new Set(JSON.parse(localStorage.getItem(key) || "[]"));
		if (questions().every(answered)) done.add(of(location.pathname));
		localStorage.setItem(key, JSON.stringify([...done].slice(-500)));
		return done.has(of(then)) ? form.dataset.tapsList : then;
	} catch { // this device keeps nothing
		return then;
	}
}

let asked = false;

async function next(event) {
	if ("plain" in form.dataset) return;
	event.preventDefault();
	await settleAll();
	await Promise.all([...keeping]);
	const open = questions().filter((name) => !answered(name));
	const ask = form.querySelector("[data-taps-ask]");
	if (open.length && ask && !asked) {
		asked = true;
		ask.hidden = false;
		ask.scrollIntoView({ block: "center" });
		ask.querySelector("button").focus();
		return say(ask.querySelector("p").textContent);
	}
	location.assign(onward());
}

async function rest(value) {
	const open = questions().filter((name) => !answered(name));
	open.forEach((name) => set(name, value));
	await Promise.all([settleAll(), ...open.map((name) => tap([name]))]);
	await Promise.all([...keeping]);
	location.assign(onward());
}

if (form) {
	document.body.classList.add("has-taps");
	form.addEventListener("keydown", key);
	for (const end of ["keyup", "pointerdown"]) document.addEventListener(end, () => { walking = false; });
	form.addEventListener("change", change);
	form.addEventListener("input", (e) => isText(e.target) && write(e.target));
	form.addEventListener("submit", next);
	form.addEventListener("click", (e) => {
		const button = e.target.closest("[data-rest]");
		if (!button || "plain" in form.dataset) return;
		e.preventDefault();
		rest(button.dataset.rest);
	});
	document.addEventListener("visibilitychange", () => document.hidden && settleAll());
	addEventListener("pagehide", settleAll);
	document.addEventListener("outbox:painted", paint);
	document.addEventListener("live:swapped", overlay);
	for (const e of form.elements) {
		let text = null;
		try { text = isText(e) ? localStorage.getItem(draftKey(e.name)) : null; } catch { /* none is kept */ }
		if (text !== null && text !== e.value) {
			e.value = text;
			write(e);
		}
	}
	overlay();
}

// How many answers wait for the pages that this one leads to.
async function counts() {
	const waits = (await kept()).filter((e) => e.state === "waiting");
	for (const e of document.querySelectorAll("[data-waits-for]")) {
		const n = waits.filter((w) => new URL(w.url).pathname === e.dataset.waitsFor).length;
		e.hidden = n === 0;
		e.textContent = n ? word("taps.wait", n) : "";
	}
}
document.addEventListener("outbox:painted", counts);
document.addEventListener("live:swapped", counts);
counts();

// fetchAhead has the service worker keep the pages of the list, once a visit.
async function fetchAhead() {
	const links = [...document.querySelectorAll("a[data-keep-page]")].slice(0, 60).map((a) => a.href);
	if (!links.length || !("serviceWorker" in navigator)) return;
	await navigator.serviceWorker.ready;
	const mark = "h48-ahead:" + who + ":" + location.pathname + links.length;
	try {
		if (sessionStorage.getItem(mark)) return;
		sessionStorage.setItem(mark, "1");
	} catch { /* each time then */ }
	for (const url of links) await fetch(url, { headers: { "X-Live": "1" }, credentials: "same-origin" }).catch(() => {});
}
fetchAhead();
