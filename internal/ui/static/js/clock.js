// Edition time. The page says what time it was when the server wrote it (data-now, in
// milliseconds), how fast the edition's clock runs (data-speed) and whether it stands
// still (data-paused); the device's clock only measures what has passed since. A page
// that the service worker kept says when it was kept (data-kept), for the same reason.
//
// Once a second the module moves what depends on the time:
//   [data-countdown="ms"]   1:08, 19:32:07, − 0:12; classes is-soon (data-soon, ms) and is-over
//   [data-elapsed="ms"]     9 min, 2 h 05
//   [data-clock]            the day and hour; data-clock="time" the hour
//   progress[data-left-of]  what is left of a countdown, beside it
//   [data-ring]             the water, the hand and the phases; ring.go has the measures
import { lang } from "./words.js";

const body = document.body.dataset;
const zone = document.documentElement.dataset.zone || undefined;
let base = Number(body.now) || Date.now();
let since = Number(body.kept) || Date.now();
let speed = Number(body.speed) || 1;
let paused = "paused" in body;

// now is the edition's time in milliseconds.
export function now() {
	return paused ? base : base + (Date.now() - since) * speed;
}

// sync sets the clock by what a fresh answer of the server says.
export function sync(time, rate = speed, stopped = paused) {
	if (!time) return;
	[base, since, speed, paused] = [time, Date.now(), rate, stopped];
	tick();
}

const two = (n) => String(n).padStart(2, "0");

// parts splits what is left, in ms, into what is shown large and the seconds after it.
// A second that has begun counts whole, so that 0:00 means over.
export function parts(left) {
	const sign = left < 0 ? "− " : "";
	const s = left < 0 ? Math.floor(-left / 1000) : Math.ceil(left / 1000);
	const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
	if (h >= 100) return [sign + span(Math.floor(h / 24) * 864e5), ` ${h % 24}\u00a0h`];
	return h > 0 ? [`${sign}${h}:${two(m)}`, `:${two(s % 60)}`] : [`${sign}${m}:${two(s % 60)}`, ""];
}

// span writes a duration in words, as the server does.
export function span(ms) {
	const s = Math.max(0, Math.round(ms / 1000)), nb = "\u00a0";
	const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
	if (h >= 48) return Math.floor(h / 24) + nb + (lang === "fr" ? "j" : "d");
	if (h > 0) return m > 0 ? `${h}${nb}h${nb}${two(m)}` : `${h}${nb}h`;
	if (m > 0 && m < 10 && s % 60 > 0) return `${m}${nb}min${nb}${two(s % 60)}`;
	return m > 0 ? `${m}${nb}min` : `${s}${nb}s`;
}

const format = new Intl.DateTimeFormat(lang === "fr" ? "fr-FR" : "en-GB", {
	weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone,
});

// wall writes an hour as the server does: "14 h 05" or "14:05".
export function wall(ms, withDay = false) {
	const p = {};
	for (const { type, value } of format.formatToParts(ms)) p[type] = value;
	const nb = "\u00a0";
	const time = lang === "fr" ? `${Number(p.hour)}${nb}h${nb}${p.minute}` : `${p.hour}:${p.minute}`;
	const day = lang === "fr" && p.day === "1" ? "1er" : p.day;
	return withDay ? `${p.weekday} ${day} ${p.month}, ${time}` : time;
}

function set(element, text) {
	if (element.textContent !== text) element.textContent = text;
}

function countdown(element, at) {
	const left = Number(element.dataset.countdown) - at;
	const [main, rest] = parts(left);
	const whole = element.querySelector("[data-part=main]");
	if (whole) {
		set(whole, main);
		set(element.querySelector("[data-part=rest]"), rest);
	} else {
		set(element, main + rest);
	}
	const over = left <= 0, soon = !over && left <= Number(element.dataset.soon || 0);
	const bar = element.parentElement.querySelector("progress[data-left-of]");
	for (const each of bar ? [element, bar] : [element]) {
		each.classList.toggle("is-over", over);
		each.classList.toggle("is-soon", soon);
	}
	if (bar) bar.value = Math.min(1000, Math.max(0, (1000 * left) / Number(bar.dataset.leftOf)));
}

function ring(figure, at) {
	const start = Number(figure.dataset.start), end = Number(figure.dataset.end);
	if (!(end > start)) return;
	const share = Math.min(1, Math.max(0, (at - start) / (end - start)));
	figure.querySelector(".ring-done").setAttribute("stroke-dasharray", `${(share * 1000).toFixed(2)} 1000`);
	figure.querySelector(".ring-hand").setAttribute("transform", `rotate(${(share * 360).toFixed(2)} 200 200)`);
	figure.querySelector(".ring-level").setAttribute("transform", `translate(0 ${(306 - share * 212).toFixed(2)})`);
	for (const phase of figure.querySelectorAll("[data-from]")) {
		const from = Number(phase.dataset.from), to = Number(phase.dataset.to);
		phase.classList.toggle("is-current", from <= at && at < to);
		phase.classList.toggle("is-past", to <= at);
	}
}

export function tick() {
	const at = now();
	for (const e of document.querySelectorAll("[data-countdown]")) if (e.dataset.countdown) countdown(e, at);
	for (const e of document.querySelectorAll("[data-elapsed]")) set(e, span(at - Number(e.dataset.elapsed)));
	for (const e of document.querySelectorAll("[data-clock]")) set(e, wall(at, e.dataset.clock !== "time"));
	for (const e of document.querySelectorAll("[data-ring]")) ring(e, at);
}

// A quarter of a second keeps the shown second true, and a fast rehearsal lively.
setInterval(() => document.hidden || tick(), 250);
document.addEventListener("visibilitychange", () => document.hidden || tick());
document.addEventListener("live:swapped", tick);
tick();
