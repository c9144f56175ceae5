'use strict';
/** `Math.random` from a seed, so that the jitter of retries is the same in every run. `crypto` stays as it is. */
let state = 0;

exports.seed = (seed) => {
  state = seed >>> 0;
};

exports.install = () => {
  Math.random = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
