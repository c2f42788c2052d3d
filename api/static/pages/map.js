// The map is drawn by the server; here it is only saved.

import { save, savePng, when } from "./save.js";

const drawn = document.querySelector(".circles svg");
const text = () => {
  const copy = drawn.cloneNode(true);
  copy.setAttribute("width", "1600");
  copy.setAttribute("height", "1600");
  return new XMLSerializer().serializeToString(copy);
};

when("[data-svg]", () => save(new Blob([text()], { type: "image/svg+xml" }), "territory.svg"));
when("[data-png]", () => {
  const picture = new Image();
  picture.addEventListener("load", () => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1600;
    canvas.getContext("2d").drawImage(picture, 0, 0);
    savePng(canvas, "territory.png");
  });
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text())}`;
});
