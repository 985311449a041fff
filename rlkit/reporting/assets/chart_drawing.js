// A chart as SVG, as wide as its place: rlkit/reporting/charts/svg.py draws the same where there are no scripts.
const LEFT = 58;
const RIGHT = 12;
const TOP = 24;
const BOTTOM = 48;
const COLOURS = 7;
const DASHES = 5;

const look = (variant) => `c${variant % COLOURS} d${variant % DASHES}`;

function svg(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter(Boolean));
  return element;
}

function text(content, x, y, anchor, kind, transform) {
  const element = svg("text", transform ? { transform } : { x, y });
  element.setAttribute("text-anchor", anchor);
  if (kind) element.setAttribute("class", kind);
  element.textContent = content;
  return element;
}

const point = (x, y) => `${x.toFixed(1)} ${y.toFixed(1)}`;

function linePath(series, x, y, steps) {
  let path = "";
  let begun = false;
  series.x.forEach((at, index) => {
    const value = series.y[index];
    if (value === null) begun = false;
    else if (begun && steps) path += `H${x(at).toFixed(1)}V${y(value).toFixed(1)}`;
    else path += (begun ? "L" : "M") + point(x(at), y(value));
    if (value !== null) begun = true;
  });
  return series.x.length === 1 && path ? `${path}h0.1` : path;
}

function bandPath(series, x, y, steps) {
  const paths = [];
  let there = [];
  let back = [];
  const close = () => {
    if (there.length) paths.push(`M${[...there, ...back.reverse()].join("L")}Z`);
    [there, back] = [[], []];
  };
  let before = null;
  series.x.forEach((at, index) => {
    const [low, high] = [series.l[index], series.h[index]];
    if (low === null || high === null) {
      close();
      before = null;
      return;
    }
    if (steps && before) {
      there.push(point(x(at), y(before[1])));
      back.push(point(x(at), y(before[0])));
    }
    there.push(point(x(at), y(high)));
    back.push(point(x(at), y(low)));
    before = [low, high];
  });
  close();
  return paths.join("");
}

// Draws the visible series of a view; returns the picture and its scales.
function drawChart(chart, view, visible, width, logX, logY, label) {
  const height = Math.round(Math.min(420, Math.max(270, width * 0.56)));
  const series = view.series.filter((one) => visible(one.v));
  const xs = view.series.flatMap((one) => one.x);
  const positive = xs.filter((value) => value > 0);
  let [xLow, xHigh] = xs.length ? [xs.reduce((a, b) => Math.min(a, b)), xs.reduce((a, b) => Math.max(a, b))] : [0, 1];
  const logarithmicX = logX && positive.length > 0;
  if (logarithmicX) xLow = positive.reduce((a, b) => Math.min(a, b));
  else if (xLow >= 0 && xLow < 0.1 * xHigh) xLow = 0;
  if (!(xHigh > xLow)) xHigh = xLow + 1;
  const ys = series.flatMap((one) => [...one.y, ...(one.l ?? []), ...(one.h ?? [])]);
  let [yLow, yHigh] = chart.range ?? reachOf(ys, [chart.level]);
  const positiveY = series.flatMap((one) => one.y).filter((value) => value > 0);
  const logarithmicY = logY && positiveY.length > 0;
  if (logarithmicY) yLow = positiveY.reduce((a, b) => Math.min(a, b)) * 0.9;

  const x = scaleOf(xLow, xHigh, LEFT, width - RIGHT, logarithmicX);
  const y = scaleOf(yLow, yHigh, height - BOTTOM, TOP, logarithmicY);
  const xTicks = ticksOf(xLow, xHigh, Math.max(4, Math.round(width / 110)), logarithmicX);
  const yTicks = ticksOf(yLow, yHigh, 5, logarithmicY);
  const across = (value, kind) => svg("path", { class: kind, d: `M${LEFT} ${y(value).toFixed(1)}H${width - RIGHT}` });
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    yTicks.map((tick) => across(tick, "grid")),
    yTicks.map((tick) => text(tickText(tick, chart.share), LEFT - 7, y(tick) + 4, "end")),
    apart(xTicks, x).map((tick) => text(tickText(tick), x(tick), height - BOTTOM + 18, width - x(tick) < 24 ? "end" : "middle")),
    svg("path", { class: "axis", d: `M${LEFT} ${height - BOTTOM}H${width - RIGHT}` }),
    text(view.x, (LEFT + width - RIGHT) / 2, height - 8, "middle", "label"),
    text(chart.y, 0, 0, "middle", "label", `translate(13 ${(TOP + height - BOTTOM) / 2}) rotate(-90)`),
    chart.level === null ? null : [
      across(chart.level, "level"),
      svg("path", { class: "level", d: `M${LEFT + 1} 11h24` }),
      text(`${chart.levelLabel} ${shown(chart.level)}`, LEFT + 32, 15, "start"),
    ],
    series.map((one) => one.l && svg("path", { class: `band ${look(one.v)}`, "data-of": one.v, d: bandPath(one, x, y, chart.steps) })),
    series.map((one) =>
      svg("g", { class: look(one.v), "data-of": one.v },
        svg("path", { class: "line", d: linePath(one, x, y, chart.steps) }),
        one.m && svg("path", { class: "mark", d: one.m.map(([at, value]) => `M${point(x(at), y(value) - 5)}v10`).join("") }),
      ),
    ),
  );
  return { picture, x, y, width, height, series, logarithmicY };
}

// Numbers that would run into each other are left out.
function apart(ticks, x) {
  let last = -Infinity;
  return ticks.filter((tick) => {
    if (x(tick) - last < 42) return false;
    last = x(tick);
    return true;
  });
}
