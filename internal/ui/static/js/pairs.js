// Two by two without network. An answered question [data-pair] gives way to the next one
// at once; a pressed button of [data-pair-choice] shows that it is the answer; in a list
// [data-order] a line moves as its button [data-move] was pressed, whatever the page said
// of its neighbours. What the outbox still holds is taken for answered.
import { kept } from "./outbox.js";

const same = (a, b) => a.split(" ").sort().join() === b.split(" ").sort().join();

async function turn() {
	const said = (await kept()).map((e) => e.fields.find(([name]) => name === "pair")).filter(Boolean).map(([, pair]) => pair);
	let shown = false;
	for (const form of document.querySelectorAll("[data-pair]")) {
		form.hidden = shown || said.some((pair) => same(pair, form.dataset.pair));
		shown = shown || !form.hidden;
	}
	const done = document.querySelector("[data-pairs-done]");
	if (done) done.hidden = shown;
}

// The buttons of a line say what is true where the line stands now.
document.addEventListener("click", (e) => {
	const button = e.target.closest("[data-order] [data-move]");
	if (!button) return;
	const line = button.closest("[data-team]"), up = button.dataset.move === "up";
	const other = up ? line.previousElementSibling : line.nextElementSibling;
	if (!other) return e.preventDefault();
	button.form.elements.pair.value = line.dataset.team + " " + other.dataset.team;
	button.value = up ? line.dataset.team : other.dataset.team;
}, true);

document.addEventListener("outbox:queued", (e) => {
	const line = e.target.closest("[data-order] [data-team]");
	if (line) {
		const first = e.detail.data.better === line.dataset.team ? line : line.nextElementSibling;
		if (first && first.previousElementSibling) first.parentElement.insertBefore(first, first.previousElementSibling);
		const lines = [...line.parentElement.children];
		lines.forEach((l, i) => {
			for (const b of l.querySelectorAll("[data-move]")) b.disabled = b.dataset.move === "up" ? i === 0 : i === lines.length - 1;
		});
	}
	for (const b of document.querySelectorAll("[data-pair-choice] button")) if (e.target.id === b.getAttribute("form")) b.setAttribute("aria-pressed", String(b.value === e.detail.data.better));
	turn();
});
document.addEventListener("outbox:painted", turn);
document.addEventListener("live:swapped", turn);
turn();
