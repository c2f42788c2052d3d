// The map is drawn by the server; here its file is turned into one of pixels.

import { savePng, when } from "./save.js";

when("[data-png]", () => {
  const picture = new Image();
  picture.addEventListener("load", () => {
    const canvas = document.createElement("canvas");
    canvas.width = picture.naturalWidth;
    canvas.height = picture.naturalHeight;
    canvas.getContext("2d").drawImage(picture, 0, 0);
    savePng(canvas, "territory.png");
  });
  picture.src = document.querySelector("[data-drawing]").dataset.drawing;
});
