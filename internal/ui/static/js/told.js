// A counter: one badge after the other, and each time in large words what became of it. In a
// form with data-told, [data-told-last] says it: at once that an action is kept on the phone,
// and what the server makes of it when it answers. The form is empty for the next at once;
// what was refused comes back into it, to be completed.
const told = (e) => e.target.closest && e.target.closest("form[data-told]");
const input = (form) => form.querySelector("[data-scan-input]");

function say(form, text, tone) {
	const last = form.querySelector("[data-told-last]");
	last.className = `banner told tone-${tone}`;
	last.querySelector("p").textContent = text;
	last.hidden = false;
}

// back puts the badge into the form again, unless the next is there.
function back(form, entry) {
	const field = input(form), was = entry.fields.find(([name]) => name === field.name);
	if (was && !field.value) field.value = was[1];
}

let taken = 0;

// A button that is tapped twice finds the form empty: that is no badge to refuse.
document.addEventListener("submit", (e) => {
	const form = told(e);
	if (!form || input(form).value.trim()) return;
	e.preventDefault();
	if (Date.now() - taken > 1500) form.reportValidity();
}, true);

document.addEventListener("outbox:queued", (e) => {
	const form = told(e);
	if (!form) return;
	taken = Date.now();
	say(form, form.querySelector("[data-told-last]").dataset.kept.replace("{code}", input(form).value), "now");
	form.reset();
});

document.addEventListener("outbox:sent", (e) => {
	const form = told(e), { answer, entry } = e.detail;
	if (!form || !answer || !answer.words) return;
	say(form, answer.words, answer.tone);
	if (answer.tone === "bad") back(form, entry);
});

document.addEventListener("outbox:refused", (e) => {
	const form = told(e);
	if (!form) return;
	say(form, e.detail.words, "bad");
	back(form, e.detail.entry);
});
