// Many lines under a hand that drags them: a hundred at a stroke, so that they keep up with it.
// At rest each line is drawn by itself and answers to the pointer, which takes twice as long.

export const MANY = 500;
const AT_A_STROKE = 100;

// `network` draws no lines of its own while it is dragged (hideEdgesOnDrag); `lines()` gives those that are seen now.
export function drawnInBulk(network, lines) {
  let styles = null;
  network.on("dragStart", () => {
    styles = new Map();
    for (const line of lines()) {
      const style = `${line.colour} ${line.width} ${line.dashes}`;
      if (!styles.has(style)) styles.set(style, []);
      styles.get(style).push(line);
    }
  });
  network.on("dragEnd", () => {
    styles = null;
  });
  network.on("beforeDrawing", (pen) => {
    if (!styles) return;
    for (const alike of styles.values()) {
      pen.strokeStyle = alike[0].colour;
      pen.lineWidth = alike[0].width;
      pen.setLineDash(alike[0].dashes);
      for (let i = 0; i < alike.length; i += AT_A_STROKE) {
        pen.beginPath();
        for (const { start, end } of alike.slice(i, i + AT_A_STROKE)) {
          pen.moveTo(start.x, start.y);
          pen.lineTo(end.x, end.y);
        }
        pen.stroke();
      }
    }
    pen.setLineDash([]);
  });
}
