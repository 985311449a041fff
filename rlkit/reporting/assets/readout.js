// Values under the pointer, a finger, or the arrow keys.
function valueAt(series, at, steps, key = "y") {
  const values = series[key];
  if (!values || at < series.x[0] || at > series.x[series.x.length - 1]) return null;
  let [low, high] = [0, series.x.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (series.x[middle] <= at) low = middle;
    else high = middle;
  }
  if (at >= series.x[high]) return values[high];
  if (steps || values[low] === null || values[high] === null) return values[low];
  const share = (at - series.x[low]) / (series.x[high] - series.x[low] || 1);
  return values[low] + share * (values[high] - values[low]);
}

function element(name, content, kind) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  if (content !== undefined) made.textContent = content;
  return made;
}

// `drawn` tells what stands in the place now; returns what hides the values again.
function readOut(place, chart, variants, drawn) {
  const spoken = element("output", "", "unseen");
  place.append(spoken);
  let pixel = null;

  function hide() {
    place.querySelector(".readout")?.remove();
    for (const mark of place.querySelectorAll(".cursor, .dot")) mark.remove();
    pixel = null;
  }

  function show(at, aloud) {
    hide();
    const { picture, x, y, width, height, series, view } = drawn();
    pixel = Math.min(width - RIGHT, Math.max(LEFT, at));
    const value = x.invert(pixel);
    const found = series
      .map((one) => [one, ...["y", "l", "h"].map((key) => valueAt(one, value, chart.steps, key))])
      .filter(([, estimate]) => estimate !== null)
      .sort(([, a], [, b]) => b - a);
    picture.append(svg("path", { class: "cursor", d: `M${pixel} ${TOP}V${height - BOTTOM}` }));
    const box = element("div", undefined, "readout");
    box.append(element("b", `${shown(value)} ${view.x}`));
    const words = [];
    for (const [one, estimate, low, high] of found) {
      picture.append(svg("circle", { class: `dot ${look(one.v)}`, cx: pixel, cy: y(estimate), r: 5 }));
      const numbers = shown(estimate, chart.share)
        + (low === null ? "" : ` (${shown(low, chart.share)} to ${shown(high, chart.share)})`);
      const row = element("div");
      row.append(svg("svg", { class: `sample ${look(one.v)}`, width: 36, height: 12, "aria-hidden": "true" },
        svg("line", { x1: 1, x2: 35, y1: 6, y2: 6 })));
      row.append(element("span", variants[one.v]), element("i", numbers));
      box.append(row);
      words.push(`${variants[one.v]} ${numbers}`);
    }
    place.append(box);
    const factor = picture.getBoundingClientRect().width / width;
    const [left, room] = [pixel * factor, width * factor];
    const own = box.offsetWidth;
    const beside = left + 14 + own <= room ? left + 14 : left - 14 - own;
    if (beside >= 0) box.style.left = `${beside}px`;
    else { // no room on either side: below the picture
      box.style.left = "0";
      box.style.maxWidth = "100%";
      box.style.top = `${height * factor}px`;
    }
    if (aloud) spoken.textContent = `${shown(value)} ${view.x}: ${words.join("; ")}`;
  }

  function pointed(event) {
    const frame = drawn().picture.getBoundingClientRect();
    show(((event.clientX - frame.left) * drawn().width) / frame.width, false);
  }

  place.addEventListener("pointermove", pointed);
  place.addEventListener("pointerdown", pointed);
  place.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && hide());
  place.addEventListener("blur", hide);
  place.addEventListener("keydown", (event) => {
    const { width } = drawn();
    const step = (width - LEFT - RIGHT) / (event.shiftKey ? 10 : 50);
    const to = {
      ArrowLeft: (pixel ?? width) - step, ArrowRight: (pixel ?? LEFT - step) + step, Home: LEFT, End: width - RIGHT,
    }[event.key];
    if (event.key === "Escape") hide();
    if (to === undefined) return;
    event.preventDefault();
    show(to, true);
  });
  document.addEventListener("pointerdown", (event) => place.contains(event.target) || hide());
  return hide;
}
