// Live = signal, then re-read. The page holds one event stream for its topics
// (<body data-topics="a b">). When one is touched ("event: touch", "data: <topic>"), when
// the stream comes back, and when the page is shown again, it reads its own address once
// more and swaps every [data-live] region with an id whose HTML changed. Where many pages
// are open the server says before a touch over how many milliseconds they spread their
// reading ("event: spread", "data: <ms>").
//
// The reader keeps the focus, the caret, the scroll and what they unfolded. A region
// that holds a form they have typed in is never swapped under their hands: it shows a
// button instead. After a swap the region fires "live:swapped".
import { word, say } from "./words.js";
import { sync } from "./clock.js";

const topics = (document.body.dataset.topics || "").split(" ").filter(Boolean);
const regions = (root) => root.querySelectorAll("[data-live][id]");

// print is a region's HTML without what the clock moves, so that a countdown alone is no
// news.
function print(region) {
	const copy = region.cloneNode(true);
	for (const e of copy.querySelectorAll("[data-countdown], [data-elapsed], [data-clock]")) {
		e.textContent = "";
		e.removeAttribute("class");
	}
	for (const e of copy.querySelectorAll("progress[data-left-of], [data-from]")) {
		e.removeAttribute("class");
		e.removeAttribute("value");
	}
	for (const e of copy.querySelectorAll(".ring-done, .ring-hand, .ring-level")) {
		e.removeAttribute("stroke-dasharray");
		e.removeAttribute("transform");
	}
	return copy.outerHTML;
}

// What the server last said of each region.
const said = new Map();
for (const r of regions(document)) said.set(r.id, print(r));

// Forms that hold something typed.
const typed = new WeakSet();
const mark = (e) => e.target.form && typed.add(e.target.form);
document.addEventListener("input", mark);
document.addEventListener("change", mark);
for (const done of ["submit", "reset"]) document.addEventListener(done, (e) => typed.delete(e.target));

// busy says whether the reader would lose work if the region were swapped.
const busy = (region) =>
	[...region.querySelectorAll("form")].some((f) => typed.has(f)) || (region.closest("form") && typed.has(region.closest("form")));

// nameOf tells an unfolding part from the others.
function nameOf(details) {
	const summary = details.querySelector("summary");
	return details.id || (summary ? summary.textContent.trim() : "");
}

// place remembers where the reader is in a region, and can bring them back.
function place(region) {
	const active = region.contains(document.activeElement) ? document.activeElement : null;
	const caret = active && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
	const same = (tag) => [...region.querySelectorAll(tag)];
	const index = active ? same(active.tagName).indexOf(active) : -1;
	const open = [...region.querySelectorAll("details")].map((d) => [nameOf(d), d.open]);
	const scrolled = [region, ...region.querySelectorAll("*")].filter((e) => e.scrollTop || e.scrollLeft).map((e) => [e.id || e.className, e.scrollTop, e.scrollLeft]);
	return () => {
		for (const d of region.querySelectorAll("details")) {
			const before = open.find(([n]) => n === nameOf(d));
			if (before) d.open = before[1];
		}
		for (const [key, top, left] of scrolled) {
			const e = [region, ...region.querySelectorAll("*")].find((x) => (x.id || x.className) === key);
			if (e) [e.scrollTop, e.scrollLeft] = [top, left];
		}
		if (!active || active === document.activeElement) return;
		const again =
			(active.id && region.querySelector("#" + CSS.escape(active.id))) ||
			(active.getAttribute("href") && region.querySelector(`[href="${CSS.escape(active.getAttribute("href"))}"]`)) ||
			same(active.tagName)[index];
		if (again) again.focus({ preventScroll: true });
		if (caret && again && "setSelectionRange" in again) {
			try { again.setSelectionRange(...caret); } catch { /* a date or a number has no caret */ }
		}
	};
}

function swap(region, fresh) {
	const back = place(region);
	said.set(region.id, print(fresh));
	for (const inner of regions(fresh)) said.set(inner.id, print(inner));
	const next = document.importNode(fresh, true);
	for (const { name } of [...region.attributes]) if (!next.hasAttribute(name)) region.removeAttribute(name);
	for (const { name, value } of next.attributes) if (region.getAttribute(name) !== value) region.setAttribute(name, value);
	region.textContent = "";
	region.append(...next.childNodes);
	back();
	region.dispatchEvent(new CustomEvent("live:swapped", { bubbles: true }));
}

// offer tells that a busy region has news, and leaves the choice to the reader.
function offer(region, fresh) {
	let button = region.querySelector(":scope > .live-new");
	if (!button) {
		button = document.createElement("button");
		button.type = "button";
		button.className = "live-new";
		button.textContent = word("live.new");
		region.prepend(button);
		say(word("live.new"));
	}
	button.onclick = () => swap(region, fresh);
}

