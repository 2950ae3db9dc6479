// The ceremony on the projector. The keys of a clicker press the buttons of
// [data-clicker]: on with Page Down, the right arrow, Space or Enter, back with Page Up or
// the left arrow. After a press of [data-ceremony-sound] a roll of drums keeps the room
// waiting while a prize is named, and a chord greets its laureate. Each step is sent
// without leaving the page; the region [data-ceremony] then reads itself again.
import { read } from "./live.js";

const on = new Set(["PageDown", "ArrowRight", "ArrowDown", " ", "Enter"]);
const back = new Set(["PageUp", "ArrowLeft", "ArrowUp"]);

async function step(form, button) {
	const body = new URLSearchParams(new FormData(form));
	if (button.name) body.set(button.name, button.value);
	for (const b of form.querySelectorAll("button")) b.disabled = true;
	try {
		const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
		if (answer.type !== "opaqueredirect" && !answer.ok) throw new Error(answer.status);
		read(0);
	} catch {
		location.reload(); // the page says what is wrong
	}
}

document.addEventListener("keydown", (e) => {
	if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, textarea, select")) return;
	const way = on.has(e.key) ? "on" : back.has(e.key) ? "back" : "";
	if (!way || (e.target.closest("button, a") && (e.key === " " || e.key === "Enter"))) return;
	const button = document.querySelector(`body.stage [data-clicker] [data-step=${way}]`);
	if (!button || button.disabled) return;
	e.preventDefault();
	step(button.form, button);
});

document.addEventListener("submit", (e) => {
	if (!e.target.matches("body.stage [data-clicker]")) return;
	e.preventDefault();
	step(e.target, e.submitter);
});

let audio = null, roll = null;

// drums is noise that swells until it is stopped.
function drums() {
	const length = audio.sampleRate, noise = audio.createBuffer(1, length, audio.sampleRate), data = noise.getChannelData(0);
	for (let i = 0; i < length; i++) {
		const stroke = (i / length * 18) % 1; // eighteen strokes a second
		data[i] = (((i * 7919) % 1000) / 500 - 1) * Math.exp(-5 * stroke);
	}
	const source = audio.createBufferSource(), low = audio.createBiquadFilter(), volume = audio.createGain();
	source.buffer = noise;
	source.loop = true;
	low.type = "lowpass";
	low.frequency.value = 420;
	volume.gain.setValueAtTime(0.05, audio.currentTime);
	volume.gain.linearRampToValueAtTime(0.5, audio.currentTime + 6);
	source.connect(low).connect(volume).connect(audio.destination);
	source.start();
	return source;
}

function chord() {
	for (const [i, pitch] of [392, 494, 587, 784].entries()) {
		const at = audio.currentTime + i * 0.09, tone = audio.createOscillator(), volume = audio.createGain();
		tone.type = "triangle";
		tone.frequency.value = pitch;
		volume.gain.setValueAtTime(0, at);
		volume.gain.linearRampToValueAtTime(0.22, at + 0.03);
		volume.gain.exponentialRampToValueAtTime(0.001, at + 1.8);
		tone.connect(volume).connect(audio.destination);
		tone.start(at);
		tone.stop(at + 1.9);
	}
}

const beatOf = (show) => (show ? show.dataset.ceremony : undefined);
let last = beatOf(document.querySelector("[data-ceremony]"));

function sound() {
	const show = document.querySelector("[data-ceremony]"), beat = beatOf(show);
	if (beat === last) return;
	const forward = Number(beat) > Number(last);
	last = beat;
	if (roll) roll.stop();
	roll = null;
	if (!audio || !forward) return;
	if (show.classList.contains("is-named")) roll = drums();
	else if (show.classList.contains("is-won")) chord();
}

// The room sees no buttons: they go, with the pointer, when nobody has touched the machine
// for a while, and come back with the first move.
const rest = 4000;
let resting;
function awake() {
	document.documentElement.classList.remove("is-still");
	clearTimeout(resting);
	resting = setTimeout(() => document.documentElement.classList.add("is-still"), rest);
}
for (const kind of ["pointermove", "pointerdown", "focusin"]) addEventListener(kind, awake);
awake();

document.addEventListener("live:swapped", sound);
for (const button of document.querySelectorAll("[data-ceremony-sound]")) {
	button.addEventListener("click", async () => {
		audio = new AudioContext();
		await audio.resume();
		chord();
		button.hidden = true;
	});
}
