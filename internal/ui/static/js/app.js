// The scripts of every page. Each stands alone, and a page is whole without any. What
// only some pages need is fetched by the pages that hold it.
import "./live.js";
import "./clock.js";
import "./page.js";
import "./outbox.js";

const some = {
	"[data-autosave]": "./autosave.js", "[data-drag]": "./drag.js", "[data-scan]": "./scan.js", "[data-ceremony]": "./ceremony.js",
	"[data-inquiry]": "./inquiry.js",
};
function load() {
	for (const selector in some) if (document.querySelector(selector)) import(some[selector]);
}
load();
document.addEventListener("live:swapped", load);

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {}); // refused on plain http
