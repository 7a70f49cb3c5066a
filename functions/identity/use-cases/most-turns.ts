/** So many changes of one user within a moment are nobody's doing. */
export const mostTurns = 5;
