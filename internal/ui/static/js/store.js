// The device's own store of actions to send: one IndexedDB table, in the order of
// writing. Every function returns a promise; opening fails in some private windows.
const opening = new Promise((resolve, reject) => {
	const request = indexedDB.open("h48", 1);
	request.onupgradeneeded = () => request.result.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
	request.onsuccess = () => resolve(request.result);
	request.onerror = () => reject(request.error);
	request.onblocked = () => reject(new Error("another page holds an older store"));
});
opening.catch(() => {}); // whoever needs the store hears of it

// ready says whether actions can be kept on this device.
export const ready = opening.then(() => true, () => false);

async function run(mode, work) {
	const db = await opening;
	return new Promise((resolve, reject) => {
		const tx = db.transaction("outbox", mode, { durability: "strict" });
		const request = work(tx.objectStore("outbox"));
		tx.oncomplete = () => resolve(request.result);
		tx.onerror = tx.onabort = () => reject(tx.error);
	});
}

export const add = (entry) => run("readwrite", (s) => s.add(entry));
export const put = (entry) => run("readwrite", (s) => s.put(entry));
export const drop = (seq) => run("readwrite", (s) => s.delete(seq));
export const all = () => run("readonly", (s) => s.getAll());
