// From values to pixels and back, and where an axis has its marks.
function scaleOf(low, high, start, end, logarithmic) {
  const to = logarithmic ? (value) => Math.log(Math.max(value, low)) : (value) => value;
  const back = logarithmic ? Math.exp : (value) => value;
  const factor = (end - start) / (to(high) - to(low) || 1);
  const scale = (value) => start + (to(value) - to(low)) * factor;
  scale.invert = (pixel) => back(to(low) + (pixel - start) / factor);
  return scale;
}

function linearTicks(low, high, count) {
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.7);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}

function ticksOf(low, high, count, logarithmic) {
  if (!logarithmic || high / low < 5) return linearTicks(low, high, count);
  const found = [];
  const factors = high / low > 1000 ? [1] : [1, 2, 5];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    for (const factor of factors) found.push(factor * 10 ** power);
  }
  return found.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
}

function reachOf(values, include) {
  const known = [...values, ...include].filter((value) => value !== null && value !== undefined);
  if (!known.length) return [0, 1];
  const low = known.reduce((a, b) => Math.min(a, b));
  const high = known.reduce((a, b) => Math.max(a, b));
  const air = (high - low) * 0.04 || Math.abs(high) * 0.1 || 1;
  return [low >= 0 && low < air ? 0 : low - air, high + air];
}
