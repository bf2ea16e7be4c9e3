// Autosave for form[data-autosave]. The form works without it: its buttons save too.
// One request at a time; what could not be sent is kept on this device, and offered, never put back unasked.
const PAUSE = 800, RETRY = 10000;

class Autosave {
  constructor(form) {
    this.form = form;
    this.key = `lectern:${form.dataset.draft}:${location.pathname}`;
    this.status = document.querySelector('[data-save-status]');
    this.alert = form.querySelector('[data-save-alert]');
    this.offer = form.querySelector('[data-save-restore]');
    this.dirty = this.busy = this.stopped = false;
    this.told = '';
    this.offerCopy();
    form.addEventListener('input', () => this.changed());
    form.addEventListener('click', e => e.target.closest('[data-save-now]') && this.save());
    addEventListener('online', () => this.dirty && this.save());
    addEventListener('pagehide', () => this.dirty && this.keep());
    form.addEventListener('submit', () => clearTimeout(this.timer));
  }

  fields() { return [...new FormData(this.form)].filter(([name, v]) => name !== 'version' && name !== 'idempotency_key' && typeof v === 'string'); }
  get version() { return this.form.elements.version; }

  changed() {
    this.dirty = true;
    if (this.stopped) return this.keep();
    this.later(PAUSE);
  }

  later(wait) { clearTimeout(this.timer); this.timer = setTimeout(() => this.save(), wait); }

  async save() {
    if (this.stopped) return;
    if (this.busy) return this.later(PAUSE);
    clearTimeout(this.timer);
    this.busy = true; this.dirty = false;
    let answer = null;
    try {
      const r = await fetch(this.form.dataset.autosave, {method: 'POST', credentials: 'same-origin', body: new URLSearchParams(new FormData(this.form)), headers: {Accept: 'application/json'}});
      answer = {status: r.redirected ? 401 : r.status, wait: +r.headers.get('Retry-After') * 1000, data: await r.json().catch(() => ({}))};
    } catch { /* the connection is gone: answer stays null */ }
    this.busy = false;
    if (answer?.status === 200 && answer.data.version) this.saved(answer.data); else this.failed(answer);
  }

  saved(data) {
    this.version.value = data.version;
    if (!this.dirty) this.forget();
    this.say('', '');
    // Said at most once a minute: the text changes no more often.
    if (this.status && this.status.textContent !== data.saved) this.status.textContent = data.saved;
    const checks = document.getElementById('checks');
    if (checks && data.checks) checks.innerHTML = data.checks; // written by our own server, escaped there
  }

  failed(answer) {
    this.dirty = true;
    const kept = this.keep(), status = answer?.status ?? 0;
    if (status === 401) return this.say('signed-out', kept ? undefined : 'Your text is still in this window. Sign in in another tab, then press Try now.');
    if (status === 412) { this.stopped = true; return this.say('clash', answer.data.detail); }
    const later = !status || status === 408 || status === 429 || status >= 500;
    const place = kept ? 'Your text is kept on this device.' : 'Your text is still in this window.';
    this.say('failed', later ? `We could not reach Lectern. ${place} We are trying again.` : `${answer.data.detail ?? 'Lectern did not take this change.'} ${place}`);
    if (later) this.later(Math.max(RETRY, answer?.wait || 0));
  }

  // say shows one message, and only when it is another one than before.
  say(name, text) {
    if (this.told === name + text) return;
    this.told = name + text;
    this.alert.replaceChildren(...name ? [this.message(name, text)] : []);
  }

  message(name, text) {
    const box = this.form.querySelector(`[data-save-template="${name}"]`).content.cloneNode(true);
    if (text !== undefined) box.querySelector('[data-save-text]').textContent = text;
    box.querySelector('[data-save-compare]')?.setAttribute('href', this.form.dataset.compare || location.href);
    return box;
  }

  keep() {
    try { localStorage.setItem(this.key, JSON.stringify({at: Date.now(), version: +this.version.value, fields: this.fields()})); return true; }
    catch { return false; }
  }

  forget() { try { localStorage.removeItem(this.key); } catch { /* no storage, no copy */ } }

  // offerCopy shows what an earlier visit could not save, where it differs from the page.
  offerCopy() {
    let copy = null;
    try { copy = JSON.parse(localStorage.getItem(this.key)); } catch { /* none, or not ours */ }
    if (!copy?.fields) return;
    if (JSON.stringify(copy.fields) === JSON.stringify(this.fields())) return this.forget();
    const at = new Date(copy.at).toLocaleString('en-US', {dateStyle: 'medium', timeStyle: 'short'}).replace('AM', 'a.m.').replace('PM', 'p.m.');
    const since = copy.version < +this.version.value ? ' It was saved by somebody since; what you restore is put in its place, and both stay in the history.' : '';
    this.offer.replaceChildren(this.message('restore', `You typed it on ${at}, on this device.${since}`));
    this.offer.querySelector('[data-save-restore-now]').addEventListener('click', () => { this.restore(copy.fields); this.offer.replaceChildren(); this.changed(); });
    this.offer.querySelector('[data-save-discard]').addEventListener('click', () => { this.forget(); this.offer.replaceChildren(); });
  }

  restore(fields) {
    const byName = new Map();
    for (const [name, value] of fields) byName.set(name, [...byName.get(name) ?? [], value]);
    for (const el of [...this.form.elements]) {
      if (!el.name || el.name === 'version' || /^(hidden|submit|button|file)$/.test(el.type)) continue;
      const values = byName.get(el.name) ?? [];
      if (/^(radio|checkbox)$/.test(el.type)) el.checked = values.includes(el.value);
      else { el.value = values.shift() ?? ''; if (values.length && this.last(el)) this.more(el, values); }
      el.dispatchEvent(new Event('input', {bubbles: true}));
    }
  }

  last(el) { return [...this.form.querySelectorAll(`[name="${CSS.escape(el.name)}"]`)].at(-1) === el; }

  // more adds the lines that the page has no room for yet.
  more(el, values) {
    const row = el.closest('[data-line]');
    if (!row) { el.value = [el.value, ...values].join('\n'); return; }
    let at = row, n = row.parentNode.children.length;
    for (const value of values) {
      const next = row.cloneNode(true), input = next.querySelector('[name]'), id = `${el.id.replace(/-\d+$/, '')}-${++n}`;
      next.querySelector('label').htmlFor = input.id = id;
      next.querySelector('.num').textContent = n;
      input.value = value;
      at.after(next); at = next;
    }
  }
}

for (const form of document.querySelectorAll('form[data-autosave]')) new Autosave(form);
