// A round of the game in slow motion: its phases, what is on the plane at the end of each, and the words for it.
export class GameRound {
  /** Strength of the heat, of the real points, of the rings of D's verdicts, of the marks of its errors, and of the arrows. */
  static REST = { heat: 1, real: 1, rings: 0, marks: 0, arrows: 1 };
  static SHORT = 8;  // seconds that all moves of D after the first may take

  static PHASES = {
    D: [
      { name: "draw z", seconds: 1, heat: 0.2, real: 0.3, rings: 0, marks: 0, arrows: 0, formula: "z ~ N(0, I)",
        sentence: "Noise is drawn: each violet dot is a z. The mesh is regular here; each of its cells holds as much noise." },
      { name: "generate", seconds: 1.3, heat: 0.2, real: 1, rings: 0, marks: 0, arrows: 0, formula: "z → G(z)",
        sentence: "G carries each z to a made point, and the mesh with it. Blue: real points, to compare." },
      { name: "judge", seconds: 1, heat: 1, real: 1, rings: 1, marks: 0, arrows: 0, formula: "x → D(x)",
        sentence: "D says of every place how real it looks; each point is ringed in the colour of what D says of it." },
      { name: "D’s gradient", tick: "gradient", seconds: 1.2, heat: 1, real: 1, rings: 0, marks: 1, arrows: 0, formula: "−∂L_D/∂l",
        sentence: "Of each point D is told to say more (+) or less (−): the larger the mark, the larger the gradient of its loss with respect to l, the number of which D(x) is made." },
      { name: "update D", tick: "update D", seconds: 1.2, heat: 1, real: 1, rings: 0, marks: 0, arrows: 1, updates: true, formula: "one move along −∂L_D/∂θ_D",
        sentence: "D’s weights θ_D make one move: the heat changes, no point moves. The arrows say where D would now send the made ones." },
    ],
    G: [
      { name: "draw z", seconds: 0.8, heat: 0.2, real: 0.2, rings: 0, marks: 0, arrows: 0, formula: "z ~ N(0, I)",
        sentence: "Now G’s move. It begins with noise again; the real points fade, because G never sees them." },
      { name: "generate", seconds: 1.2, heat: 0.2, real: 0.2, rings: 0, marks: 0, arrows: 0, formula: "z → G(z)",
        sentence: "G makes a point of each z, with the weights that it still has." },
      { name: "judge", seconds: 0.9, heat: 1, real: 0.2, rings: 1, marks: 0, arrows: 0, formula: "G(z) → D(G(z))",
        sentence: "D judges the made points, and only these. It stands still during G’s move." },
      { name: "G’s gradient", tick: "gradient", seconds: 1.3, heat: 1, real: 0.2, rings: 0, marks: 0, arrows: 1, formula: "−∂L_G/∂G(z)",
        sentence: "Through D each made point is told where to move to look more real. A short arrow is a weak push." },
      { name: "update G", tick: "update G", seconds: 1.3, heat: 1, real: 1, rings: 0, marks: 0, arrows: 1, updates: true, formula: "one move along −∂L_G/∂θ_G",
        sentence: "G’s weights θ_G make one move: all points move at once. They share the weights, so not each can follow its arrow." },
    ],
  };

  /** moves: of the players, in order; none where there is only one moment to be seen. */
  constructor(moves) {
    this.moves = moves;
    const judged = GameRound.PHASES.D.reduce((sum, { seconds }) => sum + seconds, 0), many = moves.filter((player) => player === "D").length;
    const quick = Math.min(0.5, GameRound.SHORT / (judged * Math.max(1, many - 1)));
    this.phases = moves.flatMap((player, move) => GameRound.PHASES[player].map((phase) => ({
      ...phase, player, move, pace: 1000 * phase.seconds * (player === "D" && move ? quick : 1),
    })));
  }

  /** What is on the plane at position t, in phases, written into an object: as in REST; `state`: between which of the states,
   *  in moves; `way` of the made points from z (0) to G(z) (1); how visible they are (`fresh`), and the last ones (`gone`). */
  pose(t, into) {
    // Where two phases meet the first one has ended: what stops there shows what it has come to.
    const { phases } = this, k = Math.max(0, Math.ceil(t) - 1), part = t - k, phase = phases[k];
    const before = (k > 0 && phases[k - 1]) || GameRound.REST, after = phase ?? GameRound.REST;
    for (const name in GameRound.REST) into[name] = phase ? before[name] + part * (after[name] - before[name]) : after[name];
    const draws = phase?.name === "draw z";
    into.state = phase ? phase.move + (phase.updates ? part : 0) : 0;
    into.way = draws ? 0 : phase?.name === "generate" ? part : 1;
    into.fresh = draws ? part : 1;
    into.gone = 1 - into.fresh;
  }

  /** The phase under way at position t; none before the first. */
  at(t) { return this.phases[Math.ceil(t - 1e-6) - 1]; }
}
