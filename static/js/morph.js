// One screen becomes another in place: nodes that are in both stay, and with them the focus, the
// caret, the scroll, what is open, and (if wanted) what is typed.
(() => {
  "use strict";

  /** Make the children of `old` those of `fresh`; `keepsTyped` leaves what a person entered. */
  function children(old, fresh, keepsTyped) {
    const keyed = new Map();
    for (const child of old.children) if (child.id) keyed.set(child.id, child);
    let place = old.firstChild;
    for (const wanted of [...fresh.childNodes]) {
      const found = match(place, wanted, keyed);
      if (!found) {
        old.insertBefore(wanted, place);
        continue;
      }
      if (found === place) place = place.nextSibling;
      else old.insertBefore(found, place);
      node(found, wanted, keepsTyped);
    }
    while (place) {
      const gone = place;
      place = place.nextSibling;
      gone.remove();
    }
  }

  function match(place, wanted, keyed) {
    if (wanted.id) return keyed.get(wanted.id)?.nodeName === wanted.nodeName && keyed.get(wanted.id);
    const fits = place && place.nodeName === wanted.nodeName && !place.id;
    return fits ? place : null;
  }

  function node(old, fresh, keepsTyped) {
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
      return;
    }
    // What a person has opened is theirs until they close it; so is what a script has just told
    // them: a notice, an error, the fate of a tap.
    if (keepsTyped && old.matches("dialog[open], [data-zh-keep]")) return;
    // A value travels with the reading that the person saw before it.
    if (keepsTyped && window.zhTyping?.holds(old, fresh)) return;
    attributes(old, fresh, keepsTyped);
    children(old, fresh, keepsTyped);
    if (!keepsTyped) reset(old);
  }

  function attributes(old, fresh, keepsTyped) {
    // A heading that has the focus has it by an attribute of ours.
    const kept = keepsTyped && old.matches("details") ? ["tabindex", "open"] : ["tabindex"];
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name) && !kept.includes(name)) old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
  }

  /** A field shows what the markup says, as on a page that has just been loaded. */
  function reset(field) {
    if (field.matches("input:not([type=hidden]), textarea")) {
      if (field.value !== field.defaultValue) field.value = field.defaultValue;
      if (field.checked !== field.defaultChecked) field.checked = field.defaultChecked;
    } else if (field.matches("option") && field.selected !== field.defaultSelected) {
      field.selected = field.defaultSelected;
    }
  }

  window.zhMorph = (root, html, keepsTyped) => {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    children(root, fresh.content, keepsTyped);
  };
})();
