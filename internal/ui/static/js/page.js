// Small comforts of every page: menus that close, panels that become dialogs, selects
// that submit, counters, file names, printing, and a word on a page that comes from the
// device because there is no network.
import { lang, word } from "./words.js";
import { now, wall } from "./clock.js";

// submit sends a form as its button would, the first one where none is named. Browsers
// without requestSubmit press a button that nobody sees.
export function submit(form, button) {
	if (form.requestSubmit) return form.requestSubmit(button || undefined);
	const press = button || Object.assign(form.appendChild(document.createElement("button")), { hidden: true });
	press.click();
	if (!button) press.remove();
}

// reveal and hide open and close a dialog, before a veil where the browser has one.
export function reveal(dialog) {
	dialog.showModal ? dialog.showModal() : dialog.setAttribute("open", "");
}
export function hide(dialog) {
	dialog.close ? dialog.close() : dialog.removeAttribute("open");
}

document.addEventListener("click", (e) => {
	for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(e.target)) menu.open = false;
	if (e.target.closest("[data-print]")) print();
	if (e.target.closest("[data-reload]")) { e.preventDefault(); location.reload(); }
	if (e.target.closest("[data-close]") && e.target.closest("dialog")) hide(e.target.closest("dialog"));
	const opener = e.target.closest("details[data-dialog] > summary");
	if (opener && "showModal" in document.createElement("dialog")) { e.preventDefault(); open(opener.parentElement); }
});

// Where the views of a page are more than the screen is wide, the one that it is on stands
// in the middle.
for (const here of document.querySelectorAll(".tabs [aria-current]")) {
	const strip = here.closest(".tabs"), at = here.getBoundingClientRect();
	strip.scrollLeft += at.left + at.width / 2 - strip.getBoundingClientRect().left - strip.clientWidth / 2;
}

document.addEventListener("keydown", (e) => {
	if (e.key !== "Escape") return;
	for (const menu of document.querySelectorAll("details[data-menu][open]")) {
		menu.open = false;
		menu.querySelector("summary").focus();
	}
});

// open shows the panel of an unfolding question as a real dialog, outside the region it
// stands in, so that a live swap does not close it.
function open(details) {
	const panel = details.querySelector(".dialog-panel");
	if (!panel) return;
	const dialog = document.createElement("dialog");
	dialog.className = "dialog-box";
	dialog.setAttribute("aria-labelledby", panel.getAttribute("aria-labelledby"));
	dialog.append(panel);
	document.body.append(dialog);
	dialog.addEventListener("click", (e) => e.target === dialog && dialog.close());
	dialog.addEventListener("close", () => {
		dialog.remove();
		const home = document.getElementById(details.id);
		if (home && !home.querySelector(".dialog-panel")) home.append(panel);
		if (home) home.querySelector("summary").focus();
	});
	dialog.showModal();
}

document.addEventListener("change", (e) => {
	const pressed = e.target.dataset ? e.target.dataset.submit : undefined;
	if (pressed !== undefined && e.target.form) {
		submit(e.target.form, [...e.target.form.elements].find((b) => b.name === "do" && b.value === pressed));
	}
	if (e.target.type === "file") {
		const box = e.target.closest(".file"), words = box && box.querySelector("[data-file-name]");
		if (words && e.target.files.length) words.textContent = [...e.target.files].map((f) => f.name).join(", ");
	}
});

// The words of the number that was touched, on a scale that has them.
function tellWords(e) {
	const group = e.target.type === "radio" && e.target.closest("fieldset"), words = group && group.querySelector("[data-scale-words]");
	if (words) words.textContent = e.target.dataset.words || "";
}
document.addEventListener("change", tellWords);
document.addEventListener("taps:set", tellWords);

for (const type of ["dragenter", "dragleave", "drop"])
	document.addEventListener(type, (e) => e.target.closest && e.target.closest(".file") && e.target.closest(".file").classList.toggle("is-over", type === "dragenter"));

function count(area) {
	const box = document.querySelector(`[data-count-for="${CSS.escape(area.id)}"]`);
	if (box) box.textContent = `${area.value.length.toLocaleString(lang)} / ${area.maxLength.toLocaleString(lang)}`;
}
document.addEventListener("input", (e) => e.target.maxLength > 0 && count(e.target));
const countAll = () => document.querySelectorAll("textarea[maxlength]").forEach(count);
document.addEventListener("live:swapped", countAll);
countAll();

const first = document.querySelector("[data-focus]");
if (first) first.focus();

if (document.body.dataset.kept) {
	const note = document.createElement("p");
	note.className = "banner tone-warn kept";
	note.setAttribute("role", "status");
	note.textContent = word("kept", { time: wall(Number(document.body.dataset.now) || now()) });
	document.querySelector("main").prepend(note);
	document.addEventListener("live:read", () => note.remove());
}
