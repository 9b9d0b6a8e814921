/** What a native getter or call says, or `otherwise` where it throws: any of them may (P22). */
export function quietly<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
