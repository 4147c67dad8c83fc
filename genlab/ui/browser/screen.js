// What the canvases of several components share.

/** 256 colours, as [r, g, b], interpolated between the theme's perceptually uniform stops. */
function colourMap(stops) {
  const rgb = stops.map((hex) => [1, 3, 5].map((i) => parseInt(hex.trim().slice(i, i + 2), 16)));
  return Array.from({ length: 256 }, (_, i) => {
    const at = (i / 255) * (rgb.length - 1), low = Math.min(Math.floor(at), rgb.length - 2);
    return rgb[low].map((c, k) => Math.round(c + (at - low) * (rgb[low + 1][k] - c)));
  });
}

/** A canvas whose pixels are the screen's; returns its context in CSS units, and its size in them. */
function surface(canvas) {
  const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { context, width, height, ratio };
}
