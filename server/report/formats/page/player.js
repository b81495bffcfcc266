// @ts-check
/**
 * Plays the recordings of a report, from the report's own file: no network, no storage. What a terminal showed comes as lines of text with styles
 * (`recording/draw-recording.ts`); nothing of it is ever markup.
 *
 * @typedef {readonly [text: string, style?: string]} Span
 * @typedef {{ time: number, reset?: true, count: number, lines: readonly (readonly [number, readonly Span[]])[], columns?: number }} Frame
 */
(() => {
	/** Unit: seconds. */
	const [longestPause, jump, shortest] = [2, 5, 0.1];
	/** @type {Record<string, string>} */
	const words = JSON.parse(document.querySelector('#words')?.textContent ?? '{}');

	/** @param {string} key @param {Record<string, string>} [slots] */
	const say = (key, slots = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (_, slot) => slots[slot] ?? '');

	/**
	 * @template {keyof HTMLElementTagNameMap} T
	 * @param {T} tag @param {Record<string, string>} attributes @param {(string | Node)[]} children
	 */
	const make = (tag, attributes, ...children) => {
		const element = document.createElement(tag);
		for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
		element.append(...children);
		return element;
	};

	/** Short recordings are told in tenths. @param {number} seconds @param {number} end */
	const clock = (seconds, end) => {
		if (end < 10) return seconds.toFixed(1);
		const whole = Math.floor(seconds);
		const rest = `${String(Math.floor(whole / 60) % 60).padStart(whole < 3600 ? 1 : 2, '0')}:${String(whole % 60).padStart(2, '0')}`;
		return whole < 3600 ? rest : `${Math.floor(whole / 3600)}:${rest}`;
	};

	/** A number of the palette beyond the sixteen names: a cube of six steps a side, then greys. Source: xterm, 256colres.h. @param {string} colour */
	const colourOf = (colour) => {
		if (colour.startsWith('#')) return colour;
		const number = Number(colour);
		if (number < 16) return `var(--terminal-${number})`;
		if (number >= 232) return `rgb(${Array(3).fill(8 + (number - 232) * 10).join(' ')})`;
		const step = (/** @type {number} */ value) => (value === 0 ? 0 : 55 + value * 40);
		return `rgb(${step(Math.floor((number - 16) / 36))} ${step(Math.floor((number - 16) / 6) % 6)} ${step((number - 16) % 6)})`;
	};

	/** @param {Span} span */
	const draw = ([text, style]) => {
		if (style === undefined) return text;
		const element = make('span', {}, text);
		for (const word of style.split(' ')) {
			const value = word.slice(1);
			if (word[0] === 'f') element.style.color = value === '-' ? 'var(--terminal)' : colourOf(value);
			else if (word[0] === 'g') element.style.backgroundColor = value === '-' ? 'var(--terminal-ink)' : colourOf(value);
			else element.classList.add(word);
		}
		return element;
	};

	class RunPlayer extends HTMLElement {
		/** @type {readonly Frame[]} */
		#frames = [];
		/** When each frame stands on the shown clock: pauses may be cut short. @type {number[]} */
		#times = [];
		/** Frames that are drawn. */
		#drawn = 0;
		#position = 0;
		#plays = false;
		/** @type {number | undefined} */
		#timer;
		#startedAt = 0;
		#startedFrom = 0;
		#columns = 80;
		/** @type {(() => void)[]} */
		#undo = [];

		connectedCallback() {
			const data = JSON.parse(this.querySelector('script')?.textContent ?? '{"columns":80,"frames":[]}');
			[this.#frames, this.#columns] = [data.frames, data.columns];
			const name = this.getAttribute('data-name') ?? '';
			this.text = /** @type {HTMLElement} */ (this.querySelector('.output-text'));
			this.button = make('button', { type: 'button', class: 'play' }, say('report.play'));
			this.slider = make('input', { type: 'range', min: '0', step: '0.1', value: '0', 'aria-label': say('report.seek') });
			this.place = make('span', { class: 'place' });
			this.speed = make('select', {}, ...['0.5', '1', '2', '4', '8', '16'].map((one) => make('option', one === '1' ? { value: one, selected: '' } : { value: one }, `${one}×`)));
			this.pauses = make('input', { type: 'checkbox', checked: '' });
			this.asText = make('button', { type: 'button' }, say('report.as-text'));
			this.asText.hidden = true;
			this.screen = make('pre', { class: 'screen', tabindex: '0', role: 'group', 'aria-label': name, translate: 'no', dir: 'ltr' });
			this.screen.hidden = true;
			this.bar = make('div', { class: 'player', role: 'group', 'aria-label': name, title: say('report.keys') }, this.button, this.slider, this.place, make('label', {}, `${say('report.speed')} `, this.speed), make('label', {}, this.pauses, ` ${say('report.skip-pauses')}`), this.asText);
			this.screen.style.setProperty('--rows', String(Math.max(...this.#frames.map(({ count }) => count))));
			this.prepend(this.bar, this.screen);
			this.#measure();
			this.#show();
			this.#listen();
		}

		disconnectedCallback() {
			this.#pause();
			for (const undo of this.#undo.splice(0)) undo();
			this.bar?.remove();
			this.screen?.remove();
			if (this.text) this.text.hidden = false;
		}

		#listen() {
			/** @param {Element | undefined} target @param {string} type @param {(event: any) => void} heard */
			const on = (target, type, heard) => {
				target?.addEventListener(type, heard);
				this.#undo.push(() => target?.removeEventListener(type, heard));
			};
			on(this.button, 'click', () => this.#toggle());
			on(this.slider, 'input', () => this.#seek(Number(this.slider?.value)));
			on(this.speed, 'change', () => this.#again());
			on(this.pauses, 'change', () => this.#changePauses());
			on(this.asText, 'click', () => this.#leave());
			for (const element of [this.slider, this.screen]) on(element, 'keydown', (event) => this.#press(event));
		}

		get #end() {
			return this.#times.at(-1) ?? 0;
		}

		#measure() {
			const skip = this.pauses?.checked ?? false;
			let [before, at] = [0, 0];
			this.#times = this.#frames.map(({ time }) => {
				at += skip ? Math.min(time - before, longestPause) : time - before;
				before = time;
				return at;
			});
			if (this.slider) this.slider.max = String(Math.max(shortest, this.#end));
		}

		#changePauses() {
			const drawn = this.#drawn;
			this.#measure();
			this.#seek(drawn === 0 ? 0 : (this.#times[drawn - 1] ?? 0));
		}

		#toggle() {
			if (this.#plays) return this.#pause();
			if (this.#position >= this.#end) this.#seek(0);
			this.#open();
			this.#plays = true;
			this.#again();
		}

		/** From here on, at the chosen speed. */
		#again() {
			clearTimeout(this.#timer);
			[this.#startedAt, this.#startedFrom] = [performance.now(), this.#position];
			if (this.#plays) this.#tick();
		}

		#tick() {
			const speed = Number(this.speed?.value);
			this.#position = Math.min(this.#end, this.#startedFrom + ((performance.now() - this.#startedAt) / 1000) * speed);
			this.#drawUpTo(this.#position);
			if (this.#position >= this.#end) return this.#pause();
			this.#timer = window.setTimeout(() => this.#tick(), 50);
			this.#show();
		}

		#pause() {
			clearTimeout(this.#timer);
			this.#plays = false;
			this.#show();
		}

		/** @param {number} seconds */
		#seek(seconds) {
			this.#position = Math.max(0, Math.min(this.#end, seconds));
			this.#open();
			this.#drawUpTo(this.#position);
			if (this.#plays) this.#again();
			this.#show();
		}

		#open() {
			if (!this.screen?.hidden || !this.text || !this.asText) return;
			[this.screen.hidden, this.text.hidden, this.asText.hidden] = [false, true, false];
		}

		/** Back to the text. */
		#leave() {
			this.#pause();
			if (!this.screen || !this.text || !this.asText) return;
			[this.screen.hidden, this.text.hidden, this.asText.hidden] = [true, false, true];
			this.button?.focus();
		}

		/** @param {KeyboardEvent} event */
		#press(event) {
			if (event.altKey || event.ctrlKey || event.metaKey) return;
			/** @type {Record<string, () => void>} */
			const keys = { ' ': () => this.#toggle(), ArrowLeft: () => this.#seek(this.#position - jump), ArrowRight: () => this.#seek(this.#position + jump), Home: () => this.#seek(0), End: () => this.#seek(this.#end) };
			if (!Object.hasOwn(keys, event.key)) return;
			event.preventDefault();
			keys[event.key]?.();
		}

		/** @param {number} seconds */
		#drawUpTo(seconds) {
			const { screen } = this;
			if (!screen) return;
			let wanted = this.#times.findIndex((time) => time > seconds);
			if (wanted < 0) wanted = this.#frames.length;
			if (wanted < this.#drawn) this.#drawn = 0;
			if (this.#drawn === 0) {
				screen.replaceChildren();
				screen.style.setProperty('--columns', String(this.#columns));
			}
			const isAtEnd = screen.scrollTop + screen.clientHeight >= screen.scrollHeight - 24;
			for (; this.#drawn < wanted; this.#drawn += 1) this.#apply(screen, this.#frames[this.#drawn]);
			if (isAtEnd || this.#plays) screen.scrollTop = screen.scrollHeight;
		}

		/** @param {HTMLElement} screen @param {Frame | undefined} frame */
		#apply(screen, frame) {
			if (!frame) return;
			if (frame.reset) screen.replaceChildren();
			if (frame.columns) screen.style.setProperty('--columns', String(frame.columns));
			while (screen.childElementCount > frame.count) screen.lastElementChild?.remove();
			while (screen.childElementCount < frame.count) screen.append(make('div', {}));
			for (const [index, spans] of frame.lines) screen.children[index]?.replaceChildren(...spans.map(draw));
		}

		#show() {
			if (!this.slider || !this.place || !this.button) return;
			const position = say('report.position', { at: clock(this.#position, this.#end), end: clock(this.#end, this.#end) });
			this.slider.value = String(this.#position);
			this.slider.setAttribute('aria-valuetext', position);
			this.place.textContent = position;
			this.button.textContent = say(this.#plays ? 'report.pause' : 'report.play');
		}
	}

	customElements.define('run-player', RunPlayer);
})();
