// What a flow does to areas has one sign and one pair of colours on all pages: on the way from noise to data, red has grown.
import { colourMap, isDark } from "./screen.js";

/** From shrunk to grown; the same as SIGNED of genlab/figures/colours.py. Neutral is paper, and lightness leaves it in one
 *  direction only: darker on white, brighter on black.
 * @param {string} paper */
export const diverging = (paper) => colourMap(isDark(paper) ? ["#8fc7ec", "#2e75b0", paper, "#b8453f", "#ffa38a"]
  : ["#1a5596", "#78b3d8", paper, "#f0906c", "#a8122b"]);
