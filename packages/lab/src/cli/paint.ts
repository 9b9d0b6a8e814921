/** ANSI colours, or none. */
export interface Paint {
  (colour: 'dim' | 'green' | 'blue' | 'red' | 'yellow', text: string): string;
}

const CODES = { dim: 2, green: 32, blue: 34, red: 31, yellow: 33 } as const;

export const coloured: Paint = (colour, text) => `\u001b[${CODES[colour]}m${text}\u001b[0m`;
export const plain: Paint = (_, text) => text;
