/* Draws what is typed in a field as the cells of the meter's own dial: whole digits from the
   right, the fraction apart, what is not typed as a ghost.  The field stays the truth: a text
   that the dial cannot show is shown as it is. */
(() => {
  'use strict';
  if (window.zhDial) return;

  const TYPED = /^(\d*)(?:([.,])(\d*))?$/;
  const FIELD = '.zh-dial-known > .zh-dial-input';

  const digits = (row, name) => (row.dataset[name] ? Number(row.dataset[name]) : 0);

  /* What is typed, split for the dial; null when it does not fit.  Zeros in front of a full dial
     are `surplus`: they do not count. */
  function read(input) {
    const row = input.closest('[data-key]');
    const match = TYPED.exec(input.value);
    if (!row || !match) return null;
    const size = { whole: digits(row, 'intDigits'), fraction: digits(row, 'fracDigits') };
    const [, given, comma = '', fraction = ''] = match;
    const surplus = Math.min(/^0*/.exec(given)[0].length, Math.max(0, given.length - size.whole));
    const whole = given.slice(surplus);
    if (whole.length > size.whole || fraction.length > size.fraction) return null;
    return { size, surplus, whole, comma, fraction, pad: size.whole - whole.length };
  }

  function cellsOf(input, typed) {
    const { size, whole, fraction, pad } = typed;
    const before = input.value ? '' : (input.dataset.ghost || '').replace(',', '');
    const shown = '0'.repeat(pad) + whole + fraction;
    return Array.from({ length: size.whole + size.fraction }, (_, index) => ({
      text: before[index] || shown[index] || '0',
      ghost: index < pad || index >= size.whole + fraction.length,
      fraction: index >= size.whole,
    }));
  }

  /* Before which cell the caret stands. */
  function caretCell(input, typed) {
    const at = Math.max(0, (input.selectionStart ?? input.value.length) - typed.surplus);
    const after = at - typed.whole.length - 1;
    return after < 0 ? typed.pad + at : typed.size.whole + after;
  }

  function draw(input, typed) {
    const cells = cellsOf(input, typed);
    const caret = document.activeElement === input ? caretCell(input, typed) : -1;
    const nodes = cells.map((cell, index) => {
      const node = document.createElement('span');
      node.className = 'zh-cell';
      node.textContent = cell.text;
      node.classList.toggle('zh-cell-ghost', cell.ghost);
      node.classList.toggle('zh-cell-fraction', cell.fraction);
      node.classList.toggle('zh-cell-caret', index === caret);
      node.classList.toggle('zh-cell-caret-end', index === caret - 1 && caret === cells.length);
      return node;
    });
    input.nextElementSibling.replaceChildren(...nodes);
  }

  function paintOne(input) {
    const typed = read(input);
    const dial = input.parentElement;
    const { selectionStart: from, selectionEnd: to } = input;
    const isAll = document.activeElement === input && to > from;
    dial.classList.toggle('zh-dial-live', Boolean(typed));
    dial.classList.toggle('zh-dial-all', isAll);
    dial.dataset.painted = '';
    if (typed) draw(input, typed);
  }

  /* Paints a field, or all fields inside an element. */
  function paint(target) {
    if (target.matches?.(FIELD)) paintOne(target);
    else target.querySelectorAll?.(FIELD).forEach(paintOne);
  }

  /* The texts in which the comma is ours. */
  const ours = new WeakMap();

  /* People copy all digits of the dial in a row: the comma falls where the dial has it.  One that
     they type themselves after that takes its place. */
  function placeComma(input, event) {
    const row = input.closest('[data-key]');
    const whole = digits(row, 'intDigits');
    const fraction = digits(row, 'fracDigits');
    const { length } = input.value;
    const isTyped = event.inputType?.startsWith('insert') && input.selectionStart === length;
    const text = withoutOurs(input);
    ours.delete(input);
    if (!isTyped || !fraction) return;
    if (text !== input.value && /^\d+[.,]$/.test(text)) input.value = text;
    if (!/^\d+$/.test(text) || text.length <= whole || text.length > whole + fraction) return;
    input.value = `${text.slice(0, whole)},${text.slice(whole)}`;
    ours.set(input, input.value);
  }

  function withoutOurs(input) {
    const placed = ours.get(input);
    if (!placed || !input.value.startsWith(placed)) return input.value;
    return placed.replace(',', '') + input.value.slice(placed.length);
  }

  /* A tap on a cell puts the caret where the finger is, not where the hidden text is. */
  function placeCaret(input, event) {
    const typed = read(input);
    if (!typed || !input.value || input.selectionEnd > input.selectionStart) return;
    const box = input.getBoundingClientRect();
    const count = typed.size.whole + typed.size.fraction;
    const cell = Math.round(((event.clientX - box.left) / box.width) * count);
    const inFraction = typed.comma && cell > typed.size.whole;
    const at = inFraction ? cell - typed.pad + 1 : Math.min(cell - typed.pad, typed.whole.length);
    const place = typed.surplus + Math.max(0, at);
    input.setSelectionRange(place, place);
  }

  const onField = (act) => (event) => {
    if (event.target.matches?.(FIELD)) act(event.target, event);
  };
  const listen = (name, act) => document.addEventListener(name, onField(act), true);

  listen('input', (input, event) => { placeComma(input, event); paintOne(input); });
  listen('click', (input, event) => { placeCaret(input, event); paintOne(input); });
  ['focus', 'blur', 'keyup', 'change'].forEach((name) => listen(name, paintOne));
  document.addEventListener('selectionchange', () => paint(document.activeElement ?? document));
  new MutationObserver(() => {
    document.querySelectorAll('.zh-dial-known:not([data-painted])').forEach(paint);
  }).observe(document, { childList: true, subtree: true });

  window.zhDial = { paint };
  paint(document);
})();
