// What the outbox shows: a pill while something is kept on the device, and a list behind
// it where refused actions can be sent again or given up.
import { word, say } from "./words.js";
import { wall } from "./clock.js";
import { reveal, hide } from "./page.js";

let pill = null, dialog = null, told = "";

function element(tag, className, text = "") {
	const e = document.createElement(tag);
	e.className = className;
	e.textContent = text;
	return e;
}

function build() {
	pill = element("button", "outbox-pill");
	pill.type = "button";
	pill.onclick = () => reveal(dialog);
	dialog = element("dialog", "dialog-box outbox-list");
	dialog.setAttribute("aria-labelledby", "outbox-title");
	dialog.addEventListener("click", (e) => e.target === dialog && hide(dialog));
	document.body.append(pill, dialog);
}

function button(text, className, action) {
	const b = element("button", "btn btn-small " + className, text);
	b.type = "button";
	b.onclick = action;
	return b;
}

function row(entry, who, actions) {
	const li = element("li", "outbox-entry is-" + entry.state);
	const mine = entry.who === who;
	const words = entry.state === "waiting" ? word(mine ? "outbox.waiting" : "outbox.other") : entry.words;
	li.append(element("b", "", entry.label), element("small", "", wall(entry.at)), element("p", "", words));
	const side = element("div", "actions");
	if (mine && entry.state !== "waiting") side.append(button(word("outbox.retry"), "btn-ghost", () => actions.retry(entry)));
	side.append(button(word("outbox.discard"), "btn-ghost btn-danger", () => confirm(word("outbox.sure")) && actions.discard(entry)));
	li.append(side);
	return li;
}

// summary is the state in one line; "" where there is nothing to say.
function summary(entries, who) {
	const refused = entries.filter((e) => e.state !== "waiting" && e.who === who).length;
	const waiting = entries.filter((e) => e.state === "waiting").length;
	const words = [];
	if (refused) words.push(word("outbox.refused", refused));
	if (waiting) words.push(word("outbox.kept", waiting));
	return [refused ? "bad" : waiting ? "wait" : "none", words.join(" · ") || word("outbox.none")];
}

export function show(entries, who, actions) {
	const [state, text] = summary(entries, who);
	for (const e of document.querySelectorAll("[data-outbox-state]")) {
		e.className = "outbox-state is-" + state;
		e.textContent = text;
	}
	if (!entries.length) {
		if (pill) {
			pill.remove();
			dialog.remove();
			say(text);
		}
		pill = dialog = null;
		told = "";
		return;
	}
	if (!pill) build();
	pill.className = "outbox-pill is-" + state;
	pill.textContent = text;
	const title = element("h2", "", word("outbox.title"));
	title.id = "outbox-title";
	const list = element("ul", "outbox-entries");
	list.append(...entries.map((e) => row(e, who, actions)));
	dialog.textContent = "";
	dialog.append(title, list, button(word("close"), "", () => hide(dialog)));
	if (told !== state) say(text);
	told = state;
}

// forget takes the mark of an action given up from the form that made it.
export function forget(entry) {
	const form = document.querySelector(`form[data-outbox-last="${entry.id}"]`);
	if (form) form.removeAttribute("data-outbox-last");
}
