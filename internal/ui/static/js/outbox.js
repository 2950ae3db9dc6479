// Actions that work without network. A form with data-outbox="group" is not sent by the
// browser: its answers are kept on the device with an id (action_id, 128 random bits) and
// the edition's time (acted_at, ms), then sent with "Accept: application/json", now and
// again until the server answers. The id makes sure that it counts once.
//
//   2xx             received: forgotten here, event "outbox:sent"
//   409             conflict: kept and shown with the server's words
//   other 4xx       refused: kept and shown, for the person to decide
//   401, 408, 425, 429, 5xx, no network, or an answer that is not ours (no X-H48: a
//                   captive portal): kept, and sent again later
//
// Actions of one group go in the order they were made; an action that the server failed
// on three times no longer holds up those behind it, and a refused one never does. What
// one person kept is not sent while another is signed in on the same device; each says whose
// it is (X-Who), so that a page left open behind the next person's is refused by the server.
//
// On the form: data-outbox-label names the action in the list; data-outbox-then is where
// to go once it is kept; data-outbox-reset empties the form for the next one. Events, on the
// form or the document: outbox:queued {id, data}, outbox:sent {id, answer}, outbox:refused
// {id, status, words}; outbox:painted on the document when anything changed. The pages'
// state is in [data-outbox-state] and in a pill that opens the list.
import * as store from "./store.js";
import { now } from "./clock.js";
import { show, forget } from "./outboxlist.js";

const who = document.body.dataset.who || "";
const channel = "BroadcastChannel" in window ? new BroadcastChannel("h48-outbox") : null;
const later = new Set([401, 408, 425, 429]);

// newID writes 128 random bits as the server's ids are written: 26 letters and digits, the
// first of which holds three bits.
export function newID() {
	const letters = "0123456789abcdefghjkmnpqrstvwxyz";
	const bytes = crypto.getRandomValues(new Uint8Array(17)); // five bits a letter; the rest is thrown away
	let bits = 0, held = 0, id = letters[bytes[16] & 7];
	for (let i = 0; id.length < 26; i++) {
		bits = (bits << 8) | bytes[i];
		for (held += 8; held >= 5 && id.length < 26; held -= 5) id += letters[(bits >> (held - 5)) & 31];
		bits &= (1 << held) - 1;
	}
	return id;
}

// body writes the answers as the form would have sent them.
function body(entry) {
	if (entry.fields.some(([, v]) => v instanceof Blob)) {
		const data = new FormData();
		for (const [k, v] of entry.fields) data.append(k, v);
		return data;
	}
	return new URLSearchParams(entry.fields);
}

let last = { key: "", at: 0 }, pressed = null;

// Browsers without event.submitter: the button that was pressed last.
document.addEventListener("click", (e) => (pressed = e.target.closest("button, [type=submit]")), true);

function submit(event) {
	const form = event.target;
	if (!form.matches("form[data-outbox]") || event.defaultPrevented) return;
	event.preventDefault();
	const button = event.submitter || (pressed && pressed.form === form ? pressed : null);
	const fields = [...new FormData(form)];
	if (button && button.name) fields.push([button.name, button.value]);
	const key = form.action + JSON.stringify(fields);
	if (key === last.key && Date.now() - last.at < 800) return; // the same press twice
	last = { key, at: Date.now() };
	const url = button && button.hasAttribute("formaction") ? button.formAction : form.action;
	keep(form, action(fields, url, form.dataset.outbox || form.action, form.dataset.outboxLabel || form.getAttribute("aria-label") || document.title));
}

// action is what a person does now: answers to an address, as they are kept and sent.
export function action(fields, url, group, label) {
	const id = newID();
	return { id, who, fields: [...fields, ["action_id", id], ["acted_at", String(Math.round(now()))]], url, group, label, at: now(), state: "waiting", tries: 0 };
}

// put keeps an action and sends it when it can; it fails where the device keeps nothing.
// An earlier one with the same entry.key that still waits is replaced.
export async function put(entry) {
	entry.seq = await store.add(entry);
	const replaced = (old) => entry.key && old.key === entry.key && old.who === who && old.state === "waiting" && old.seq < entry.seq;
	for (const old of (await store.all()).filter(replaced)) await store.drop(old.seq);
	await paint();
	flush();
}

// kept lists what this person's device holds for the address, "" for all: what waits and
// what was refused, the oldest first.
export async function kept(url = "") {
	if (!(await store.ready)) return [];
	return (await store.all()).filter((e) => e.who === who && (!url || e.url === url));
}

