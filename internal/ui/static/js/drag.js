// Moving by hand what can also be moved by a form. An item [data-drag] holds a form with
// a <select> whose values are those of the zones, [data-drop="value"]. Dropping the item
// on a zone picks that value and sends the form; the item stands in its new place at
// once, and goes back where the server does not agree. A form [data-price="URL"] is told
// before, over each zone and for each choice of the select, what the change would cost. On touch screens, the item's
// [data-drag-handle] takes the finger, so that the rest still scrolls.
import { word, say } from "./words.js";
import { submit } from "./page.js";

let drag = null;

function start(e) {
	const item = e.target.closest("[data-drag]");
	if (!item || e.button !== 0 || e.target.closest("a, button, input, select, textarea, label, summary:not(.mover-line)")) return;
	if (e.pointerType !== "mouse" && !e.target.closest("[data-drag-handle]")) return;
	drag = { item, x: e.clientX, y: e.clientY, ghost: null, zone: null };
}

function move(e) {
	if (!drag) return;
	const dx = e.clientX - drag.x, dy = e.clientY - drag.y;
	if (!drag.ghost) {
		if (Math.hypot(dx, dy) < 6) return;
		const box = drag.item.getBoundingClientRect();
		drag.ghost = drag.item.cloneNode(true);
		drag.ghost.classList.add("drag-ghost");
		drag.ghost.removeAttribute("id");
		Object.assign(drag.ghost.style, { left: box.left + "px", top: box.top + "px", width: box.width + "px" });
		drag.item.classList.add("is-dragged");
		document.body.append(drag.ghost);
		document.body.classList.add("is-dragging");
	}
	e.preventDefault();
	drag.ghost.style.translate = `${dx}px ${dy}px`;
	const under = document.elementFromPoint(e.clientX, e.clientY), zone = under ? under.closest("[data-drop]") : null;
	if (zone === drag.zone) return;
	if (drag.zone) drag.zone.classList.remove("is-over");
	if (zone) zone.classList.add("is-over");
	drag.zone = zone;
	showPrice(drag);
}

// showPrice says on what is dragged what letting go here would cost.
async function showPrice(held) {
	const { item, ghost, zone } = held, form = item.querySelector("form[data-price]");
	if (!form) return;
	let out = ghost.querySelector(".drag-price");
	if (!out) {
		out = document.createElement("div");
		out.className = "drag-price price";
		ghost.append(out);
	}
	if (!zone || zone.contains(item)) return fill(out, null);
	const price = await ask(form, zone.dataset.drop);
	if (drag !== held || held.zone !== zone) return;
	fill(out, price);
	if (price) say(word("drag.priced", { zone: zone.getAttribute("aria-label") || "", price: [price.title, ...price.lines].join(". ") }));
}

// ask reads the price of putting the form's item into a zone; null where there is none.
async function ask(form, to) {
	const query = new URLSearchParams({ who: form.elements.who.value, to });
	try {
		const answer = await fetch(form.dataset.price + "?" + query, { headers: { Accept: "application/json" }, credentials: "same-origin" });
		return answer.ok ? await answer.json() : null;
	} catch {
		return null;
	}
}

function fill(out, price) {
	out.textContent = "";
	out.className = out.className.replace(/ ?is-\w+/g, "") + (price ? " is-" + price.tone : "");
	if (!price) return;
	const title = document.createElement("b"), list = document.createElement("ul");
	title.textContent = price.title;
	for (const line of price.lines) {
		const entry = document.createElement("li");
		entry.textContent = line;
		list.append(entry);
	}
	out.append(title, list);
}

// Somebody who chooses from the list reads the price before they send the form.
document.addEventListener("change", async (e) => {
	const form = e.target.closest && e.target.closest("form[data-price]"), out = form && form.querySelector("[data-price-out]");
	if (!out || e.target.name !== "to") return;
	const to = e.target.value, price = await ask(form, to);
	if (e.target.value === to) fill(out, price);
});

function end(e) {
	if (!drag) return;
	const { item, ghost, zone } = drag;
	drag = null;
	if (ghost) ghost.remove();
	item.classList.remove("is-dragged");
	if (zone) zone.classList.remove("is-over");
	document.body.classList.remove("is-dragging");
	if (ghost) swallowClick();
	if (e.type === "pointerup" && ghost && zone && !zone.contains(item)) drop(item, zone);
}

// swallowClick keeps the click that ends a drag from unfolding the line under it.
function swallowClick() {
	const stop = (e) => e.preventDefault();
	document.addEventListener("click", stop, { capture: true, once: true });
	setTimeout(() => document.removeEventListener("click", stop, { capture: true }));
}

async function drop(item, zone) {
	const select = item.querySelector("form select"), form = select && select.form;
	if (!select || ![...select.options].some((o) => o.value === zone.dataset.drop && !o.disabled)) return;
	const home = item.parentElement, next = item.nextSibling, before = select.value;
	select.value = zone.dataset.drop;
	(zone.querySelector("[data-drop-list]") || zone).append(item);
	if (form.matches("[data-outbox]")) return submit(form);
	try {
		const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" }, credentials: "same-origin" });
		if (!answer.ok || !answer.headers.has("X-H48")) throw new Error("status " + answer.status);
		say(word("drag.moved", { zone: zone.getAttribute("aria-label") || select.selectedOptions[0].text }));
		item.dispatchEvent(new CustomEvent("drag:moved", { bubbles: true }));
	} catch {
		select.value = before;
		home.insertBefore(item, next && next.parentElement === home ? next : null);
		say(word("drag.failed"));
		item.classList.add("is-refused");
		setTimeout(() => item.classList.remove("is-refused"), 2000);
	}
}

document.addEventListener("pointerdown", start);
document.addEventListener("pointermove", move, { passive: false });
document.addEventListener("pointerup", end);
document.addEventListener("pointercancel", end);
document.addEventListener("keydown", (e) => e.key === "Escape" && end(e));
