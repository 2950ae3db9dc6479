// Two by two without network. An answered question [data-pair] gives way to the next one
// at once; a pressed button of [data-pair-choice] shows that it is the answer; in a list
// [data-order] a line moves as its button [data-move] was pressed, whatever the page said
// of its neighbours. A line can be dragged too, on touch screens by its
// [data-order-handle]: it says what as many presses of its buttons would. What the outbox
// still holds is taken for answered, and stands in the order.
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
	const field = (e, name) => (e.fields.find(([of]) => of === name) || [])[1];
	for (const e of await kept()) if (e.state === "waiting") stand(field(e, "pair"), field(e, "better"));
}

// stand puts the better of a pair just before the other, as the server does.
function stand(pair, better) {
	const list = document.querySelector("[data-order]");
	if (!list || !pair || !better) return;
	const line = (team) => [...list.children].find((l) => l.dataset.team === team);
	const up = line(better), down = line(pair.split(" ").find((team) => team !== better));
	if (!up || !down || !(down.compareDocumentPosition(up) & Node.DOCUMENT_POSITION_FOLLOWING)) return;
	list.insertBefore(up, down);
	ends(list);
}

// ends says which lines can go no further.
function ends(list) {
	const lines = [...list.children];
	lines.forEach((l, i) => {
		for (const b of l.querySelectorAll("[data-move]")) b.disabled = b.dataset.move === "up" ? i === 0 : i === lines.length - 1;
	});
}

// Dragging a line.
let held = null, dropped = 0;

// A line that was dropped is not a link that was clicked.
document.addEventListener("click", (e) => Date.now() - dropped < 300 && e.target.closest("[data-order] a") && e.preventDefault(), true);

document.addEventListener("pointerdown", (e) => {
	const line = e.target.closest("[data-order] [data-team]");
	if (!line || e.button !== 0 || e.target.closest("button") || !line.querySelector("[data-move]")) return;
	if (e.pointerType !== "mouse" && !e.target.closest("[data-order-handle]")) return;
	held = { line, y: e.clientY, moved: false };
});

document.addEventListener("pointermove", (e) => {
	if (!held) return;
	const by = e.clientY - held.y;
	if (!held.moved && Math.abs(by) < 6) return;
	held.moved = true;
	held.line.classList.add("is-held");
	held.line.style.transform = `translateY(${by}px)`;
	e.preventDefault();
}, { passive: false });

function release(e) {
	if (!held) return;
	const { line, moved } = held;
	held = null;
	line.classList.remove("is-held");
	line.style.transform = "";
	if (!moved || e.type !== "pointerup" || !line.isConnected) return;
	dropped = Date.now();
	const lines = [...line.parentElement.children], from = lines.indexOf(line);
	const to = lines.filter((l) => l !== line && middle(l) < e.clientY).length;
	walk(line, to - from);
}

const middle = (line) => line.getBoundingClientRect().top + line.getBoundingClientRect().height / 2;

// walk presses the line's buttons as often as it was dragged over another.
async function walk(line, steps) {
	for (; steps !== 0; steps -= Math.sign(steps)) {
		const kept = new Promise((go) => document.addEventListener("outbox:queued", go, { once: true }));
		line.querySelector(`[data-move="${steps < 0 ? "up" : "down"}"]`).click();
		await Promise.race([kept, new Promise((go) => setTimeout(go, 1500))]);
	}
}

document.addEventListener("pointerup", release);
document.addEventListener("pointercancel", release);
document.addEventListener("keydown", (e) => e.key === "Escape" && release(e));
document.addEventListener("dragstart", (e) => e.target.closest && e.target.closest("[data-order]") && e.preventDefault());

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
		ends(line.parentElement);
	}
	for (const b of document.querySelectorAll("[data-pair-choice] button")) if (e.target.id === b.getAttribute("form")) b.setAttribute("aria-pressed", String(b.value === e.detail.data.better));
	turn();
});
document.addEventListener("outbox:painted", turn);
document.addEventListener("live:swapped", turn);
turn();
