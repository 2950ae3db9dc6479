// The end of a pitch, seen and heard. On [data-pitch] (data-until and data-warn, in ms of
// the edition's time) the texts [data-over] show from the end on. On the projector, after
// a press of [data-sound], a short sound marks the warning, three the end, and one each
// further half minute; browsers play nothing before somebody pressed something.
import { now } from "./clock.js";

let audio = null;

function beep(times, pitch) {
	if (!audio) return;
	for (let i = 0; i < times; i++) {
		const at = audio.currentTime + i * 0.32;
		const tone = audio.createOscillator(), volume = audio.createGain();
		tone.frequency.value = pitch;
		volume.gain.setValueAtTime(0, at);
		volume.gain.linearRampToValueAtTime(0.35, at + 0.02);
		volume.gain.linearRampToValueAtTime(0, at + 0.22);
		tone.connect(volume).connect(audio.destination);
		tone.start(at);
		tone.stop(at + 0.25);
	}
}

for (const button of document.querySelectorAll("[data-sound]")) {
	button.addEventListener("click", async () => {
		audio = new AudioContext();
		await audio.resume();
		beep(1, 660);
		button.hidden = true;
	});
}

let last = { until: 0, left: 0 };

// crossed says whether the time left went past the mark since the last look at the same pitch.
const crossed = (left, mark) => last.left > mark && left <= mark;

function look() {
	const pitch = document.querySelector("[data-pitch]");
	if (!pitch) return;
	const until = Number(pitch.dataset.until), left = until - now();
	for (const e of document.querySelectorAll("[data-over]")) e.hidden = left > 0;
	if (until === last.until) {
		const half = 30000;
		if (crossed(left, Number(pitch.dataset.warn))) beep(1, 660);
		if (crossed(left, 0)) beep(3, 880);
		else if (left < 0 && Math.floor(left / half) !== Math.floor(last.left / half)) beep(1, 880);
	}
	last = { until, left };
}

setInterval(look, 200);
document.addEventListener("live:swapped", look);
look();