export function apply(doc) {
	const swapped = new Set();
	for (const fresh of regions(doc)) {
		const region = document.getElementById(fresh.id);
		if (!region || swapped.has(region.parentElement && region.parentElement.closest("[data-live][id]"))) continue;
		if (said.get(fresh.id) === print(fresh)) {
			const offered = region.querySelector(":scope > .live-new");
			if (offered) offered.remove();
			continue;
		}
		if (busy(region)) {
			if (![...regions(region)].length) offer(region, fresh);
			continue;
		}
		swap(region, fresh);
		swapped.add(region);
		for (const inner of regions(region)) swapped.add(inner);
	}
}

// A page of a new version of the program comes whole, unless something is typed in it.
function outdated(doc) {
	const sheet = (d) => (d.querySelector("link[rel=stylesheet]") || { getAttribute: () => "" }).getAttribute("href");
	return sheet(doc) && sheet(doc) !== sheet(document) && ![...document.forms].some((f) => typed.has(f));
}

let timer = 0, reading = false, again = false;

// read asks for this page once more; calls close together become one.
export function read(wait = 150) {
	clearTimeout(timer);
	timer = setTimeout(now, wait);
}

async function now() {
	if (reading) return void (again = true);
	reading = true;
	try {
		const answer = await fetch(location.href, { headers: { "X-Live": "1" }, cache: "no-store", credentials: "same-origin" });
		if (!answer.headers.has("X-H48")) throw new Error("not our server: a captive portal, or a proxy");
		if (answer.redirected || [401, 403, 404, 410].includes(answer.status)) return void location.reload();
		if (!answer.ok) throw new Error("status " + answer.status);
		const doc = new DOMParser().parseFromString(await answer.text(), "text/html");
		if (outdated(doc)) return void location.reload();
		const page = doc.body.dataset;
		sync(Number(answer.headers.get("X-Now") || page.now), Number(page.speed) || 1, "paused" in page);
		apply(doc);
		document.dispatchEvent(new CustomEvent("live:read"));
	} catch {
		if (!document.hidden) read(3000);
	} finally {
		reading = false;
		if (again) read();
		again = false;
	}
}

// The state of the connection, shown and, when it changes for longer than a blink, said.
let told = "", blink = 0;
function tell(state) {
	clearTimeout(blink);
	blink = setTimeout(() => {
		if (told === state) return;
		const first = told === "" && state === "on";
		told = state;
		for (const e of document.querySelectorAll("[data-live-state]")) {
			e.hidden = false;
			e.className = "live-state is-" + state;
			e.textContent = word("live." + state);
		}
		if (!first) say(word("live." + state));
	}, state === "on" ? 0 : 1500);
}

let stream = null, pause = 1000, retry = 0;

// The first stream tells what was touched since the server read this page.
let since = "&since=" + encodeURIComponent(document.body.dataset.since || "");

function connect() {
	clearTimeout(retry);
	if (stream || document.hidden) return;
	stream = new EventSource("/live?" + topics.map((t) => "t=" + encodeURIComponent(t)).join("&") + since);
	since = "";
	let lost = told === "off";
	stream.onopen = () => {
		tell("on");
		pause = 1000;
		if (lost) read();
		lost = false;
	};
	stream.onerror = () => {
		lost = true;
		tell("off");
		if (stream.readyState !== EventSource.CLOSED) return;
		close();
		retry = setTimeout(connect, pause);
		pause = Math.min(pause * 2, 30000);
	};
	let spread = 0;
	stream.addEventListener("spread", (e) => {
		spread = Math.min(Number(e.data) || 0, 5000);
		setTimeout(() => (spread = 0), 500); // it holds for the touches that come with it
	});
	stream.addEventListener("touch", () => read(150 + Math.random() * spread));
}

function close() {
	if (stream) stream.close();
	stream = null;
}

if (topics.length) {
	connect();
	// Browsers allow few connections to one host: a page in the background gives its own back.
	let away = 0;
	document.addEventListener("visibilitychange", () => {
		clearTimeout(away);
		if (document.hidden) return void (away = setTimeout(close, 20000));
		connect();
		read();
	});
	addEventListener("online", () => { connect(); read(); });
	addEventListener("offline", () => tell("off"));
	addEventListener("pagehide", close);
	addEventListener("pageshow", (e) => { if (e.persisted) { connect(); read(); } });
	document.addEventListener("outbox:sent", () => read());
	document.addEventListener("drag:moved", () => read());
}
