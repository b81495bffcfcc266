/**
 * Hashes of the codes that this browser has posted; a used code is no secret. They are in a database and not in `localStorage`: what one tab writes there,
 * another one may not see for a moment, and two tabs that are opened on one address would both post its code.
 */

const databaseName = 'drover';
const storeName = 'codes';
/** A code is good for ten minutes; its note is kept for longer than any clock is wrong. */
const keptMs = 24 * 60 * 60 * 1000;

/** Notes a code before it is posted. `known`: this browser has posted it. `cannot`: nothing can be noted here. */
export async function noteCode(hash: string): Promise<'new' | 'known' | 'cannot'> {
	try {
		const database = await openDatabase();
		try {
			return await add(database, hash);
		} finally {
			database.close();
		}
	} catch {
		return 'cannot';
	}
}

/** Takes the note of a code back that nobody has got. */
export async function forgetCode(hash: string): Promise<void> {
	const database = await openDatabase();
	const done = ended(database.transaction(storeName, 'readwrite'), (store) => store.delete(hash));
	await done.finally(() => database.close());
}

async function add(database: IDBDatabase, hash: string): Promise<'new' | 'known'> {
	let found: 'new' | 'known' = 'known';
	await ended(database.transaction(storeName, 'readwrite', { durability: 'strict' }), (store) => {
		const known = store.getKey(hash);
		known.onsuccess = () => {
			if (known.result !== undefined) return;
			found = 'new';
			store.put(Date.now(), hash);
		};
		const all = store.openCursor();
		all.onsuccess = () => {
			if (!all.result) return;
			if (Date.now() - Number(all.result.value) > keptMs) all.result.delete();
			all.result.continue();
		};
	});
	return found;
}

function ended(transaction: IDBTransaction, act: (store: IDBObjectStore) => void): Promise<void> {
	return new Promise((resolve, reject) => {
		transaction.oncomplete = () => resolve();
		transaction.onabort = () => reject(transaction.error ?? new Error('The note was not kept.'));
		act(transaction.objectStore(storeName));
	});
}

function openDatabase(): Promise<IDBDatabase> {
	return new Promise((resolve, reject) => {
		const request = indexedDB.open(databaseName, 1);
		request.onupgradeneeded = () => request.result.createObjectStore(storeName);
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error ?? new Error('There is no database.'));
	});
}
