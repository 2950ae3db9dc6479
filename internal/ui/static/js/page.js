// Small comforts of every page: menus that close, panels that become dialogs, selects
// that submit, counters, file names, printing, and a word on a page that comes from the
// device because there is no network.
import { lang, word } from "./words.js";
import { now, wall } from "./clock.js";

document.addEventListener("click", (e) => {
	for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(e.target)) menu.open = false;
	if (e.target.closest("[data-print]")) print();
	if (e.target.closest("[data-reload]")) { e.preventDefault(); location.reload(); }
	if (e.target.closest("[data-close]")) e.target.closest("dialog")?.close();
	const opener = e.target.closest("details[data-dialog] > summary");
	if (opener) { e.preventDefault(); open(opener.parentElement); }
});

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
		home?.querySelector("summary").focus();
	});
	dialog.showModal();
}

document.addEventListener("change", (e) => {
	const submit = e.target.dataset?.submit;
	if (submit !== undefined && e.target.form) {
		const button = [...e.target.form.elements].find((b) => b.name === "do" && b.value === submit);
		e.target.form.requestSubmit(button || undefined);
	}
	if (e.target.type === "file") {
		const words = e.target.closest(".file")?.querySelector("[data-file-name]");
		if (words && e.target.files.length) words.textContent = [...e.target.files].map((f) => f.name).join(", ");
	}
});

for (const type of ["dragenter", "dragleave", "drop"])
	document.addEventListener(type, (e) => e.target.closest?.(".file")?.classList.toggle("is-over", type === "dragenter"));

function count(area) {
	const box = document.querySelector(`[data-count-for="${CSS.escape(area.id)}"]`);
	if (box) box.textContent = `${area.value.length.toLocaleString(lang)} / ${area.maxLength.toLocaleString(lang)}`;
}
document.addEventListener("input", (e) => e.target.maxLength > 0 && count(e.target));
const countAll = () => document.querySelectorAll("textarea[maxlength]").forEach(count);
document.addEventListener("live:swapped", countAll);
countAll();

document.querySelector("[data-focus]")?.focus();

if (document.body.dataset.kept) {
	const note = document.createElement("p");
	note.className = "banner tone-warn kept";
	note.setAttribute("role", "status");
	note.textContent = word("kept", { time: wall(Number(document.body.dataset.now) || now()) });
	document.querySelector("main").prepend(note);
	document.addEventListener("live:read", () => note.remove());
}
