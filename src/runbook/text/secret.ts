/**
 * What counts as a secret, by its name and by its text. Whatever counts is shown by name only, stays out of files, and reaches a command where others
 * cannot read it.
 */

/** Words of which one in a name says that it carries a secret. */
const words = new Set(['PASS', 'PASSWD', 'PASSWORD', 'PASSWORDS', 'PASSPHRASE', 'PASSCODE', 'PWD', 'PW', 'SECRET', 'SECRETS', 'TOKEN', 'TOKENS', 'CREDENTIAL', 'CREDENTIALS', 'CRED', 'CREDS', 'APIKEY', 'PRIVATEKEY', 'ACCESSKEY', 'SECRETKEY', 'ENCRYPTIONKEY', 'MASTERKEY', 'SIGNINGKEY']);
/** The same, written together with what stands before them: DBPASSWORD, ROOTPW. */
const ends = /(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|APIKEY|(?:DB|ROOT|USER|ADMIN|BIND|MYSQL|LDAP|STORE)(?:PASS|PWD|PW))$/;
/** A key is a secret when it is the last word (ENCRYPTION_KEY), or one of these kinds anywhere (AWS_ACCESS_KEY_ID). */
const keyKinds = /(?:^|_)(?:API|PRIVATE|ACCESS|SECRET|ENCRYPTION|MASTER|SIGNING)_KEYS?(?:_|$)/;
/** Kinds of keys that are shown to everybody, or are none. */
const openKeys = /(?:^|_)(?:PUBLIC|PUB|PRIMARY|FOREIGN|SORT|PARTITION|INDEX|GROUP|CACHE|HOST|HOT|MAP|ROW|ORDER|ROUTING|OBJECT)_KEY$/;
/** A last word that says something about a secret, and so is none: TOKEN_TTL, PASSWORD_FILE. */
const about = /_(?:TTL|LENGTH|POLICY|EXPIRY|EXPIRES|EXPIRATION|TIMEOUT|SECONDS|MINUTES|HOURS|DAYS|MS|COUNT|LIMIT|SIZE|NAME|FILE|PATH|DIR|HOST|PORT|ENABLED?|DISABLED?|REQUIRED|EXECUTE|TYPE|MODE|ALGORITHM|ISSUER|FORMAT|ENDPOINT)$/;

/** The words of a name in capitals, an underscore between them: `trustStorePassword`, `splunk-token` and `bind.pw` have the same kind. */
function spell(name: string): string {
	return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase().replace(/[^A-Z0-9]+/g, '_').replace(/^_+|_+$/g, '');
}

/** Whether a variable, an option or a property carries a password, a token or a key by its name. */
export function hasSecretName(name: string): boolean {
	const spelled = spell(name);
	return isSecretWord(spelled) || (/(?:^|_)KEY$/.test(spelled) && !openKeys.test(spelled));
}

/** Without a key whose kind is not said: `key=` in a text is seldom a secret. */
function isSecretWord(spelled: string): boolean {
	if (about.test(spelled)) return false;
	return keyKinds.test(spelled) || spelled.split('_').some((word) => words.has(word) || ends.test(word));
}

/** The name that a text gives a password by: `password` of `…?user=a&password=x`; of an address with one in it, what stands before it. */
export function findSecret(text: string): string | undefined {
	const address = /([a-z][a-z0-9+.-]{0,30}:)?\/\/[^/\s@:]*:[^/\s@]+@/i.exec(text);
	if (address) return `${address[1] ?? ''}//…:…@`;
	if (/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/.test(text)) return 'PRIVATE KEY';
	for (const [, name = ''] of text.matchAll(/(?<![\w.-])([A-Za-z_-][\w.-]{0,200})(?:=|["']\s{0,9}:)(?=\s{0,9}[^\s&])/g)) if (isSecretWord(spell(name))) return name;
	return undefined;
}

/** Whether a text holds a password: an address with one in it, or `password=…` and the like among its words. */
export function hasSecretValue(text: string): boolean {
	return findSecret(text) !== undefined;
}

/** Programs that are told a password by a short option, or by a word that has no `=`. */
const spoken = /(?:^|[\s"'/;&|])(?:(?:mysql\w*|mariadb\w*|mysqladmin)\b[^;&|]*?\s-p(?!\s|$|["']?\$)|redis-cli\b[^;&|]*?\s(?:-a|--pass)\s+(?!["']?\$)\S|(?:curl|wget)\b[^;&|]*?\s(?:-u|--user)[\s=]*[^\s:]+:(?!["']?\$)\S)|--?[\w-]{0,40}(?:password|passwd|token|secret)\s+(?!-|["']?\$)\S/i;
/** A variable of the container instead of a password. */
const byVariable = /(?<![\w-])[\w-]{1,200}=["']?\$(?:\w+|\{\w+\})/g;

/** The name of the secret in one option of `docker run`: its own (`--label=x.password=`), or one in its value. */
export function findSecretOption(word: string): string | undefined {
	const [option = '', ...rest] = word.split('=');
	const value = rest.join('=');
	const name = rest.length > 1 ? (rest[0] ?? '') : '';
	const isCommand = /^--(?:health-cmd|entrypoint)$/.test(option);
	if (!isCommand && name !== '' && rest.slice(1).join('=') !== '' && isSecretWord(spell(name)) && /^[\w./-]+$/.test(name)) return name;
	const found = findSecret(isCommand ? value.replace(byVariable, '') : value);
	if (found !== undefined) return found;
	return isCommand && spoken.test(value) ? option : undefined;
}
