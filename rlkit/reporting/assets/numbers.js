// Numbers as people read them: rlkit/reporting/numbers.py and charts/scales.py say the same.
function shown(value, share = false) {
  if (value === null || value === undefined) return "–";
  if (share) return `${Number((value * 100).toPrecision(3))} %`;
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(4)));
}

function tickText(value, share = false) {
  if (share) return `${Number((value * 100).toPrecision(4))} %`;
  for (const [size, letter, from] of [[1e9, "G", 1e9], [1e6, "M", 1e6], [1e3, "k", 1e4]]) {
    if (Math.abs(value) >= from) return Number((value / size).toPrecision(4)) + letter;
  }
  return String(Number(value.toPrecision(4)));
}
