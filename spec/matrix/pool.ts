/** Runs tasks, so many at a time; the results stand in the order of the tasks. */
export async function pool<Result>(tasks: readonly (() => Promise<Result>)[], width: number): Promise<readonly Result[]> {
  const results: Result[] = [];
  const waiting = tasks.entries();
  const worker = async (): Promise<void> => {
    for (const [index, task] of waiting) results[index] = await task();
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
