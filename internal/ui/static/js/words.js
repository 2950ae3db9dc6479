// The texts that scripts say, in the reader's language, from the data block of the page.
// word("outbox.kept", 3) picks singular or plural and fills {n}; word("drag.moved",
// { zone: "A" }) fills {zone}.
const block = document.getElementById("ui-words");
const words = block ? JSON.parse(block.textContent) : {};

export const lang = document.documentElement.lang || "fr";

export function word(key, fill = {}) {
	let text = key in words ? words[key] : key;
	const values = typeof fill === "number" ? { n: fill } : fill;
	if (Array.isArray(text)) {
		const one = values.n === 1 || (values.n === 0 && lang === "fr");
		text = text[one ? 0 : 1];
	}
	return text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
}

// say tells a screen reader, politely.
export function say(text) {
	let box = document.getElementById("ui-said");
	if (!box) {
		box = document.createElement("p");
		box.id = "ui-said";
		box.className = "sr";
		box.setAttribute("role", "status");
		document.body.append(box);
	}
	box.textContent = text;
}