async function keep(form, entry) {
	try {
		entry.seq = await store.add(entry);
	} catch { // nowhere to keep it: send it the plain way, with its id
		for (const [name, value] of entry.fields.slice([...new FormData(form)].length)) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
		return form.submit();
	}
	const data = {};
	for (const [name, value] of entry.fields) data[name] = value;
	form.dispatchEvent(new CustomEvent("outbox:queued", { bubbles: true, detail: { id: entry.id, data } }));
	form.dataset.outboxLast = entry.id;
	if ("outboxReset" in form.dataset) form.reset();
	await paint();
	const sending = flush();
	if (form.dataset.outboxThen) {
		await Promise.race([sending, new Promise((go) => setTimeout(go, 1200))]);
		location.assign(form.dataset.outboxThen);
	}
}

// tell fires an event on the form that made the action, or on the document once it is gone.
function tell(entry, type, detail) {
	const form = document.querySelector(`form[data-outbox-last="${entry.id}"]`);
	(form || document).dispatchEvent(new CustomEvent(type, { bubbles: true, detail: { id: entry.id, entry, ...detail } }));
}

// send tries one action and returns what became of it: sent, refused, failed (the server
// could not) or offline (nobody of ours answered).
async function send(entry) {
	let answer;
	const stop = new AbortController(), late = setTimeout(() => stop.abort(), 20000);
	try {
		answer = await fetch(entry.url, {
			method: "POST", body: body(entry), headers: entry.who ? { Accept: "application/json", "X-Who": entry.who } : { Accept: "application/json" },
			credentials: "same-origin", signal: stop.signal,
		});
	} catch {
		return "offline";
	} finally {
		clearTimeout(late);
	}
	const signIn = answer.redirected && new URL(answer.url).pathname === "/sign-in"; // the session is over: nothing was received
	if (!answer.headers.has("X-H48") || signIn) return "offline";
	const json = await answer.json().catch(() => null);
	if (answer.ok) {
		await store.drop(entry.seq);
		tell(entry, "outbox:sent", { answer: json });
		return "sent";
	}
	entry.tries++;
	if (answer.status >= 500 || later.has(answer.status)) {
		await store.put(entry);
		return answer.status === 401 ? "offline" : "failed";
	}
	entry.state = answer.status === 409 ? "conflict" : "refused";
	const said = json || {};
	entry.words = said.detail || said.title || said.message || `${answer.status} ${answer.statusText}`;
	await store.put(entry);
	tell(entry, "outbox:refused", { status: answer.status, words: entry.words });
	return "refused";
}

let timer = 0, wait = 2000;

// pass sends what waits, once, and returns whether all of it is settled.
async function pass() {
	const held = new Set();
	let settled = true;
	for (const entry of await store.all()) {
		if (entry.state !== "waiting" || entry.who !== who || held.has(entry.group)) continue;
		const outcome = await send(entry);
		if (outcome === "offline") return false;
		if (outcome === "failed") {
			settled = false;
			if (entry.tries < 3) held.add(entry.group);
		}
		await paint();
	}
	return settled && held.size === 0;
}

// flush sends what waits; one page of the device at a time does it.
async function flush() {
	clearTimeout(timer);
	if (!(await store.ready)) return;
	const once = async (lock) => (lock ? pass() : true);
	const settled = navigator.locks ? await navigator.locks.request("h48-outbox", { ifAvailable: true }, once) : await pass();
	const left = await paint();
	news();
	wait = settled ? 2000 : Math.min(wait * 2, 60000);
	if (left > 0) timer = setTimeout(flush, wait);
}

// paint shows the state and returns how many of this person's actions wait.
async function paint() {
	if (!(await store.ready)) return 0;
	const entries = await store.all();
	show(entries, who, { retry, discard });
	document.dispatchEvent(new CustomEvent("outbox:painted"));
	return entries.filter((e) => e.state === "waiting" && e.who === who).length;
}

async function retry(entry) {
	await store.put({ ...entry, state: "waiting", tries: 0, words: "" });
	await paint();
	flush();
}

async function discard(entry) {
	await store.drop(entry.seq);
	forget(entry);
	await paint();
	news();
}

// news tells the other pages of the device.
function news() {
	if (channel) channel.postMessage("changed");
}

function soon() {
	wait = 2000;
	flush();
}

document.addEventListener("submit", submit);
addEventListener("online", soon);
addEventListener("focus", soon);
document.addEventListener("visibilitychange", () => document.hidden || soon());
if (channel) channel.addEventListener("message", paint);
flush();
