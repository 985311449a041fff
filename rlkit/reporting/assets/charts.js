// Charts that answer: which variants, which axis, logarithmic or not.
const { variants, charts } = JSON.parse(document.getElementById("data").textContent);
const hidden = new Set();
const redraws = [];
const redrawAll = () => redraws.forEach((redraw) => redraw());

for (const group of document.querySelectorAll(".charts")) {
  const switches = group.querySelector(".switches");
  switches.hidden = false;
  const logarithmic = (axis) => switches.querySelector(`[data-log="${axis}"]`)?.checked ?? false;
  const by = () => switches.querySelector("input[type=radio]:checked")?.value;
  const own = [];

  for (const place of group.querySelectorAll(".plot")) {
    const chart = charts[place.id];
    const description = place.querySelector("svg").getAttribute("aria-label");
    let now = null;
    const redraw = () => {
      const view = chart.views.find((one) => one.by === by()) ?? chart.views[0];
      const width = Math.round(place.clientWidth);
      if (!width) return;
      // The description is of the first view; what another one shows is read out by the arrow keys.
      const label = view === chart.views[0] ? description : `${chart.title}: ${chart.y} by ${view.x}`;
      hide();
      now = { view, ...drawChart(chart, view, (v) => !hidden.has(v), width, logarithmic("x"), logarithmic("y"), label) };
      place.querySelector("svg").replaceWith(now.picture);
    };
    const hide = readOut(place, chart, variants, () => now);
    place.tabIndex = 0;
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", `${chart.title}: left and right arrow keys read values`);
    own.push(redraw);
    redraws.push(redraw);
    new ResizeObserver(() => now?.width !== Math.round(place.clientWidth) && redraw()).observe(place);
    redraw();
  }
  switches.addEventListener("change", () => own.forEach((redraw) => redraw()));
}

for (const item of document.querySelectorAll(".legend li")) {
  const variant = Number(item.dataset.variant);
  const button = element("button");
  button.type = "button";
  button.title = "show or hide";
  button.setAttribute("aria-pressed", "true");
  button.append(...item.childNodes);
  item.append(button);
  button.addEventListener("click", () => {
    if (!hidden.delete(variant)) hidden.add(variant);
    for (const same of document.querySelectorAll(`.legend li[data-variant="${variant}"] button`)) {
      same.setAttribute("aria-pressed", String(!hidden.has(variant)));
    }
    redrawAll();
  });
  const fade = (others) => {
    for (const drawn of document.querySelectorAll(".plot [data-of]")) {
      drawn.classList.toggle("faded", others && Number(drawn.dataset.of) !== variant);
    }
  };
  for (const event of ["mouseenter", "focus"]) button.addEventListener(event, () => hidden.has(variant) || fade(true));
  for (const event of ["mouseleave", "blur", "click"]) button.addEventListener(event, () => fade(false));
}
