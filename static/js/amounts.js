// The arithmetic of the line under a field while it is being typed: exact, in whole millionths.
// The server's answer is what counts (portal/domain/quantity.py); a test holds the two together.
(() => {
  "use strict";
  const SCALE = 1000000n;
  const MICRO_PER_KOPECK = (SCALE * SCALE) / 100n;
  const NBSP = "\u00a0";

  /** «00256,12», «256,» or «,5» as millionths; null while it is not a number. */
  function parse(text) {
    const match = /^(?=[.,]?\d)(\d{0,12})(?:[.,](\d{0,6}))?$/.exec(text.replace(/\s/g, ""));
    if (!match) return null;
    return BigInt(match[1]) * SCALE + BigInt((match[2] || "").padEnd(6, "0"));
  }

  /** Kopecks of `volume` × `price`, both in millionths ≥ 0, rounded once, half up. */
  function cost(volume, price) {
    return (2n * volume * price + MICRO_PER_KOPECK) / (2n * MICRO_PER_KOPECK);
  }

  function grouped(whole) {
    return whole.toString().replace(/\B(?=(\d{3})+$)/g, NBSP);
  }

  function money(kopecks) {
    return `${grouped(kopecks / 100n)},${(kopecks % 100n).toString().padStart(2, "0")}${NBSP}₽`;
  }

  function quantity(micro) {
    const fraction = (micro % SCALE).toString().padStart(6, "0").replace(/0+$/, "");
    return grouped(micro / SCALE) + (fraction ? `,${fraction}` : "");
  }

  /** A value as the counter's dial shows it; `integers` 0: its digits are not known. */
  function onDial(micro, integers, fractions) {
    if (!integers) return quantity(micro);
    const whole = (micro / SCALE).toString().padStart(integers, "0");
    const fraction = (micro % SCALE).toString().padStart(6, "0").slice(0, fractions);
    return fraction ? `${whole},${fraction}` : whole;
  }

  self.zhAmounts = { parse, cost, money, quantity, onDial };
})();
