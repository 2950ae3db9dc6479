// The page of a door. What is scanned is kept and sent by the outbox; this says at once
// who it is, without network too: the list on the page carries a mark of each badge, the
// start of a hash of the edition and the code. It also narrows the list while a name is
// typed. Everything works without it, a little slower.
const last = document.querySelector("[data-desk-last]");

function show(words, tone) {
	if (!last) return;
	last.className = `banner tone-${tone}`;
	last.querySelector("p").textContent = words;
	last.hidden = false;
}

// code reads what a scanner or a person gives, as the server does.
function code(text) {
	const end = text.trim().split(/[?#]/)[0].split("/").pop();
	return end.toUpperCase().replace(/[ .\-\u00a0]/g, "");
}

async function mark(text) {
	const bytes = new TextEncoder().encode(`${last.dataset.edition}:${code(text)}`);
	const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
	return [...hash.slice(0, 8)].map((b) => b.toString(16).padStart(2, "0")).join("");
}

// known is the row of whom a kept action is about, or null.
async function known(data) {
	if (data.account) return document.getElementById(`p-${data.account}`);
	if (!data.code || !crypto.subtle) return null;
	return document.querySelector(`[data-mark="${await mark(data.code)}"]`);
}

document.addEventListener("outbox:queued", async (e) => {
	if (!last || !e.target.closest?.("[data-desk-form]")) return;
	const { data } = e.detail;
	const row = await known(data);
	const name = row?.dataset.name || data.name || "";
	if (name) show(last.dataset.kept.replace("{name}", name), "now");
	else show(last.dataset.keptUnknown.replace("{code}", code(data.code || "")), "warn");
	if (data.code) e.target.reset();
});

document.addEventListener("outbox:sent", (e) => {
	const answer = e.detail.answer;
	if (answer?.words) show(answer.words, answer.tone);
});

document.addEventListener("outbox:refused", (e) => show(e.detail.words, "bad"));

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function narrow() {
	const field = document.querySelector("[data-desk-filter] input[type=search]");
	if (!field) return;
	const wanted = fold(field.value.trim());
	for (const row of document.querySelectorAll("[data-desk-person]")) row.hidden = !fold(row.dataset.name).includes(wanted);
}

document.addEventListener("input", (e) => e.target.closest("[data-desk-filter]") && narrow());
document.addEventListener("live:swapped", narrow);
