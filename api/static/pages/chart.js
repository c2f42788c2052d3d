// A chart of ECharts from options that the server made.

import { save, savePng, when } from "./save.js";

const place = document.getElementById("chart");

if (place) {
  const { option, height } = JSON.parse(document.getElementById("data").textContent);
  const name = document.title.split(" · ")[0];
  const settings = { locale: "ZH", height };
  const chart = echarts.init(place, null, { ...settings, renderer: "svg" });
  chart.on("finished", () => { place.dataset.drawn = "true"; });
  chart.setOption(option);
  addEventListener("resize", () => chart.resize({ height }));
  when("[data-svg]", () => save(new Blob([chart.renderToSVGString()], { type: "image/svg+xml" }), `${name}.svg`));
  when("[data-png]", () => {
    const canvas = document.createElement("canvas");
    const drawn = echarts.init(canvas, null, { ...settings, width: place.clientWidth, devicePixelRatio: 2, renderer: "canvas" });
    drawn.setOption(option);
    savePng(canvas, `${name}.png`);
    drawn.dispose();
  });
}
