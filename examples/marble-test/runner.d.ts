// What vitest, jest and `ng test` have in common, and all that these specs need of a runner.
declare function describe(title: string, body: () => void): void;
declare function test(title: string, body: () => void): void;
