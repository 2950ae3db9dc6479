// A question whose answer follows what is typed: <form data-inquiry method="get">. The address
// follows the form, and the page's live regions are read again.
import { read } from "./live.js";

document.addEventListener("input", (e) => {
	const form = e.target.form;
	if (!form || !form.matches("[data-inquiry]")) return;
	const address = new URL(form.action);
	address.search = new URLSearchParams(new FormData(form)).toString();
	history.replaceState(history.state, "", address);
	read(250);
});
