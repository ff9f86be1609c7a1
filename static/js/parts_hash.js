// Beside the page, so that it never waits: reads a file part by part and hashes it as a whole.
// The browser's own SHA-256 takes no stream, so the whole is hashed here (FIPS 180-4).
(() => {
  const words = new Uint32Array(64);
  const fraction = (value) => ((value - Math.floor(value)) * 2 ** 32) >>> 0;
  const primes = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((p) => n % p)) primes.push(n);
  const rounds = Uint32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
  const state = Uint32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
  let rest = new Uint8Array(0);
  let length = 0;

  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  const block = (view, at) => {
    for (let i = 0; i < 16; i += 1) words[i] = view.getUint32(at + 4 * i);
    for (let i = 16; i < 64; i += 1) {
      const [x, y] = [words[i - 15], words[i - 2]];
      words[i] = words[i - 16] + words[i - 7]
        + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
    }
    let a = state[0], b = state[1], c = state[2], d = state[3];
    let e = state[4], f = state[5], g = state[6], h = state[7];
    for (let i = 0; i < 64; i += 1) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g))
        + rounds[i] + words[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => { state[i] += value; });
  };
  const take = (bytes) => {
    const all = new Uint8Array(rest.length + bytes.length);
    all.set(rest);
    all.set(bytes, rest.length);
    const view = new DataView(all.buffer);
    const whole = all.length - (all.length % 64);
    for (let at = 0; at < whole; at += 64) block(view, at);
    rest = all.slice(whole);
  };
  const end = () => {
    const padding = new Uint8Array((rest.length < 56 ? 56 : 120) - rest.length + 8);
    padding[0] = 0x80;
    new DataView(padding.buffer).setBigUint64(padding.length - 8, BigInt(length) * 8n);
    take(padding);
    return Array.from(state, (word) => word.toString(16).padStart(8, "0")).join("");
  };
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

  // Each part is asked for once, in order; after the last, the whole.
  self.addEventListener("message", async ({ data: { part, isLast } }) => {
    try {
      const bytes = new Uint8Array(await part.arrayBuffer());
      const sha256 = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
      length += bytes.length;
      take(bytes);
      self.postMessage({ sha256, whole: isLast ? end() : "" });
    } catch {
      self.postMessage({ isUnreadable: true });
    }
  });
})();
