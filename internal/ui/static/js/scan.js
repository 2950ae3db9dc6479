// Reading QR codes with the camera. In a form with data-scan, the button
// [data-scan-start] opens the camera in [data-scan-view]; a code that is read is written
// in the form's [data-scan-input] and the form is submitted, and the camera goes on to the
// next badge. The same code counts again only when it was out of sight for three seconds.
// Where the browser has a BarcodeDetector that knows QR codes it is used, else a decoder in
// a worker.
import { word, say } from "./words.js";
import { submit } from "./page.js";

// decoder returns a function from a video to the text of the code in it, or null.
async function decoder() {
	if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
		const detector = new BarcodeDetector({ formats: ["qr_code"] });
		return async (video) => ((await detector.detect(video))[0] || { rawValue: null }).rawValue;
	}
	const worker = new Worker(new URL("../vendor/qr-worker.js", import.meta.url));
	const canvas = document.createElement("canvas");
	const pen = canvas.getContext("2d", { willReadFrequently: true });
	return (video) => {
		const scale = Math.min(1, 640 / Math.max(video.videoWidth, video.videoHeight));
		canvas.width = video.videoWidth * scale;
		canvas.height = video.videoHeight * scale;
		pen.drawImage(video, 0, 0, canvas.width, canvas.height);
		const data = pen.getImageData(0, 0, canvas.width, canvas.height);
		return new Promise((resolve) => {
			worker.onmessage = (e) => resolve(e.data.data);
			worker.postMessage({ id: 0, type: "decode", data }, [data.data.buffer]);
		});
	};
}

let decode = null;

async function start(form) {
	const view = form.querySelector("[data-scan-view]");
	const video = view.querySelector("video") || view.appendChild(document.createElement("video"));
	video.muted = video.playsInline = true;
	try {
		video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
		await video.play();
		decode = decode || (await decoder());
	} catch {
		stop(form);
		say(word("scan.none"));
		form.querySelector("[data-scan-note]").textContent = word("scan.none");
		form.querySelector("[data-scan-input]").focus();
		return;
	}
	view.hidden = false;
	label(form, "scan.stop");
	loop(form, video);
}

function stop(form) {
	const video = form.querySelector("video");
	if (video && video.srcObject) for (const track of video.srcObject.getTracks()) track.stop();
	if (video) video.remove();
	form.querySelector("[data-scan-view]").hidden = true;
	label(form, "scan.start");
}

function label(form, key) {
	form.querySelector("[data-scan-start] span").textContent = word(key);
}

async function loop(form, video) {
	let last = "", at = 0;
	while (video.isConnected && video.srcObject && video.srcObject.active) {
		const text = document.hidden || video.readyState < 2 ? null : await decode(video).catch(() => null);
		if (text) {
			const same = text === last && Date.now() - at < 3000;
			[last, at] = [text, Date.now()];
			if (!same) found(form, text);
		}
		await new Promise((next) => setTimeout(next, 120));
	}
}

// signs are what a person would type: a badge's code is the address of its page.
const signs = (text) => text.trim().split(/[?#]/)[0].split("/").pop();

function found(form, text) {
	form.querySelector("[data-scan-input]").value = signs(text);
	if (navigator.vibrate) navigator.vibrate(60);
	const view = form.querySelector("[data-scan-view]");
	view.classList.add("is-found");
	setTimeout(() => view.classList.remove("is-found"), 500);
	submit(form);
}

document.addEventListener("click", (e) => {
	const button = e.target.closest("[data-scan-start]"), form = button && button.closest("form[data-scan]");
	if (!form) return;
	form.querySelector("video") ? stop(form) : start(form);
});
addEventListener("pagehide", () => document.querySelectorAll("form[data-scan]").forEach(stop));
