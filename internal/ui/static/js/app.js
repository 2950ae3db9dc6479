// The scripts of every page. Each stands alone, and a page is whole without any. What
// only some pages need is fetched by the pages that hold it. All of them keep to what the
// oldest phone with TLS 1.3 understands (Chrome 70, Safari 12.1, Firefox 63): floor_test.go
// reads them and refuses what is younger.
import "./live.js";
import "./clock.js";
import "./page.js";
import "./outbox.js";
import "./told.js"; // with the outbox: a press that is kept is told of

const some = {
	"[data-taps], [data-waits-for]": "./taps.js", "[data-autosave]": "./autosave.js", "[data-drag]": "./drag.js", "[data-scan]": "./scan.js",
	"[data-ceremony]": "./ceremony.js", "[data-inquiry]": "./inquiry.js", "[data-pen]": "./pen.js", "[data-grid]": "./grid.js",
	"[data-pair], [data-pair-choice], [data-order]": "./pairs.js",
};

// fetchScript is import() for browsers that lack it (Firefox before 67).
const fetched = new Set();
function fetchScript(name) {
	if (fetched.has(name)) return;
	fetched.add(name);
	document.head.append(Object.assign(document.createElement("script"), { type: "module", src: new URL(name, import.meta.url).href }));
}

function load() {
	for (const selector in some) if (document.querySelector(selector)) fetchScript(some[selector]);
}
load();
document.addEventListener("live:swapped", load);

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {}); // refused on plain http
