// The service worker: served at /sw.js with the version and the files filled in.
// Static files come from the device; pages come from the network, and from the device
// where there is none, for those that said "X-Offline: keep" when they were visited.
// Everything else goes straight to the network. Signing in or out, a juror's
// link too, empties the kept pages: they are one person's.
const FILES = "h48-files-{{version}}";
const PAGES = "h48-pages";
const MOST = 80; // pages kept on the device
const PATIENCE = 5000; // ms that a kept page waits for the network

self.addEventListener("install", (e) => {
	e.waitUntil((async () => {
		const files = await caches.open(FILES);
		await files.addAll("{{files}}".split(" "));
		await files.add(new Request("/offline", { credentials: "omit" })).catch(() => {});
		await self.skipWaiting();
	})());
});

self.addEventListener("activate", (e) => {
	e.waitUntil((async () => {
		for (const name of await caches.keys()) if (name.startsWith("h48-files-") && name !== FILES) await caches.delete(name);
		await self.clients.claim();
	})());
});

self.addEventListener("fetch", (e) => {
	const { request } = e, url = new URL(request.url);
	if (url.origin !== location.origin) return;
	if (request.method === "POST" && /^\/(sign-(in|out)|j$|j\/)/.test(url.pathname)) e.waitUntil(caches.delete(PAGES));
	if (request.method !== "GET") return;
	if (url.pathname.startsWith("/static/")) e.respondWith(file(request));
	else if (request.mode === "navigate" || request.headers.has("X-Live")) e.respondWith(page(e, request));
});

async function file(request) {
	const kept = await caches.match(request, { cacheName: FILES });
	if (kept) return kept;
	try {
		return await fetch(request);
	} catch { // a page kept from an older version: today's file of that name serves it
		const name = request.url.replace(/^.*\/static\/[^/]*\//, "/static/{{version}}/");
		return (await caches.match(name, { cacheName: FILES })) || Response.error();
	}
}

// page asks the network, and does not wait for ever on a bad one when the device has a copy.
async function page(e, request) {
	const fresh = fetch(request);
	e.waitUntil(fresh.then((answer) => keep(request, answer.clone())).catch(() => {}));
	if (request.headers.has("X-Live")) return fresh; // the page is there already
	const kept = await caches.match(request.url, { cacheName: PAGES, ignoreVary: true });
	const instead = async () => kept || (await caches.match("/offline", { ignoreVary: true })) || Response.error();
	const late = kept ? [new Promise((go) => setTimeout(go, PATIENCE, kept))] : [];
	return Promise.race([fresh.catch(instead), ...late]);
}

// keep stores a page that allows it, and writes into it when it was kept, because its
// clock was right at that moment.
async function keep(request, answer) {
	if (!answer.ok || answer.redirected || answer.headers.get("X-Offline") !== "keep") return;
	const text = (await answer.text()).replace("<body", `<body data-kept="${Date.now()}"`);
	const pages = await caches.open(PAGES);
	const headers = new Headers(answer.headers);
	headers.delete("Content-Encoding");
	headers.delete("Content-Length");
	await pages.put(request.url, new Response(text, { headers }));
	const keys = await pages.keys();
	for (const old of keys.slice(0, Math.max(0, keys.length - MOST))) await pages.delete(old);
}
