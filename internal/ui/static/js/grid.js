// Typing a grid of short answers from paper. In a form with data-grid, each box has
// data-cell="row column", data-min and data-max: a number that can get no longer moves on
// to the next box, a dash too; the arrows go from box to box, Enter to the next one, and
// an erased empty box goes back. [data-grid-state] says how many boxes are filled. Without
// script the boxes are ordinary fields.
import { word } from "./words.js";

const cells = (form) => [...form.querySelectorAll("[data-cell]")];
const at = (cell) => cell.dataset.cell.split(" ").map(Number);

function go(cell) {
	if (!cell) return;
	cell.focus();
	cell.select();
}

// beside finds the box so many rows and columns away, over gaps.
function beside(cell, rows, columns) {
	const all = cells(cell.form), [row, column] = at(cell);
	if (columns) return all[all.indexOf(cell) + columns];
	const same = all.filter((c) => at(c)[1] === column && (at(c)[0] - row) * rows > 0);
	return rows > 0 ? same[0] : same[same.length - 1];
}

// full says that the box can take no further digit.
const full = (cell) => /^[-–—.,]$/.test(cell.value) || (/^\d+$/.test(cell.value) && Number(cell.value) * 10 > Number(cell.dataset.max));
const wrong = (cell) => cell.value !== "" && !/^[-–—.,]$/.test(cell.value) && !(/^\d+$/.test(cell.value) && Number(cell.value) >= Number(cell.dataset.min) && Number(cell.value) <= Number(cell.dataset.max));

function count(form) {
	const out = form.querySelector("[data-grid-state]"), all = cells(form);
	if (out) out.textContent = word("grid.filled", { n: all.filter((c) => c.value).length, total: all.length });
}

document.addEventListener("input", (e) => {
	const cell = e.target.closest && e.target.closest("[data-grid] [data-cell]");
	if (!cell) return;
	cell.setAttribute("aria-invalid", String(wrong(cell)));
	count(cell.form);
	if (full(cell) && !wrong(cell)) go(beside(cell, 0, 1));
});

const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [0, 1] };

document.addEventListener("keydown", (e) => {
	const cell = e.target.closest && e.target.closest("[data-grid] [data-cell]");
	if (!cell || e.ctrlKey || e.metaKey || e.altKey) return;
	const move = e.key === "Backspace" && cell.value === "" ? [0, -1] : moves[e.key];
	if (!move) return;
	const next = beside(cell, move[0], move[1]);
	if (!next && e.key === "Enter") return; // the last box: the form is sent
	e.preventDefault();
	go(next);
});

document.addEventListener("focusin", (e) => e.target.matches && e.target.matches("[data-grid] [data-cell]") && e.target.select());
for (const form of document.querySelectorAll("[data-grid]")) count(form);
